"""The wide ambulance file and its traps: made files, the real excerpt, and spoilt copies."""

import csv
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from metrics.indicators import all_indicators
from pipeline.delimited import header, read_text
from pipeline.load import load_files
from pipeline.observe_published import PublishedObserver
from pipeline.reading import RefusedFile, examine
from pipeline.sources import SOURCES, ambsys
from pipeline.sources.ambsys.layout import ADDED, IDENTITIES, ITEMS
from pipeline.sources.published import Published
from tests.pipeline.spoiling import Cells, count_refused
from warehouse import observations
from warehouse.home import Home

MADE = Path(__file__).parent.parent / "data" / "ambsys" / "three_months.csv"
MONTHS = (date(2024, 11, 1), date(2024, 12, 1), date(2025, 1, 1))
MUTATIONS = 500
Value = dict[tuple[date, str, str], int | None]


def read(path: Path) -> Published:
    examined = examine(path)
    table = read_text(examined)
    assert [feed for feed, source in SOURCES.items() if source.claims(header(examined))] == ["ambsys"]
    return ambsys.read(table)


def ours(path: Path) -> Value:
    examined = examine(path)
    header(examined)
    frame = ambsys.read(read_text(examined)).frame
    return {
        tuple(row[:3]): row[3]
        for row in frame.select("period", "organisation_code", "item", "value").iter_rows()
    }


def theirs(cells: Cells) -> Value:
    """What the cells say, read as plainly as can be."""
    at = {name.strip().lower(): place for place, name in enumerate(cells[0])}
    found: Value = {}
    for row in cells[1:]:
        month = date(int(row[at["year"]]), int(row[at["month"]]), 1)
        code = "E92000001" if row[at["org code"]].lower() == "eng" else row[at["org code"]].strip()
        for item in ITEMS:
            if item.lower() in at:
                value = row[at[item.lower()]].strip()
                found[month, code, item] = int(value) if value.isdigit() else None
    return found


def cells_of(path: Path) -> Cells:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


@pytest.fixture
def altered(tmp_path: Path) -> Callable[..., Path]:
    def alter(change: Callable[[Cells], object]) -> Path:
        cells = cells_of(MADE)
        change(cells)
        path = tmp_path / "altered.csv"
        with path.open("w", newline="") as stream:
            csv.writer(stream).writerows(cells)
        return path

    return alter


def test_every_item_of_every_month_is_read():
    said = read(MADE)
    assert said.periods == MONTHS
    assert said.frame.height == 3 * 6 * 148
    assert ours(MADE) == theirs(cells_of(MADE))
    assert [notice.severity for notice in said.notices] == ["info"]


def test_a_dot_is_missing_and_never_nought():
    frame = read(MADE).frame
    assert frame.filter(organisation_code="RX2", item="A19")["value"].to_list() == [None] * 3


def test_organisations_stand_once_with_their_region():
    found = ambsys.organisations(read(MADE).frame)
    assert dict(found.group_by("level").len().iter_rows()) == {"region": 2, "ambulance_service": 3}
    assert dict(found.select("code", "parent").iter_rows()) == {
        "RX1": "Y60", "RX2": "Y60", "RX3": "Y63", "Y60": "E92000001", "Y63": "E92000001",
    }  # fmt: skip


def left_out(said: Published) -> list[str]:
    return [notice.reason for notice in said.notices if notice.rule == "month_left_out"]


def test_a_month_cut_short_is_left_out_and_named(altered: Callable[..., Path]):
    said = read(altered(lambda cells: cells.__delitem__(slice(-4, None))))
    assert said.periods == MONTHS[:2]
    assert len(left_out(said)) == 1
    assert "January 2025 is left out: its 1 services add up to" in left_out(said)[0]


def test_an_identity_that_fails_leaves_the_month_out(altered: Callable[..., Path]):
    def break_it(cells: Cells) -> None:
        at = cells[0].index("A54")
        for row in (cells[1], cells[2], cells[5]):  # England, a service and its region, so that sums hold
            row[at] = str(int(row[at]) + 1)

    said = read(altered(break_it))
    assert left_out(said) == ["November 2024 is left out: A56 is not A53 + A54 + A55 for E92000001 (row 2)."]


