"""The acute discharge situation report and its traps: made files, the real excerpts, and spoilt copies."""

import csv
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.delimited import header, read_text
from pipeline.reading import RefusedFile, examine
from pipeline.sources import SOURCES, discharge_sitrep
from pipeline.sources.published import Published
from tests.pipeline.spoiling import Cells, count_refused

MADE = Path(__file__).parent.parent / "data" / "discharge_sitrep"
OLD, NEW = "eight_columns.csv", "ten_columns.csv"
MUTATIONS = 500
LEVELS = {"national": "england", "region": "region", "icb": "system", "provider": "provider"}
Key = tuple[date, str, str, str]


def read(path: Path) -> Published:
    table = read_text(examine(path))
    assert [feed for feed, source in SOURCES.items() if source.claims(table.columns)] == ["discharge_sitrep"]
    return discharge_sitrep.read(table)


def ours(path: Path) -> dict[Key, float | None]:
    examined = examine(path)
    header(examined)
    said = discharge_sitrep.read(read_text(examined))
    found = {}
    for frame in (said.frame, said.companions[discharge_sitrep.RATES]):
        for *key, value in frame.select(
            "period", "level", "organisation_code", "metric", "value"
        ).iter_rows():
            found[tuple(key)] = value
    return found


def theirs(cells: Cells) -> dict[Key, float | None]:
    """What the cells say, read as plainly as can be."""
    at = {name.strip().lower(): place for place, name in enumerate(cells[0])}
    found = {}
    for row in cells[1:]:
        day, month, year = row[at["period"]].strip().split("/")
        level = LEVELS[row[at["level"]].strip().lower()]
        code = "E92000001" if level == "england" else row[at["org code"]].strip().upper()
        value = row[at["value"]].strip().replace(",", "")
        metric = " ".join(row[at["metric"]].split())
        found[date(int(year), int(month), int(day)), level, code, metric] = (
            float(value) if value[:1].isdigit() else None
        )
    return found


def cells_of(path: Path) -> Cells:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


@pytest.mark.parametrize("name", [OLD, NEW])
def test_both_layouts_are_read_whole(name: str):
    assert ours(MADE / name) == theirs(cells_of(MADE / name))
    said = read(MADE / name)
    assert {notice.rule for notice in said.notices if notice.severity == "info"} >= {
        "region_sum_holds", "system_sum_holds",
    }  # fmt: skip


def test_a_hard_space_is_a_space_and_a_dash_is_missing():
    frame = read(MADE / OLD).frame.filter(organisation_code="RX2")
    assert dict(frame.select("metric", "value").iter_rows()) == {
        "Number of patients who no longer meet the criteria to reside": 33,
        "Number of patients remaining in hospital who no longer meet the criteria to reside": None,
    }


def test_averages_stand_apart_from_counts():
    said = read(MADE / NEW)
    assert said.frame["metric"].unique().to_list() == [
        "Number of patients who no longer meet the criteria to reside"
    ]
    rates = said.companions[discharge_sitrep.RATES]
    assert dict(rates.filter(level="provider").select("organisation_code", "value").iter_rows()) == {
        "RX1": 12.5, "RX2": None, "RX3": 3.25,
    }  # fmt: skip


REFUSED: dict[str, tuple[Callable[[Cells], object], str]] = {
    "a stranger": (lambda c: c[0].__setitem__(6, "Indicator"), "the column 'Indicator' is not known"),
    "another level": (lambda c: c[4].__setitem__(1, "Ward"), "'Ward' is not a level of this publication"),
    "no month": (lambda c: c[4].__setitem__(0, "02/05/2024"), "'02/05/2024' is not a month"),
    "words": (lambda c: c[4].__setitem__(7, "few"), "'few' is not a number or a mark"),
    "half a patient": (lambda c: c[4].__setitem__(7, "1.5"), "'1.5' is not a count"),
    "a row twice": (lambda c: c.append(list(c[1])), "stands in rows 2 and 18, not once"),
    "no code": (lambda c: c[4].__setitem__(4, ""), "'' is not a code at its level"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_right_is_refused_by_name(tmp_path: Path, case: str):
    change, sentence = REFUSED[case]
    cells = cells_of(MADE / OLD)
    change(cells)
    path = tmp_path / "altered.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(cells)
    with pytest.raises(RefusedFile) as refused:
        discharge_sitrep.read(read_text(examine(path)))
    assert sentence in " ".join(refused.value.reasons)


@pytest.mark.parametrize("name", [OLD, NEW])
def test_however_it_is_spoilt_it_is_refused_or_says_what_the_file_says(tmp_path: Path, name: str):
    path = tmp_path / "spoilt.csv"
    original = (MADE / name).read_text(encoding="utf-8")
    draw = random.Random(name)
    refused = count_refused(path, original, ours, theirs, ours(MADE / name), draw, MUTATIONS)
    assert refused > MUTATIONS / 8


@pytest.mark.published
def test_real_excerpts_of_both_layouts_are_read_to_the_last_digit(published: Path):
    paths = sorted((published / "discharge_sitrep_excerpts").glob("*.csv"))
    assert len(paths) == 5
    for path in paths:
        assert ours(path) == theirs(cells_of(path)), path.name
        rules = {notice.rule for notice in read(path).notices}
        assert "region_sum_holds" in rules, path.name
        assert rules & {"part_of_a_file", "provider_sum_differs"}, path.name
