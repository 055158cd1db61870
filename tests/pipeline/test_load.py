"""Loading files: once each, corrected by month, refused with reasons, and never half done."""

import gzip
import os
import zipfile
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from pipeline.intake import ALREADY_LOADED
from pipeline.load import LoadReport, load_files
from warehouse import organisations, quarantine, records, submissions
from warehouse.home import Home

MADE = Path(__file__).parent.parent / "data" / "ae_monthly"
FIRST = MADE / "2024_unnamed_columns.csv"
SEPTEMBER = date(2024, 9, 1)
FEED = "outpatient_referrals"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "home", database_url=f"sqlite:///{tmp_path}/results.sqlite")


@pytest.fixture
def corrected(tmp_path: Path) -> Path:
    """The made September 2024 with one attendance more."""
    text = FIRST.read_text().replace(",9400,", ",9401,").replace("Total,17000,", "Total,17001,")
    path = tmp_path / "september-corrected.csv"
    path.write_text(text)
    return path


def referrals(rows: int = 300, *, month: int = 4, provider: str = "XA1") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "referral_id": [f"R{month:02d}{row:06d}" for row in range(rows)],
            "received_date": [date(2026, month, 1 + row % 28) for row in range(rows)],
            "source_of_referral": "03",
            "treatment_function_code": "110",
            "provider_code": provider,
            "practice_code": "A00001",
        }
    )


def reference() -> pl.DataFrame:
    rows = [
        ("E92000001", "England", "england", None),
        ("XR1", "A region", "region", "E92000001"),
        ("XS1", "A system", "system", "XR1"),
        ("XP1", "A place", "place", "XS1"),
        ("XN1", "A neighbourhood", "neighbourhood", "XP1"),
        ("A00001", "A practice", "practice", "XN1"),
        ("XA1", "A trust", "provider", "XS1"),
    ]
    return pl.DataFrame(rows, schema=["code", "name", "level", "parent"], orient="row").with_columns(
        valid_from=pl.lit(date(2020, 4, 1)),
        valid_to=pl.lit(None, pl.Date),
        successor=pl.lit(None, pl.String),
    )


def parquet(frame: pl.DataFrame, path: Path) -> Path:
    frame.write_parquet(path)
    return path


def one(home: Home, path: Path, **options) -> LoadReport:
    [report] = load_files(home, [path], **options)
    return report


def attendances(home: Home) -> int:
    return int(records.read(home, "ae_monthly")["attendances"].sum())


def state(home: Home) -> dict[str, object]:
    """All that a load may change, but for the submissions themselves."""
    tables = ["ae_monthly", "ae_monthly_admissions", FEED, "organisations"]
    return {
        "records": [records.fingerprints(home, name).rows() for name in tables],
        "organisations": organisations.read(home).rows(),
        "quarantine": quarantine.read(home).height,
        "accepted": submissions.read(home).filter(pl.col("outcome") != "refused").rows(),
        "folders": sorted(path.name for path in (home.path / "records").glob("*")),
        "unfinished": (home.path / "loading.json").exists(),
    }


class TestPublished:
    def test_a_made_month_is_stored_with_its_companion_organisations_and_submission(self, home: Home):
        report = one(home, FIRST)
        assert report == LoadReport(FIRST.name, "ae_monthly", (SEPTEMBER,), 12, 12, 0, "accepted", ())
        assert attendances(home) == 21697
        assert records.read(home, "ae_monthly_admissions").height == 12
        held = organisations.read(home, "published")
        assert Counter(held["level"]) == {"england": 1, "region": 7, "provider": 2}
        assert set(submissions.findings(home)["rule"]) == {"empty_columns", "total_holds"}

    def test_every_layout_in_one_command(self, home: Home):
        reports = load_files(home, sorted(MADE.glob("*.csv")))
        assert {report.outcome for report in reports} == {"accepted"}
        assert [report.file for report in reports] == sorted(path.name for path in MADE.glob("*.csv"))
        assert len(records.rows_by_period(home, "ae_monthly")) == 5

    def test_the_hook_is_told_of_every_file_once_in_order_and_at_its_own_moment(
        self, home: Home, corrected: Path
    ):
        told = []

        def hook(feed, periods, received_at):
            told.append((feed, tuple(periods), received_at, attendances(home)))

        moment = datetime(2026, 5, 1, 9, tzinfo=UTC)
        load_files(home, [FIRST, corrected, FIRST], received_at=moment, after_published=hook)
        assert [(feed, months) for feed, months, _, _ in told] == [("ae_monthly", (SEPTEMBER,))] * 3
        assert [seen for *_, seen in told] == [21697, 21698, 21697]
        moments = [received_at for _, _, received_at, _ in told]
        assert moments[0] == moment
        assert moments == sorted(set(moments))
        known = submissions.read(home).sort("id")["received_at"].to_list()
        assert known == moments

    def test_what_the_adapter_remarks_on_is_kept(self, home: Home):
        report = one(home, MADE / "2021_twenty_two_columns.csv")
        assert "XF7 had a full major department and nobody over four hours" in report.reasons[0]
        assert set(submissions.findings(home)["rule"]) == {"doubtful_zero", "total_holds"}

    def test_a_published_file_is_whole_or_nothing(self, home: Home, tmp_path: Path):
        text = FIRST.read_text().replace(",3900,", ",39000,").replace(",6800,", ",41900,")
        path = tmp_path / "impossible.csv"
        path.write_text(text)
        report = one(home, path)
        assert report.outcome == "refused"
        assert records.scan(home, "ae_monthly") is None