REFUSED: dict[str, tuple[Callable[[Cells], object], str]] = {
    "an unknown item": (lambda c: c[0].__setitem__(7, "A149"), "the column 'A149' is not known"),
    "a needed item gone": (lambda c: [row.pop(c[0].index("A53")) for row in reversed(c)], "'a53' is missing"),
    "a thirteenth month": (lambda c: c[1].__setitem__(1, "13"), "row 2, columns 'Year' and 'Month'"),
    "words": (lambda c: c[3].__setitem__(9, "many"), "'many' is not a count"),
    "a fraction": (lambda c: c[3].__setitem__(9, "1.5"), "'1.5' is not a count"),
    "no region": (lambda c: c[3].__setitem__(2, "Y99"), "'Y99' is not a region"),
    "a row twice": (lambda c: c.append(list(c[3])), "RX2 stands in rows 4 and 20 for November 2024"),
    "england gone": (lambda c: [c.pop(at) for at in (13, 7, 1)], "England is not in it"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_right_is_refused_by_name(altered: Callable[..., Path], case: str):
    change, sentence = REFUSED[case]
    with pytest.raises(RefusedFile) as refused:
        ambsys.read(read_text(examine(altered(change))))
    assert sentence in " ".join(refused.value.reasons)


def test_however_it_is_spoilt_it_is_refused_or_says_what_the_file_says(tmp_path: Path):
    path = tmp_path / "spoilt.csv"
    original = MADE.read_text(encoding="utf-8-sig")
    draw = random.Random("ambsys")
    refused = count_refused(
        path,
        original,
        ours,
        theirs,
        ours(MADE),
        draw,
        MUTATIONS,
        agrees=lambda found, told: found.items() <= told.items(),
    )
    assert refused > MUTATIONS / 8


@pytest.mark.published
def test_the_real_excerpt_is_read_to_the_last_digit(published: Path):
    (path,) = (published / "ambsys").glob("*.csv")
    said = read(path)
    assert said.periods == tuple(date(2024, month, 1) for month in range(1, 5))
    expected = {key: value for key, value in theirs(cells_of(path)).items() if key[0] in said.periods}
    assert ours(path) == expected
    assert left_out(said) == [
        "May 2024 is left out: its 3 services add up to 228,972 where England has 1,126,247 (A0)."
    ]


@pytest.mark.published
def test_the_published_identities_hold_and_services_add_up(published: Path):
    (path,) = (published / "ambsys").glob("*.csv")
    frame = read(path).frame
    wide = frame.pivot(on="item", index=["period", "level", "organisation_code"], values="value")
    for item, parts in IDENTITIES.items():
        assert wide.filter(pl.col(item) != pl.sum_horizontal(parts)).is_empty(), item
    sums = (
        frame.filter(pl.col("item").is_in(ADDED))
        .group_by("period", "item", "level")
        .agg(pl.col("value").sum())
    )
    levels = sums.pivot(on="level", index=["period", "item"], values="value")
    assert levels.filter(pl.col("england") != pl.col("ambulance_service")).is_empty()
    assert levels.filter(pl.col("england") != pl.col("region")).is_empty()
    assert levels.height == 4 * len(ADDED)


def test_items_give_companions_at_each_level(tmp_path: Path):
    home = Home.open(tmp_path / "home")
    observer = PublishedObserver(home)
    load_files(home, [MADE], after_published=observer)
    observer.settle()
    cells = theirs(cells_of(MADE))
    held = observations.read(home, basis="published", breakdown="all")
    home.close()
    shares = {
        one.numerator_title: one.id for one in all_indicators().values() if "ambsys" in one.published_feeds
    }
    for title, items in (
        ("Transported to an emergency department", ["A53"]),
        ("Category 3 and 4 responses", ["A11", "A12"]),
    ):
        mine = held.filter(indicator=shares[title])
        assert set(mine["level"]) == {"england", "region", "ambulance_service"}
        assert set(mine["period"]) == set(MONTHS)
        for row in mine.iter_rows(named=True):
            parts = [cells[row["period"], row["organisation"], item] for item in items]
            whole = cells[row["period"], row["organisation"], "A56"]
            told = None if None in parts else sum(parts)
            assert (row["numerator"], row["status"]) == (told, "not_reported" if told is None else "final"), (
                row
            )
            assert told is None or row["denominator"] == whole
