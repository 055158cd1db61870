"""The synthetic region: the same from the same seed, in the agreed layout, and with what was put in it."""

import hashlib
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.demo import make, make_demo, story
from pipeline.demo.months import months
from pipeline.demo.region import make_region
from pipeline.demo.sizes import SIZES, Size

PERSON = {"age": pl.Int16, "sex": pl.String, "ethnic_group": pl.String, "lsoa_code": pl.String}
TEXT, DAY, TIME, YES = pl.String, pl.Date, pl.Datetime("us"), pl.Boolean
SCHEMAS: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    "emergency_care_attendances": {
        "attendance_id": TEXT, "person_id": TEXT, "arrival_datetime": TIME, "departure_datetime": TIME,
        "department_type": TEXT, "booked": YES, "arrival_mode": TEXT, "acuity": TEXT, "provider_code": TEXT,
        "practice_code": TEXT, **PERSON,
    },
    "outpatient_appointments": {
        "appointment_id": TEXT, "person_id": TEXT, "appointment_date": DAY, "first_attendance": TEXT,
        "attendance_status": TEXT, "treatment_function_code": TEXT, "main_specialty_code": TEXT,
        "healthcare_resource_group": TEXT, "primary_procedure": TEXT, "administrative_category": TEXT,
        "provider_code": TEXT, "practice_code": TEXT, **PERSON,
    },
    "outpatient_referrals": {
        "referral_id": TEXT, "received_date": DAY, "source_of_referral": TEXT,
        "treatment_function_code": TEXT, "provider_code": TEXT, "practice_code": TEXT,
    },
    "specialist_advice_requests": {
        "request_id": TEXT, "request_date": DAY, "request_type": TEXT, "treatment_function_code": TEXT,
        "processed": YES, "processed_date": DAY, "diverted": YES, "provider_code": TEXT,
        "practice_code": TEXT,
    },
    "inpatient_spells": {
        "spell_id": TEXT, "person_id": TEXT, "admission_date": DAY, "discharge_date": DAY,
        "discharge_ready_date": DAY, "admission_method": TEXT, "discharge_method": TEXT,
        "discharge_destination": TEXT, "patient_classification": TEXT, "treatment_function_code": TEXT,
        "diagnoses": TEXT, "provider_code": TEXT, "practice_code": TEXT, **PERSON,
    },
    "ambulance_incidents": {
        "incident_id": TEXT, "person_id": TEXT, "call_datetime": TIME, "response_category": TEXT,
        "disposition": TEXT, "ambulance_service_code": TEXT, "provider_code": TEXT, "practice_code": TEXT,
        **PERSON,
    },
    "cohort_memberships": {
        "person_id": TEXT, "cohort": TEXT, "start_date": DAY, "end_date": DAY, "practice_code": TEXT,
        "source": TEXT, **PERSON,
    },
    "registered_population": {
        "period": DAY, "practice_code": TEXT, "age_band": TEXT, "sex": TEXT, "deprivation_quintile": pl.Int8,
        "patients": pl.Int32,
    },
    "organisations": {
        "code": TEXT, "name": TEXT, "level": TEXT, "parent": TEXT, "valid_from": DAY, "valid_to": DAY,
        "successor": TEXT,
    },
    "neighbourhood_map": {
        "practice_code": TEXT, "neighbourhood_code": TEXT, "valid_from": DAY, "valid_to": DAY,
    },
    "deprivation": {"lsoa_code": TEXT, "deprivation_quintile": pl.Int8},
}  # fmt: skip
TEN = ["110", "130", "120", "502", "330", "100", "101", "320", "301", "400"]
MONTHLY = [feed for feed in SCHEMAS if (feed in make.MONTHLY)]
IDS = {feed: next(iter(columns)) for feed, columns in SCHEMAS.items() if next(iter(columns)).endswith("_id")}
PERSON_FEEDS = [feed for feed, columns in SCHEMAS.items() if "age" in columns]
LITERATURE = {
    "first in person": 27_600,
    "follow-ups in person": 52_000,
    "by phone": 17_000,
    "emergency attendances": 22_000,
    "emergency admissions": 5_500,
}
"""A year, in a neighbourhood of 50,000."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    make_demo(folder, "small")
    return folder


@pytest.fixture(scope="module")
def read(folder: Path):
    def read(feed: str) -> pl.DataFrame:
        return pl.read_parquet(sorted(folder.glob(f"{feed}*.parquet")))

    return read


def hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_the_same_seed_gives_the_same_bytes_on_one_thread_or_more(folder: Path, tmp_path: Path):
    script = "import sys, pathlib, pipeline.demo as d; d.make_demo(pathlib.Path(sys.argv[1]), 'small')"
    for threads in ("1", "4"):
        there = tmp_path / threads
        environment = {**os.environ, "POLARS_MAX_THREADS": threads}
        subprocess.run([sys.executable, "-c", script, str(there)], check=True, env=environment)
        assert hashes(there) == hashes(folder)


def test_another_seed_gives_other_records(folder: Path, tmp_path: Path):
    make_demo(tmp_path, "small", seed=1)
    ours, theirs = hashes(folder), hashes(tmp_path)
    assert ours.keys() == theirs.keys()
    same = {name for name in ours if ours[name] == theirs[name]}
    assert not {name for name in same if "_20" in name}


@pytest.mark.parametrize("feed", SCHEMAS)
def test_every_file_has_the_agreed_columns(folder: Path, feed: str):
    files = sorted(folder.rglob(f"{feed}*.parquet"))
    assert files
    for file in files:
        assert dict(pl.read_parquet_schema(file)) == SCHEMAS[feed], file.name


def test_history_is_a_file_a_year_then_a_file_a_month_and_one_month_is_late(folder: Path):
    names = {file.name for file in folder.glob("*_20*.parquet")}
    labels = ["2023-24", "2024-25", "2025-26", *(f"2026-{month:02d}" for month in range(4, 10))]
    expected = {f"{feed}_{label}.parquet" for feed in MONTHLY for label in labels}
    late = f"{story.LATE_FEED}_2026-09.parquet"
    assert names == expected - {late}
    assert [file.name for file in (folder / "late").iterdir()] == [late]


def test_the_files_returned_are_those_to_load_and_the_folder_says_it_is_synthetic(tmp_path: Path):
    told: list[tuple[str, int, int]] = []
    files = make_demo(tmp_path, "small", progress=lambda *step: told.append(step))
    assert sorted(files) == sorted(tmp_path.glob("*.parquet"))
    assert told[-1][1] == told[-1][2] == len(told) == len(files) + 1
    notice = (tmp_path / "SYNTHETIC.txt").read_text()
    assert "SYNTHETIC" in notice
    assert "seed: 2026" in notice
    assert "size: small" in notice


def test_small_is_small(read):
    assert 80_000 < sum(read(feed).height for feed in SCHEMAS) < 150_000


@pytest.fixture(scope="module")
def region_month():
    """June 2025 (before the follow-up changes) of the full-size region."""
    region = make_region(SIZES["region"], 2026)
    june = months()[26]
    assert june.first == date(2025, 6, 1)
    return {feed: prepare(region)(june) for feed, prepare in make.MONTHLY.items()}


def test_a_full_size_month_has_the_rates_of_the_literature(region_month: dict[str, pl.DataFrame]):
    people = region_month["registered_population"]["patients"].sum()
    assert 720_000 < people < 900_000
    appointments = region_month["outpatient_appointments"]["first_attendance"].value_counts()
    by_kind = dict(appointments.iter_rows())
    spells = region_month["inpatient_spells"]
    found = {
        "first in person": by_kind["1"],
        "follow-ups in person": by_kind["2"],
        "by phone": by_kind["3"] + by_kind["4"],
        "emergency attendances": region_month["emergency_care_attendances"].height,
        "emergency admissions": spells.filter(pl.col("admission_method").str.starts_with("2")).height,
    }
    for name, count in found.items():
        a_year = count * 12 * 50_000 / people
        assert a_year == pytest.approx(LITERATURE[name], rel=0.08), name


def test_neighbourhoods_have_30_000_to_50_000_people(region_month: dict[str, pl.DataFrame]):
    region = make_region(SIZES["region"], 2026)
    lookup = make.SNAPSHOTS["neighbourhood_map"](region).filter(pl.col("valid_to").is_null())
    sizes = (
        region_month["registered_population"]
        .join(lookup, on="practice_code", how="left")
        .group_by("neighbourhood_code")
        .agg(pl.col("patients").sum())
    )
    assert sizes.height == 24
    assert sizes["neighbourhood_code"].null_count() == 0
    assert sizes["patients"].is_between(30_000, 50_000).all()


def test_diversion_is_between_15_and_27_per_cent_by_specialty_with_some_over_25(
    region_month: dict[str, pl.DataFrame],
):
    diverted = region_month["specialist_advice_requests"].filter("diverted")
    kept = region_month["outpatient_referrals"].group_by("treatment_function_code").len("kept")
    by_specialty = (
        diverted.group_by("treatment_function_code")
        .len("diverted")
        .join(kept, on="treatment_function_code")
        .filter(pl.col("treatment_function_code").is_in(TEN))
    )
    share = by_specialty["diverted"] / (by_specialty["diverted"] + by_specialty["kept"])
    assert by_specialty.height == 10
    assert 1 <= (share > 0.25).sum() <= 6
    pooled = by_specialty["diverted"].sum() / (by_specialty["diverted"] + by_specialty["kept"]).sum()
    assert 0.15 < pooled < 0.25


def test_there_are_dirty_rows_but_few(read):
    attendances = read("emergency_care_attendances")
    early = attendances.filter(pl.col("departure_datetime") < pl.col("arrival_datetime")).height
    assert early > 0
    assert attendances.filter(~pl.col("department_type").is_in(["01", "02", "03", "05"])).height > 0
    spells = read("inpatient_spells")
    assert spells.filter(pl.col("discharge_date") < pl.col("admission_date")).height > 0
    assert early < 0.003 * attendances.height
    appointments = read("outpatient_appointments")
    assert appointments.filter(pl.col("appointment_date") > story.EXTRACTED).height > 0
    for feed, column in IDS.items():
        if feed == "cohort_memberships":
            continue
        frame = read(feed)
        repeats = frame.height - frame[column].n_unique()
        assert 0 < repeats < 0.003 * frame.height, feed
        known = set(read("organisations")["code"])
        if feed in PERSON_FEEDS:
            assert frame.filter(~pl.col("provider_code").is_in(known)).height > 0, feed


def test_nothing_looks_like_an_nhs_number(read):
    for feed, columns in SCHEMAS.items():
        frame = read(feed).select(pl.col(pl.String).str.contains(r"\d{10}").any())
        snomed = {"arrival_mode", "acuity"}
        found = {name for name in frame.columns if frame[name].item()} - snomed
        assert not found, feed
        assert not {"postcode", "nhs_number", "date_of_birth"} & set(columns)


def test_a_person_is_the_same_in_every_feed(read):
    fixed = pl.concat(
        [read(feed).select("person_id", "sex", "ethnic_group") for feed in PERSON_FEEDS]
    ).unique()
    assert fixed["person_id"].is_unique().all()
    for column in ("lsoa_code", "practice_code"):
        known = pl.concat([read(feed).select("person_id", column) for feed in PERSON_FEEDS]).drop_nulls()
        if column == "practice_code":
            known = known.join(read("neighbourhood_map"), on="practice_code", how="semi")
        assert known.unique()["person_id"].is_unique().all(), column


def test_about_one_in_a_hundred_records_is_unattributed(read):
    mapped = read("neighbourhood_map")
    for feed in ("outpatient_appointments", "emergency_care_attendances", "outpatient_referrals"):
        frame = read(feed)
        lost = frame.join(mapped, on="practice_code", how="anti")
        assert lost["practice_code"].null_count() > 0
        assert 0.005 < lost.height / frame.height < 0.02, feed


def test_the_merged_trusts_records_carry_the_old_code_until_the_merger(read):
    closed = read("organisations").filter(pl.col("successor").is_not_null())
    assert closed.height == 1
    old = closed.row(0, named=True)
    assert old["level"] == "provider"
    assert old["valid_to"] == story.MERGER
    for feed, column in (
        ("outpatient_appointments", "appointment_date"),
        ("inpatient_spells", "discharge_date"),
    ):
        frame = read(feed).filter(pl.col(column) <= story.EXTRACTED)
        carried = frame.filter(pl.col("provider_code") == old["code"])
        assert carried.height > 0
        assert carried[column].max() < story.MERGER
    providers = read("organisations").filter(pl.col("level") == "provider")
    assert providers.filter(pl.col("valid_to").is_null()).height == SIZES["small"].trusts


def test_one_practice_changed_neighbourhood(read):
    mapped = read("neighbourhood_map")
    moved = mapped.filter(pl.col("practice_code").is_duplicated()).sort("valid_from")
    assert moved.height == 2
    assert moved["valid_to"].to_list() == [story.REMAPPED_ON, None]
    assert moved["valid_from"].to_list()[1] == story.REMAPPED_ON


def test_the_step_change_is_there_and_at_once(read):
    codes = sorted(
        read("organisations").filter(pl.col("level") == "provider", pl.col("valid_to").is_null())["code"]
    )
    trust = codes[story.STEP_CHANGE_TRUST % len(codes)]
    shares = (
        read("emergency_care_attendances")
        .filter(pl.col("provider_code") == trust, pl.col("department_type") == "01")
        .with_columns(
            within=pl.col("departure_datetime") <= pl.col("arrival_datetime").dt.offset_by("4h"),
            month=pl.col("arrival_datetime").dt.truncate("1mo").cast(pl.Date),
        )
    )
    before = shares.filter(pl.col("month").is_between(date(2024, 6, 1), date(2024, 11, 1)))["within"].mean()
    after = shares.filter(pl.col("month").is_between(date(2025, 6, 1), date(2025, 11, 1)))["within"].mean()
    assert after - before == pytest.approx(story.STEP_CHANGE, abs=0.06)


def test_one_trust_lacks_discharge_ready_dates_for_some_months():
    region = make_region(SIZES["region"], 2026)
    make_spells = make.MONTHLY["inpatient_spells"](region)
    first, last = story.POOR_COMPLETENESS_MONTHS
    poor = region.here.site_codes[story.POOR_COMPLETENESS_TRUST]
    for month in (months()[31], months()[35]):
        inside = first <= month.first <= last
        known = (
            make_spells(month)
            .group_by("provider_code")
            .agg(pl.col("discharge_ready_date").is_not_null().mean())
        )
        shares = dict(known.filter(pl.col("provider_code") != "X0X").iter_rows())
        assert (shares.pop(poor) < 0.8) is inside
        assert min(shares.values()) > 0.9


def test_cohorts_overlap_and_are_3_to_4_per_cent_of_people():
    region = make_region(SIZES["region"], 2026)
    members = make.SNAPSHOTS["cohort_memberships"](region)
    day = date(2025, 10, 1)
    now = members.filter(
        pl.col("start_date") <= day, pl.col("end_date").is_null() | (pl.col("end_date") >= day)
    )
    assert set(now["cohort"]) == {"frailty", "care_home", "housebound", "end_of_life"}
    people = region.people
    at = (day - date(1970, 1, 1)).days
    alive = int(((people.birth <= at) & (people.last_day >= at)).sum())
    distinct = now["person_id"].n_unique()
    assert 0.03 < distinct / alive < 0.04
    assert now.height > 1.15 * distinct
    assert not now.select("person_id", "cohort").is_duplicated().any()
    assert now["age"].mean() > 75


def test_memberships_of_one_cohort_never_overlap_in_time(read):
    spells = read("cohort_memberships").sort("person_id", "cohort", "start_date")
    following = spells.with_columns(next=pl.col("start_date").shift(-1).over("person_id", "cohort"))
    assert following.filter(pl.col("next") <= pl.col("end_date")).height == 0
    assert following.filter(pl.col("next").is_not_null() & pl.col("end_date").is_null()).height == 0
    assert following["next"].drop_nulls().len() > 0


def test_the_last_two_months_of_advice_are_still_being_processed(read):
    requests = read("specialist_advice_requests").with_columns(
        month=pl.col("request_date").dt.truncate("1mo")
    )
    open_share = dict(requests.group_by("month").agg((~pl.col("processed")).mean()).iter_rows())
    assert open_share[date(2026, 9, 1)] > 3 * open_share[date(2026, 6, 1)]
    assert requests.filter(~pl.col("processed") & pl.col("diverted")).height == 0
    assert requests.filter(pl.col("processed") == pl.col("processed_date").is_null()).height == 0


def test_registered_population_counts_the_people_of_the_table():
    region = make_region(SIZES["small"], 2026)
    month = months()[12]
    rows = make.MONTHLY["registered_population"](region)(month)
    at = int(month.days[0])
    alive = (region.people.birth <= at) & (region.people.last_day >= at)
    assert rows["patients"].sum() == alive.sum()
    assert not rows.drop("patients").is_duplicated().any()


def test_a_country_is_made_in_parts_and_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    two = Size("england", 2, 1, 1, 2, 4, 2, (2, 3), (400, 500))
    monkeypatch.setitem(make.SIZES, "england", two)
    files = make_demo(tmp_path, "england")
    assert sorted(files) == sorted(tmp_path.glob("*.parquet"))
    assert not (tmp_path / "parts").exists()
    organisations = pl.read_parquet(tmp_path / "organisations.parquet")
    assert organisations["code"].is_unique().all()
    assert organisations.filter(pl.col("level") == "region").height == 2
    attendances = pl.read_parquet(tmp_path / "emergency_care_attendances_2026-04.parquet")
    assert set(attendances["provider_code"].str.slice(0, 2)) >= {"XA", "XB"}
    assert pl.read_parquet(tmp_path / "deprivation.parquet")["lsoa_code"].is_unique().all()


def test_codes_of_a_whole_country_are_all_different():
    england = SIZES["england"]
    assert england.parts * england.systems == 42
    from pipeline.demo.geography import make_geography

    made = [make_geography(england, 2026, part) for part in range(england.parts)]
    for column in (
        "system_codes",
        "place_codes",
        "neighbourhood_codes",
        "practice_codes",
        "site_codes",
        "lsoa_codes",
    ):
        codes = [code for here in made for code in getattr(here, column)]
        assert len(codes) == len(set(codes)), column