class TestOnce:
    def test_the_same_file_twice_changes_nothing(self, home: Home):
        one(home, FIRST)
        before = state(home)
        report = one(home, FIRST)
        assert (report.outcome, report.periods) == (ALREADY_LOADED, (SEPTEMBER,))
        assert state(home) == before
        assert submissions.read(home).height == 1

    def test_the_same_file_twice_in_one_command(self, home: Home):
        assert [report.outcome for report in load_files(home, [FIRST, FIRST])] == ["accepted", ALREADY_LOADED]

    def test_the_same_content_under_another_name(self, home: Home, tmp_path: Path):
        one(home, FIRST)
        (tmp_path / "copy.csv").write_bytes(FIRST.read_bytes())
        assert one(home, tmp_path / "copy.csv").outcome == ALREADY_LOADED

    def test_a_corrected_month_replaces_and_the_first_can_return(self, home: Home, corrected: Path):
        one(home, FIRST)
        one(home, MADE / "2025_no_total_row.csv")
        assert one(home, corrected).outcome == "accepted"
        assert attendances(home) == 21698 + 13040
        assert one(home, corrected).outcome == ALREADY_LOADED
        assert one(home, FIRST).outcome == "accepted"
        assert attendances(home) == 21697 + 13040

    def test_both_issues_given_together_twice_end_as_they_did(self, home: Home, corrected: Path):
        load_files(home, [FIRST, corrected])
        before = state(home)
        again = load_files(home, [FIRST, corrected])
        assert [report.outcome for report in again] == [ALREADY_LOADED, ALREADY_LOADED]
        assert state(home) == before
        turned = load_files(home, [corrected, FIRST])
        assert [report.outcome for report in turned] == [ALREADY_LOADED, "accepted"]
        assert attendances(home) == 21697

    def test_a_refused_file_is_judged_again(self, home: Home, tmp_path: Path):
        path = tmp_path / "bad.csv"
        path.write_text("a,b\n1,2\n")
        assert [one(home, path).outcome for _ in range(2)] == ["refused", "refused"]
        assert submissions.read(home).height == 2

    def test_a_snapshot_twice(self, home: Home, tmp_path: Path):
        path = parquet(reference(), tmp_path / "organisations.parquet")
        assert one(home, path).outcome == "accepted"
        assert one(home, path).outcome == ALREADY_LOADED
        other = reference().with_columns(pl.col("name") + " renamed")
        assert one(home, parquet(other, tmp_path / "renamed.parquet")).outcome == "accepted"
        assert one(home, path).outcome == "accepted"


