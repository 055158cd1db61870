"""NHS trusts from ODS: a made list, the real ones, spoilt copies; and who is who in all publications."""

import csv
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.delimited import header, read_text
from pipeline.load import EARLIER_ISSUE, load_files
from pipeline.reading import RefusedFile, examine
from pipeline.sources import SOURCES, ods_trusts
from pipeline.sources.everyone import together
from pipeline.sources.published import Published
from tests.pipeline.spoiling import Cells, add_column, drop_a_row, spoil
from warehouse import organisations, records
from warehouse.home import Home

DATA = Path(__file__).parent.parent / "data"
MADE = DATA / "ods_trusts" / "five_trusts.csv"
MUTATIONS = 500
Trust = tuple[str | None, ...]


def read(path: Path) -> Published:
    table = read_text(examine(path))
    assert [feed for feed, source in SOURCES.items() if source.claims(table.columns)] == ["ods_trusts"]
    return ods_trusts.read(table)


def ours(path: Path) -> dict[str, Trust]:
    examined = examine(path)
    if not ods_trusts.claims(header(examined)):
        raise RefusedFile(f"{path.name}: not this publication.")
    frame = ods_trusts.read(read_text(examined)).frame.with_columns(pl.col(pl.Date).dt.strftime("%Y%m%d"))
    return {code: tuple(rest) for code, *rest in frame.iter_rows()}


def theirs(cells: Cells) -> dict[str, Trust]:
    """What the cells say, read as plainly as can be."""
    said = {}
    for cells_of_row in cells:
        row = [" ".join(cell.split()) for cell in cells_of_row]
        region = row[2] if row[2].startswith("Y") else None
        system = row[3] if row[3] not in ("", "Q99", "W00") else None
        said[row[0]] = (row[1], region, system, row[10], row[11] or None)
    return said


def cells_of(path: Path) -> Cells:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def test_the_first_row_is_a_trust_too():
    assert ours(MADE) == theirs(cells_of(MADE))
    assert len(ours(MADE)) == 5


def test_trusts_stand_under_boards_and_boards_under_regions():
    found = ods_trusts.organisations(read(MADE).frame)
    rows = {row["code"]: row for row in found.iter_rows(named=True)}
    assert rows.keys() == {"RX1", "RX2", "RX3", "G6V2S", "QX1", "QX2", "D7T5G"}
    assert (rows["RX1"]["parent"], rows["QX1"]["parent"]) == ("QX1", "Y56")
    assert (rows["RX2"]["valid_to"], rows["RX1"]["valid_to"]) == (date(2020, 10, 1), None)
    assert (rows["QX1"]["valid_from"], rows["D7T5G"]["valid_from"]) == (date(2022, 7, 1), date(2026, 4, 1))


