"""Specialist advice in its flag layout: made files of both views, restated history, spoilt copies."""

import csv
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from pipeline.delimited import header, read_text
from pipeline.load import load_files
from pipeline.observe_published import PublishedObserver
from pipeline.reading import RefusedFile, examine
from pipeline.sources import SOURCES, system_eroc
from pipeline.sources.published import Published
from tests.pipeline.spoiling import Cells, count_refused
from warehouse import observations, organisations
from warehouse.home import Home

MADE = Path(__file__).parent.parent / "data" / "system_eroc"
VIEWS = {"icb_view.csv": system_eroc.RAISED, "provider_view.csv": system_eroc.ANSWERED}
RAISED = MADE / "icb_view.csv"
MONTHS = (date(2025, 4, 1), date(2025, 5, 1))
MUTATIONS = 500
Counts = dict[tuple[str, ...], tuple[int, int, int]]


def read(path: Path) -> Published:
    table = read_text(examine(path))
    (feed,) = (feed for feed, source in SOURCES.items() if source.claims(table.columns))
    return SOURCES[feed].read(table)


def ours(path: Path) -> Counts:
    return counts(path, VIEWS[path.name])


def counts(path: Path, view: system_eroc.View) -> Counts:
    examined = examine(path)
    header(examined)
    frame = view.read(read_text(examined)).frame
    return {
        (f"{row['period']:%b-%y}", row["organisation_code"], row["request_type"], row["specialty"],
         str(row["in_scope_of_erf"])): (row["requests"], row["processed"], row["diverted"])
        for row in frame.iter_rows(named=True)
    }  # fmt: skip


def theirs(cells: Cells) -> Counts:
    """What the cells say, read as plainly as can be."""
    at = {name.strip().lower(): place for place, name in enumerate(cells[0])}
    code = at.get("icb code", at.get("provider code"))
    found: dict[tuple[str, ...], list[int]] = {}
    for row in cells[1:]:
        kind = row[at["type"]].strip().lower().replace("-", "_").replace(" ", "_")
        scope = str(row[at["in scope of erf?"]].strip().lower() == "yes")
        key = (
            row[at["activity month"]].strip(),
            row[code].strip(),
            kind,
            row[at["specialty"]].strip(),
            scope,
        )
        number = int(float(row[at["requests"]].replace(",", "")))
        sums = found.setdefault(key, [0, 0, 0])
        sums[0] += number
        for place, flag in enumerate(("metric processed requests", "metric diverted requests"), 1):
            sums[place] += number if row[at[flag]].strip().lower() == "yes" else 0
    return {key: tuple(sums) for key, sums in found.items()}


def cells_of(path: Path) -> Cells:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def write(path: Path, cells: Cells) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(cells)
    return path


@pytest.mark.parametrize("name", VIEWS)
def test_total_processed_and_diverted_are_sums_by_flag(name: str):
    said = read(MADE / name)
    assert (said.feed, said.periods) == (VIEWS[name].FEED, MONTHS)
    assert ours(MADE / name) == theirs(cells_of(MADE / name))
    functions = dict(said.frame.select("specialty", "treatment_function_code").unique().iter_rows())
    assert functions == {"Urology": "101", "Trauma & Orthopaedics": "110", "Podiatry": None}


def test_specialties_not_known_are_named():
    (notice,) = (one for one in read(RAISED).notices if one.rule == "specialties_not_known")
    assert (notice.severity, notice.rows) == ("info", 24)
    assert "Podiatry" in notice.reason


def test_diverted_without_being_processed_is_told(tmp_path: Path):
    cells = cells_of(RAISED)
    cells[3][7] = "Yes"
    said = read(write(tmp_path / "odd.csv", cells))
    assert f"{cells[3][8]} request(s) are flagged diverted and not processed." in [
        one.reason for one in said.notices if one.severity == "warning"
    ]