class TestLocal:
    def test_organisations_are_loaded_first_and_their_codes_known(self, home: Home, tmp_path: Path):
        paths = [
            parquet(referrals(), tmp_path / "a_referrals.parquet"),
            parquet(reference(), tmp_path / "b_organisations.parquet"),
        ]
        reports = load_files(home, paths)
        assert [report.feed for report in reports] == [FEED, "organisations"]
        assert [report.outcome for report in reports] == ["accepted", "accepted"]
        assert reports[0].reasons == ()
        assert organisations.read(home, "local")["code"].n_unique() == 7

    def test_without_organisations_it_is_said_that_codes_were_not_checked(self, home: Home, tmp_path: Path):
        report = one(home, parquet(referrals(), tmp_path / "referrals.parquet"))
        assert report.outcome == "accepted"
        assert [reason for reason in report.reasons if "codes of organisations were not checked" in reason]

    def test_faulty_rows_are_set_aside_with_rule_and_reason(self, home: Home, tmp_path: Path):
        frame = referrals()
        dirty = frame.with_columns(
            pl.when(pl.col("referral_id") == "R04000007")
            .then(None)
            .otherwise(pl.col("received_date"))
            .alias("received_date")
        )
        report = one(home, parquet(dirty, tmp_path / "dirty.parquet"))
        assert (report.rows, report.accepted, report.quarantined) == (300, 299, 1)
        assert report.outcome == "accepted_with_quarantine"
        aside = quarantine.read(home, FEED)
        assert aside["referral_id"].to_list() == ["R04000007"]
        assert aside["submission_id"].to_list() == submissions.read(home)["id"].to_list()
        assert records.rows_by_period(home, FEED) == {date(2026, 4, 1): 299}

    def test_a_text_file_is_read_as_its_contract_says(self, home: Home, tmp_path: Path):
        path = tmp_path / "referrals.csv"
        referrals().write_csv(path)
        path.write_bytes(path.read_bytes().replace(b"2026-04-05", b"05/04/2026", 1))
        report = one(home, path)
        assert (report.accepted, report.quarantined) == (299, 1)
        assert "05/04/2026" in quarantine.read(home, FEED)["reason"][0]

    def test_months_come_from_the_records_and_only_they_are_replaced(self, home: Home, tmp_path: Path):
        both = pl.concat([referrals(month=4), referrals(month=5)])
        one(home, parquet(both, tmp_path / "both.parquet"))
        before = dict(records.fingerprints(home, FEED).iter_rows())
        one(home, parquet(referrals(280, month=5), tmp_path / "may.parquet"))
        after = dict(records.fingerprints(home, FEED).iter_rows())
        assert before[date(2026, 4, 1)] == after[date(2026, 4, 1)]
        assert records.rows_by_period(home, FEED) == {date(2026, 4, 1): 300, date(2026, 5, 1): 280}

    def test_an_identifier_refuses_the_file(self, home: Home, tmp_path: Path):
        named = referrals().with_columns(nhs_number=pl.lit("9434765919"))
        report = one(home, parquet(named, tmp_path / "named.parquet"))
        assert report.outcome == "refused"
        assert "named like a personal identifier" in report.reasons[0]
        assert records.scan(home, FEED) is None

    def test_a_feed_said_aloud_must_exist_and_must_fit(self, home: Home, tmp_path: Path):
        path = parquet(referrals(), tmp_path / "referrals.parquet")
        with pytest.raises(ValueError, match="there is no feed 'referrals'"):
            load_files(home, [path], feed="referrals")
        assert one(home, path, feed="organisations").outcome == "refused"
        assert one(home, path, feed=FEED).outcome == "accepted"


