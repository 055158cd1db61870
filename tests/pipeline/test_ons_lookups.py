"""Which area lies in which: made lookups of several vintages, the real ones, spoilt copies."""

import csv
import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipeline.delimited import header, read_text
from pipeline.load import load_files
from pipeline.reading import RefusedFile, examine
from pipeline.sources import SOURCES, place_regions
from pipeline.sources.ons_lookups import undated
from pipeline.sources.published import Published
from tests.pipeline.spoiling import Cells, count_refused
from warehouse import organisations, records
from warehouse.home import Home

MADE = Path(__file__).parent.parent / "data" / "ons_lookups"
# The feed, and the columns that the plain reading takes: feed's column -> header as written.
LOOKUPS: dict[str, tuple[str, dict[str, str]]] = {
    "lsoa_to_icb.csv": (
        "lsoa_systems",
        {"lsoa_code": "lsoa21_code", "system_code": "icb24_code_nhs", "system_ons_code": "icb24_code"},
    ),
    "lsoa_to_authority.csv": (
        "lsoa_authorities",
        {"lsoa_code": "lsoa21_code", "ward_code": "ward24_code", "authority_code": "ltla24_code"},
    ),
    "lower_to_upper.csv": (
        "authority_places",
        {"authority_code": "ltla23_code", "place_code": "utla23_code"},
    ),
    "authority_to_region.csv": (
        "authority_regions",
        {"authority_code": "lad25cd", "ons_region_code": "rgn25cd"},
    ),
    "trust_shares.csv": (
        "trust_systems",
        {
            "code": "nhs_trust22_code",
            "system_ons_code": "icb22_code",
            "share": "proportion_trust_came_from_icb",
        },
    ),
}
REAL = {
    "lookup_lsoa21_icb24.csv": "lsoa_to_icb.csv",
    "lookup_lsoa21_ward24_ltla24.csv": "lsoa_to_authority.csv",
    "lookup_ltla23_utla23.csv": "lower_to_upper.csv",
    "lookup_nhs_trusts22_icb22.csv": "trust_shares.csv",
}
MUTATIONS = 500


def read(path: Path) -> Published:
    table = read_text(examine(path))
    (feed,) = (feed for feed, source in SOURCES.items() if source.claims(table.columns))
    return SOURCES[feed].read(table)


def ours(path: Path, name: str) -> set[tuple[object, ...]]:
    feed, columns = LOOKUPS[name]
    examined = examine(path)
    header(examined)
    return set(SOURCES[feed].read(read_text(examined)).frame.select(*columns).iter_rows())


def theirs(cells: Cells, name: str) -> set[tuple[object, ...]]:
    """What the cells say, read as plainly as can be."""
    at = {one.strip().lower(): place for place, one in enumerate(cells[0])}
    return {
        tuple(
            float(row[at[one]]) if column == "share" else row[at[one]].strip()
            for column, one in LOOKUPS[name][1].items()
        )
        for row in cells[1:]
    }


def cells_of(path: Path) -> Cells:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def write(path: Path, cells: Cells) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(cells)
    return path


@pytest.mark.parametrize("name", LOOKUPS)
def test_each_is_known_by_its_headers_and_read_to_the_last_row(name: str):
    said = read(MADE / name)
    assert (said.feed, said.periods) == (LOOKUPS[name][0], ())
    assert ours(MADE / name, name) == theirs(cells_of(MADE / name), name)


def test_a_header_is_known_whatever_its_year():
    for written in ("lsoa21_code", "lsoa11_code", "LSOA21CD", "lsoa code", "LSOA31CD"):
        assert undated(written) == "lsoa code", written
    assert undated("LAD25NM") == "lad name"
    assert undated("icb24_code_nhs") == undated("ICB24CDH") == "icb code nhs"


def test_the_vintage_is_kept(tmp_path: Path):
    assert set(read(MADE / "lsoa_to_icb.csv").frame["vintage"]) == {"icb 2024, lsoa 2021, sicbl 2024"}
    assert set(read(MADE / "authority_to_region.csv").frame["vintage"]) == {"lad 2025, rgn 2025"}
    cells = cells_of(MADE / "lsoa_to_icb.csv")
    cells[0] = [name.replace("24", "26") for name in cells[0]]
    assert "icb 2026" in read(write(tmp_path / "later.csv", cells)).frame["vintage"][0]