REFUSED: dict[str, tuple[Callable[[Cells], object], str]] = {
    "a stranger": (lambda c: c[0].__setitem__(3, "Pathway"), "the column 'Pathway' is not known"),
    "no flag": (lambda c: [row.pop(7) for row in c], "'metric diverted requests' is missing"),
    "another type": (lambda c: c[4].__setitem__(3, "Phone call"), "'Phone call' is not a kind of request"),
    "a flag of its own": (lambda c: c[4].__setitem__(6, "Maybe"), "'Maybe' is not Yes or No"),
    "words": (lambda c: c[4].__setitem__(8, "*"), "row 5, column 'Requests': '*' is not a count"),
    "no month": (lambda c: c[4].__setitem__(0, "Spring"), "'Spring' is not a month"),
    "a row twice": (lambda c: c.append(list(c[4])), "the same requests of QX1"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_right_is_refused_by_name(tmp_path: Path, case: str):
    change, sentence = REFUSED[case]
    cells = cells_of(RAISED)
    change(cells)
    with pytest.raises(RefusedFile) as refused:
        system_eroc.RAISED.read(read_text(examine(write(tmp_path / "altered.csv", cells))))
    assert sentence in " ".join(refused.value.reasons)


@pytest.mark.parametrize("name", VIEWS)
def test_however_it_is_spoilt_it_is_refused_or_says_what_the_file_says(tmp_path: Path, name: str):
    path = tmp_path / "spoilt.csv"
    original = (MADE / name).read_text(encoding="utf-8")
    draw = random.Random(name)
    refused = count_refused(
        path, original, lambda one: counts(one, VIEWS[name]), theirs, ours(MADE / name), draw, MUTATIONS
    )
    assert refused > MUTATIONS / 8


@pytest.fixture
def home(tmp_path: Path):
    opened = Home.open(tmp_path / "home")
    yield opened
    opened.close()


def load(home: Home, paths: list[Path], day: int) -> list[str]:
    observer = PublishedObserver(home)
    moment = datetime(2025, 8, day, tzinfo=UTC)
    reports = load_files(home, paths, received_at=moment, after_published=observer)
    observer.settle()
    return [report.outcome for report in reports]


def shares(home: Home, **wanted) -> dict[tuple[str, str, date], tuple[float, float]]:
    held = observations.read(home, basis="published", breakdown="all", **wanted)
    return {
        (row["level"], row["organisation"], row["period"]): (row["numerator"], row["denominator"])
        for row in held.iter_rows(named=True)
    }


def listed(path: Path, code: str | None, month: str) -> tuple[int, int]:
    """Diverted and processed in the listed specialties, from the cells."""
    rows = [row for row in cells_of(path)[1:] if row[5] != "Podiatry" and row[0] == month]
    rows = [row for row in rows if code in (None, row[1])]
    return (
        sum(int(row[8]) for row in rows if row[7] == "Yes"),
        sum(int(row[8]) for row in rows if row[6] == "Yes"),
    )


def test_each_view_gives_its_own_levels_and_they_are_never_added(home: Home):
    assert load(home, [RAISED], 1) == ["accepted"]
    found = shares(home)
    assert {level for level, _, _ in found} == {"england", "system"}
    assert found["england", "E92000001", MONTHS[0]] == listed(RAISED, None, "Apr-25")
    assert found["system", "QX1", MONTHS[1]] == listed(RAISED, "QX1", "May-25")
    assert load(home, [MADE / "provider_view.csv"], 2) == ["accepted"]
    both = shares(home)
    assert {level for level, _, _ in both} == {"england", "system", "provider"}
    assert {key: value for key, value in both.items() if key[0] != "provider"} == found
    assert both["provider", "RX4", MONTHS[1]] == listed(MADE / "provider_view.csv", "RX4", "May-25")
    assert set(organisations.read(home, "published", "system")["code"]) == {"QX1", "QX2"}


def test_a_new_file_restates_history_and_the_earlier_issue_is_kept(home: Home, tmp_path: Path):
    load(home, [RAISED], 1)
    before = shares(home)
    cells = cells_of(RAISED)
    changed = next(row for row in cells[1:] if row[0] == "Apr-25" and row[1] == "QX1" and row[7] == "Yes")
    changed[8] = str(int(changed[8]) + 100)
    again = write(tmp_path / "next_issue.csv", cells)
    assert load(home, [again], 20) == ["accepted"]
    now = shares(home)
    assert (
        now["system", "QX1", MONTHS[0]]
        == listed(again, "QX1", "Apr-25")
        != before["system", "QX1", MONTHS[0]]
    )
    assert now["system", "QX2", MONTHS[0]] == before["system", "QX2", MONTHS[0]]
    assert shares(home, as_known_on=date(2025, 8, 10)) == before


def test_specialties_are_split_and_the_target_itself_is_not_pretended(home: Home):
    load(home, [RAISED], 1)
    held = observations.read(home, basis="published", breakdown="specialty")
    assert set(held["category"]) == {"101", "110"}
    assert held["indicator"].unique().to_list() == ["outpatient_diversion_processed"]
    sums = held.filter(pl.col("level") == "england", period=MONTHS[0])
    assert (sums["numerator"].sum(), sums["denominator"].sum()) == listed(RAISED, None, "Apr-25")