REFUSED: dict[str, tuple[Callable[[Cells], object], str]] = {
    "a code": (lambda c: c[1].__setitem__(0, "R"), "row 2, column '1': 'R' is not a trust's code"),
    "a region": (lambda c: c[1].__setitem__(2, "Y55"), "column '3': 'Y55' is not a region's code"),
    "a board": (
        lambda c: c[1].__setitem__(3, "LONDON"),
        "'LONDON' is not a code of an integrated care board",
    ),
    "a day": (lambda c: c[1].__setitem__(10, "20201301"), "column '11': '20201301' is not a day"),
    "backwards": (lambda c: c[1].__setitem__(11, "19900101"), "row 2: RX2 closed before it opened"),
    "twice": (lambda c: c.append(list(c[0])), "the trust RX1 stands in rows 1 and 6, not once"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_right_is_refused_by_name(tmp_path: Path, case: str):
    change, sentence = REFUSED[case]
    cells = cells_of(MADE)
    change(cells)
    path = tmp_path / "altered.csv"
    with path.open("w", newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(cells)
    with pytest.raises(RefusedFile) as refused:
        ods_trusts.read(read_text(examine(path)))
    assert sentence in " ".join(refused.value.reasons)


def test_however_it_is_spoilt_it_is_refused_or_says_what_the_file_says(tmp_path: Path):
    path = tmp_path / "spoilt.csv"
    original = MADE.read_text(encoding="utf-8")
    draw = random.Random("etr")
    refused = 0
    for turn in range(MUTATIONS):
        way, cells, sent = spoil(original, draw)
        if way is add_column:  # without headers a column more is a list of another width
            assert len(cells[0]) == ods_trusts.WIDTH + 1
        path.write_bytes(sent)
        try:
            found = ours(path)
        except RefusedFile as error:
            refused += 1
            assert all(reason.startswith("spoilt.csv: ") for reason in error.reasons), (turn, way)
            continue
        assert found == theirs(cells), (turn, way)
        assert way is not drop_a_row or len(found) == 4
    assert refused > MUTATIONS / 4


@pytest.mark.published
def test_the_real_lists_are_read_to_the_last_trust(published: Path):
    folder = published.parent / "reference" / "ods"
    for name, trusts in (("etr_2022-03.csv", 218), ("etr_2025-07.csv", 210), ("etr_2026-04.csv", 274)):
        assert ours(folder / name) == theirs(cells_of(folder / name))
        assert len(ours(folder / name)) == trusts
    newest = ods_trusts.organisations(read(folder / "etr_2026-04.csv").frame)
    systems = newest.filter(level="system")
    assert systems.height == 36
    assert systems.filter(pl.col("code").str.len_chars() == 5).height == 6


def named(*rows: tuple[str, str, str, str | None, date]) -> pl.DataFrame:
    columns = ["code", "level", "name", "parent", "valid_from"]
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(
        valid_to=pl.lit(None, dtype=pl.Date), successor=pl.lit(None, dtype=pl.String)
    )


def test_the_nearest_parent_the_newest_name_and_the_earliest_day_are_kept():
    listed = named(("RX1", "provider", "OLD NAME", "QX1", date(2017, 10, 1)))
    counted = named(("RX1", "provider", "NEW NAME", "Y56", date(2018, 4, 1)))
    vague = named(("RX1", "provider", "NEWEST NAME", "E92000001", date(2016, 4, 1)))
    assert together([listed, counted, vague]).row(0)[:5] == (
        "RX1", "provider", "NEWEST NAME", "QX1", date(2016, 4, 1),
    )  # fmt: skip


def test_who_tells_of_closing_is_believed():
    open_ = named(("RX2", "provider", "A NAME", "Y56", date(2024, 4, 1)))
    closed = ods_trusts.organisations(read(MADE).frame).filter(code="RX2")
    (row,) = together([closed, open_]).iter_rows(named=True)
    assert (row["valid_to"], row["parent"]) == (date(2020, 10, 1), "QX1")


def test_no_publication_takes_away_what_another_named(tmp_path: Path):
    home = Home.open(tmp_path / "home")
    files = [
        DATA / "drd" / "2025_every_data_type.csv",
        MADE,
        DATA / "ae_monthly" / "2025_no_total_row.csv",
        DATA / "discharge_sitrep" / "ten_columns.csv",
        DATA / "imd" / "short_names.csv",
    ]
    reports = load_files(home, files)
    assert {report.outcome for report in reports} == {"accepted"}
    held = organisations.read(home, "published")
    codes = {(row["level"], row["code"]): row for row in held.iter_rows(named=True)}
    assert codes["provider", "RX4"]["name"] == "MARSH NHS TRUST"
    assert codes["provider", "RX1"]["parent"] == "QX1"
    assert codes["system", "QX1"]["name"] == "NORTHTOWN AND SOUTHTOWN"
    assert codes["place", "E06000901"]["name"] == "Northtown"
    assert codes["region", "Y62"]["name"] == "North West"
    assert codes["england", "E92000001"]["name"] == "England"
    home.close()


@pytest.fixture
def home(tmp_path: Path):
    opened = Home.open(tmp_path / "home")
    yield opened
    opened.close()


def later(path: Path, day: str) -> Path:
    """The made list with a trust that opened on `day`."""
    cells = cells_of(MADE)
    cells[0][10] = day
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(cells)
    return path


@pytest.mark.parametrize("together", [True, False])
def test_an_older_list_loaded_after_a_newer_one_does_not_take_its_place(
    home: Home, tmp_path: Path, together: bool
):
    older, newer = MADE, later(tmp_path / "list.csv", "20260901")
    commands = [[newer, older]] if together else [[newer], [older]]
    reports = [report for given in commands for report in load_files(home, given)]
    assert [report.outcome for report in reports] == ["accepted", EARLIER_ISSUE]
    assert "the newest day in it is 1 June 2026, in the one held 1 September 2026" in reports[1].reasons[0]
    assert records.read(home, "ods_trusts")["opened"].max() == date(2026, 9, 1)
    (asked,) = load_files(home, [older], earlier_issues=True)
    assert asked.outcome == "accepted"
    assert records.read(home, "ods_trusts")["opened"].max() == date(2026, 6, 1)


def test_a_newer_list_takes_the_place_of_an_older_one(home: Home, tmp_path: Path):
    reports = load_files(home, [MADE, later(tmp_path / "list.csv", "20260901")])
    assert [report.outcome for report in reports] == ["accepted", "accepted"]
    assert records.read(home, "ods_trusts")["opened"].max() == date(2026, 9, 1)