def bad_inputs(folder: Path) -> dict[str, tuple[Path, str]]:
    """Each bad input that a load must survive, and a part of what is said of it."""
    folder.mkdir()

    def put(name: str, content: bytes) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    good = parquet(referrals(), folder / "good.parquet").read_bytes()
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.csv", b"0" * 30_000_000)
    with (folder / "large.csv").open("wb") as stream:
        stream.write(b"a,b\n1,2\n")
        stream.truncate(5 << 30)
    os.mkfifo(folder / "pipe.csv")
    return {
        "absent": (folder / "absent.csv", "there is no such file"),
        "a folder": (folder, "this is a folder"),
        "a pipe": (folder / "pipe.csv", "not an ordinary file"),
        "empty": (put("empty.csv", b""), "the file is empty"),
        "binary": (put("binary.csv", bytes(range(256))), "binary data"),
        "wrong layout": (put("wrong.csv", b"colour,taste\nred,sweet\n"), "no feed has these columns"),
        "nearly a feed": (
            put("near.csv", b"referral_id,received_date,colour\nR1,2026-04-01,red\n"),
            "'colour' is new",
        ),
        "names only": (put("names.csv", FIRST.read_bytes().split(b"\n")[0]), "no rows"),
        "cut Parquet": (put("cut.parquet", good[: len(good) // 2]), "cut short or damaged"),
        "5 GB of text": (folder / "large.csv", "at most 4.0 GiB is read"),
        "zip bomb": (folder / "bomb.zip", "a zip file: unzip it first"),
        "gzip bomb": (put("bomb.csv.gz", gzip.compress(b"0" * 30_000_000)), "a gzip file: unzip it first"),
        "a name twice": (put("twice.csv", b"referral_id,referral_id\n1,2\n"), "appears twice"),
        "ragged": (put("ragged.csv", FIRST.read_bytes() + b"1,2\n"), "row 5 has 2 cells"),
        "a total that differs": (
            put("total.csv", FIRST.read_bytes().replace(b",9400,", b",9402,")),
            "the providers add up to 17,002",
        ),
    }


KINDS = [
    "absent", "a folder", "a pipe", "empty", "binary", "wrong layout", "nearly a feed", "names only",
    "cut Parquet", "5 GB of text", "zip bomb", "gzip bomb", "a name twice", "ragged", "a total that differs",
]  # fmt: skip


def test_every_bad_input_is_one_clear_sentence_and_nothing_half_done(home: Home, tmp_path: Path):
    one(home, FIRST)
    one(home, parquet(referrals(), tmp_path / "referrals.parquet"))
    before = state(home)
    given = bad_inputs(tmp_path / "bad")
    assert list(given) == KINDS
    for kind, (path, said) in given.items():
        seen = submissions.read(home).height
        report = one(home, path)
        assert report.outcome == "refused", kind
        assert len(report.reasons) == 1, kind
        assert said in report.reasons[0], kind
        assert report.reasons[0].startswith(f"{path.name}: "), kind
        assert state(home) == before, kind
        # What is not a file at all is reported, but was never submitted.
        assert submissions.read(home).height - seen == (path.is_file()), kind


def test_a_bad_file_does_not_stop_the_others(home: Home, tmp_path: Path):
    given = [path for path, _ in bad_inputs(tmp_path / "bad").values()]
    reports = load_files(home, [*given[:7], FIRST, *given[7:]])
    assert Counter(report.outcome for report in reports) == {"refused": len(given), "accepted": 1}
    assert reports[7].outcome == "accepted"
    assert attendances(home) == 21697


def test_latin_1_is_read_and_said(home: Home, tmp_path: Path):
    path = tmp_path / "latin.csv"
    path.write_bytes(FIRST.read_text().replace("TRIALFORD", "TRÎALFORD").encode("latin-1"))
    report = one(home, path)
    assert report.outcome == "accepted"
    assert "read as Windows-1252" in report.reasons[0]
    assert "TRÎALFORD NHS FOUNDATION TRUST" in records.read(home, "ae_monthly")["org_name"].to_list()


def test_a_refusal_names_the_file_and_stands_among_the_submissions(home: Home, tmp_path: Path):
    path = tmp_path / "wrong.csv"
    path.write_text("colour,taste\nred,sweet\n")
    report = one(home, path)
    [row] = submissions.read(home).to_dicts()
    assert (row["outcome"], row["feed"], row["file_name"]) == ("refused", None, "wrong.csv")
    assert len(row["sha256"]) == 64
    assert row["reasons"] == f'["{report.reasons[0]}"]'.replace("'", "'")


def test_our_own_failure_is_not_a_refusal(home: Home, monkeypatch: pytest.MonkeyPatch):
    def fail(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(records, "replace_months", fail)
    with pytest.raises(OSError, match="the disk is full"):
        load_files(home, [FIRST])
    assert submissions.read(home).is_empty()
    monkeypatch.undo()
    assert one(home, FIRST).outcome == "accepted"
    assert not (home.path / "loading.json").exists()


def test_progress_is_told_every_file(home: Home):
    told = []
    load_files(home, [FIRST, MADE / "2025_no_total_row.csv"], progress=lambda *tick: told.append(tick))
    assert told == [(FIRST.name, 0, 2), ("2025_no_total_row.csv", 1, 2), ("done", 2, 2)]


def test_what_is_stored_of_a_file_quotes_no_record(tmp_path, demo_files):
    """The sender is told a row and its value; the database, which pages read, is not."""
    home = Home.open(tmp_path / "home")
    sent = demo_files / "emergency_care_attendances_2025-26.parquet"
    [report] = load_files(home, [sent])
    assert any("; row " in reason for reason in report.reasons)
    kept = " ".join([*submissions.read(home)["reasons"], *submissions.findings(home)["reason"]])
    held = pl.read_parquet(sent)
    values = {*held["attendance_id"].drop_nulls(), *held["person_id"].drop_nulls()}
    assert [value for value in values if value in kept] == []
    assert "; row " not in kept