REFUSED: dict[str, tuple[str, Callable[[Cells], object], str]] = {
    "a stranger": (
        "lower_to_upper.csv",
        lambda c: c[0].__setitem__(1, "motto"),
        "the column 'motto' is not known",
    ),
    "a column gone": ("lsoa_to_icb.csv", lambda c: [row.pop(7) for row in c], "'icb code nhs' is missing"),
    "two years": (
        "lower_to_upper.csv",
        lambda c: c[0].__setitem__(1, "ltla24_name"),
        "the columns of 'ltla' are of several years: 23, 24",
    ),
    "Scotland": ("lsoa_to_icb.csv", lambda c: c[2].__setitem__(1, "S01000001"), "'S01000001' is not an LSOA"),
    "an area twice": ("lsoa_to_icb.csv", lambda c: c.append(list(c[1])), "E01000001 stands in rows 2 and 10"),
    "two names": (
        "lower_to_upper.csv",
        lambda c: c[2].__setitem__(3, "Brookshire"),
        "E10000902 has several values of 'utla23_name': Brookshire, Bridgeshire",
    ),
    "not all of a trust": (
        "trust_shares.csv",
        lambda c: c[1].__setitem__(2, "0.5"),
        "RX1 add up to 0.7500, not to 1",
    ),
    "more than all": ("trust_shares.csv", lambda c: c[3].__setitem__(2, "1.5"), "'1.5' is not a share"),
    "a ward's authority": (
        "lsoa_to_authority.csv",
        lambda c: c[2].__setitem__(3, "E05000005"),
        "E05000005 has several values of 'ltla24_code'",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_right_is_refused_by_name(tmp_path: Path, case: str):
    name, change, sentence = REFUSED[case]
    cells = cells_of(MADE / name)
    change(cells)
    with pytest.raises(RefusedFile) as refused:
        read(write(tmp_path / "altered.csv", cells))
    assert sentence in " ".join(refused.value.reasons)


@pytest.mark.parametrize("name", LOOKUPS)
def test_however_it_is_spoilt_it_is_refused_or_says_what_the_file_says(tmp_path: Path, name: str):
    path = tmp_path / "spoilt.csv"
    refused = count_refused(
        path,
        (MADE / name).read_text(encoding="utf-8"),
        lambda one: ours(one, name),
        lambda cells: theirs(cells, name),
        ours(MADE / name, name),
        random.Random(name),
        MUTATIONS,
    )
    assert refused > MUTATIONS / 8


def test_places_get_names_regions_and_lower_tiers(tmp_path: Path):
    home = Home.open(tmp_path / "home")
    reports = load_files(home, [MADE / name for name in LOOKUPS])
    assert {report.outcome for report in reports} == {"accepted"}, [report.reasons for report in reports]
    held = organisations.read(home, "published")
    places = {row["code"]: row for row in held.filter(level="place").iter_rows(named=True)}
    assert {code: (row["name"], row["parent"]) for code, row in places.items()} == {
        "E06000901": ("Northtown", "Y62"),
        "E10000902": ("Bridgeshire", "Y61"),
        "E09000901": ("Southtown", "Y56"),
    }
    assert dict(held.filter(level="region").select("code", "name").iter_rows()) == {
        "Y56": "London", "Y61": "East of England", "Y62": "North West",
    }  # fmt: skip
    assert held.filter(level="system", code="QX2")["name"].item() == "NHS Southtown Integrated Care Board"
    tiers = records.read(home, "authority_places").filter(place_code="E10000902")
    assert sorted(tiers["authority_name"]) == ["Eastbridge", "Westbridge"]
    home.close()


@pytest.mark.published
def test_the_real_lookups_are_read_to_the_last_row(published: Path):
    folder = published.parent / "reference" / "geography"
    for real, name in REAL.items():
        found = ours(folder / real, name)
        cells = cells_of(folder / real)
        assert found == theirs(cells, name), real
        assert len(found) == len(cells) - 1, real
    assert read(folder / "lookup_ltla24_region24.csv").frame.height == 296


@pytest.mark.published
def test_every_place_stands_under_the_region_most_of_it_lies_in(published: Path):
    folder = published.parent / "reference"
    at = folder / "geography"
    areas = read(at / "lookup_lsoa21_icb24.csv").frame.select("lsoa_code", "system_code")
    authorities = read(at / "lookup_lsoa21_ward24_ltla24.csv").frame.select("lsoa_code", "authority_code")
    tiers, of_regions = (
        read(at / "lookup_ltla23_utla23.csv").frame,
        read(at / "lookup_ltla24_region24.csv").frame,
    )
    boards = read(folder / "ods" / "System-Mapping.csv").frame.select("system_code", "region_code").unique()
    counted = (
        areas.join(authorities, on="lsoa_code")
        .join(boards, on="system_code")
        .join(tiers.select("authority_code", "place_code"), on="authority_code")
        .group_by("place_code", "region_code")
        .len()
    )
    most = counted.sort("len").group_by("place_code").agg(pl.col("region_code").last())
    adapter = next(source for feed, source in SOURCES.items() if feed == "authority_places")
    found = place_regions.in_regions(adapter.organisations(tiers), tiers, of_regions)
    named = found.filter(level="place")
    assert dict(named.select("code", "parent").iter_rows()) == dict(most.iter_rows())
    assert most.height == 153
