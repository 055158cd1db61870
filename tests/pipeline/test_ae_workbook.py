"""The A&E workbook says what the CSV file of its month says; what does not add up is refused by name."""

import random
from pathlib import Path

import polars as pl
import pytest

from pipeline.delimited import read_text
from pipeline.load import load_files
from pipeline.reading import RefusedFile, examine
from pipeline.sources import ae_monthly
from pipeline.workbooks import read_workbook
from tests.pipeline import made_workbook as made
from warehouse import records
from warehouse.home import Home

MUTATIONS = 500


def read(path: Path):
    return ae_monthly.read_workbook(read_workbook(examine(path)))


def told(frame: pl.DataFrame) -> dict[tuple[str, str, bool | None], tuple[int, int | None]]:
    columns = frame.select("org_code", "department_type", "booked", "attendances", "over_four_hours")
    return {row[:3]: row[3:] for row in columns.filter(pl.col("attendances") > 0).iter_rows()}


def expected() -> dict[tuple[str, str, bool | None], tuple[int, int | None]]:
    return {
        (code, f"0{kind}", booked): (seen, over)
        for code, _, _, counts in made.PROVIDERS
        for kind, (a, b, c, d) in enumerate(counts, 1)
        for booked, seen, over in ((False, a, b), (True, c, d))
        if seen
    }


def test_every_provider_type_and_booking_is_read(tmp_path: Path):
    said = read(made.write(tmp_path / "made.xlsx", made.sheets()))
    assert told(said.frame) == expected()
    assert said.periods[0].isoformat() == "2025-06-01"
    assert {one.rule for one in said.notices} == {"issue", "total_holds", "shares_hold"}
    waits = said.companions["ae_monthly_admissions"].filter(
        measure="waited_4_to_12_hours_from_decision_to_admit"
    )
    assert waits["patients"].to_list() == [4] * 4


def test_one_sheet_of_all_attendances_is_enough_and_says_that_booked_is_not_told_apart(tmp_path: Path):
    home = Home.open(tmp_path / "home")
    path = made.write(tmp_path / "one.xlsx", {"Provider Level Data": made.sheets()["Provider Level Data"]})
    [report] = load_files(home, [path])
    assert report.outcome == "accepted"
    held = records.read(home, "ae_monthly")
    assert held["booked"].null_count() == held.height == 12
    assert held["attendances"].sum() == sum(a + c for one in made.PROVIDERS for a, _, c, _ in one[3])
    home.close()


def test_not_published_is_null_and_never_zero(tmp_path: Path):
    content = made.sheets()
    for name in ("Provider Level Data", "Non-Booked Data"):
        for row in content[name]:
            if "RX2" in row:
                row[12], row[15] = "-", "-"  # over four hours of type 1, and in all
    said = read(made.write(tmp_path / "made.xlsx", content))
    assert told(said.frame)["RX2", "01", False] == (700, None)
    assert "total_incomplete" in {one.rule for one in said.notices}


def test_a_share_that_its_counts_do_not_give_is_noticed(tmp_path: Path):
    content = made.sheets()
    row = next(row for row in content["Provider Level Data"] if "RX1" in row)
    row[16] += 0.001
    notices = read(made.write(tmp_path / "made.xlsx", content)).notices
    [notice] = [one for one in notices if one.rule == "share_differs"]
    assert (notice.rows, notice.severity) == (1, "warning")
    assert "RX1" in notice.reason


def refusal(tmp_path: Path, change) -> str:
    content = made.sheets()
    change(content)
    with pytest.raises(RefusedFile) as refused:
        read(made.write(tmp_path / "made.xlsx", content))
    return " ".join(refused.value.reasons)


def at(content: dict[str, made.Rows], name: str, word: str) -> made.Row:
    return next(row for row in content[name] if word in row)


def test_what_cannot_be_right_is_refused_by_sheet_row_and_column(tmp_path: Path):
    def england(content):
        at(content, "Non-Booked Data", "England")[4] += 1
        at(content, "Non-Booked Data", "England")[7] += 1
        at(content, "Non-Booked Data", "England")[8] += 1
        at(content, "Non-Booked Data", "England")[11] += 1

    def stranger(content):
        at(content, "Provider Level Data", "Code")[6] = "Type 9 Departments"

    def worded(content):
        at(content, "Provider Level Data", "RX1")[4] = "about 900"

    def another_month(content):
        content["Booked Appointments Data"] = made.sheets("July 2025")["Booked Appointments Data"]

    def no_month(content):
        for name in ("Provider Level Data", "Non-Booked Data", "Booked Appointments Data"):
            at(content, name, "Period:")[2] = "summer"

    def unlike(content):
        content["Booked Appointments Data"] = [
            row for row in content["Booked Appointments Data"] if "RX2" not in row
        ]

    assert "sheet 'Non-Booked Data': England's attendances 01 is 1,601" in refusal(tmp_path, england)
    assert "the column 'Type 9 Departments' is not known" in refusal(tmp_path, stranger)
    assert "of the sheet 'Provider Level Data': 'about 900' is not a count" in refusal(tmp_path, worded)
    assert "different months: June 2025 ('Provider Level Data')" in refusal(tmp_path, another_month)
    assert "says no month beside 'Period:', but 'summer'" in refusal(tmp_path, no_month)
    assert "not all sheets have the organisations RX2" in refusal(tmp_path, unlike)
    assert "expected once each" in refusal(tmp_path, lambda content: content.pop("Provider Level Data"))


def drop_column(rows: made.Rows, draw: random.Random) -> None:
    place = draw.randrange(1, max(map(len, rows)))
    for row in rows:
        del row[place : place + 1]


def rename(rows: made.Rows, draw: random.Random) -> None:
    row = draw.choice([row for row in rows if {"Code", "Org code"} & set(row)])
    place = draw.choice([place for place, cell in enumerate(row) if cell])
    row[place] = draw.choice(["", f"{row[place]} x", str(row[place]).upper(), "Figure", row[place - 1]])


def rename_group(rows: made.Rows, draw: random.Random) -> None:
    groups = next(rows[n - 1] for n, row in enumerate(rows) if {"Code", "Org code"} & set(row))
    filled = [place for place, cell in enumerate(groups) if cell] or [0]
    first, second = draw.choice(filled), draw.choice(filled)
    if groups:
        groups[first], groups[second] = draw.choice([("", groups[second]), (groups[second], groups[first])])


def reorder(rows: made.Rows, draw: random.Random) -> None:
    width = max(map(len, rows))
    order = list(range(width))
    draw.shuffle(order)
    rows[:] = [[row[place] if place < len(row) else None for place in order] for row in rows]


def swap_headers(rows: made.Rows, draw: random.Random) -> None:
    row = next(row for row in rows if {"Code", "Org code"} & set(row))
    first, second = draw.sample([place for place, cell in enumerate(row) if cell], 2)
    row[first], row[second] = row[second], row[first]


def figures_of(rows: made.Rows) -> made.Rows:
    start = next(n for n, row in enumerate(rows) if {"Code", "Org code"} & set(row)) + 1
    return [row for row in rows[start:] if row]


def spoil_a_cell(rows: made.Rows, draw: random.Random) -> None:
    row = draw.choice(figures_of(rows))
    row[draw.randrange(1, len(row))] = draw.choice(
        ["", "-", " ", 0, -1, 1.5, "1e3", "NaN", "12O", "９", "Total", "*", "#N/A", 10**12, True]
    )


def change_a_number(rows: made.Rows, draw: random.Random) -> None:
    row = draw.choice(figures_of(rows))
    row[draw.choice([place for place, cell in enumerate(row) if isinstance(cell, (int, float))] or [-1])] = 77


def double_a_row(rows: made.Rows, draw: random.Random) -> None:
    rows.append(list(draw.choice(figures_of(rows))))


def drop_a_row(rows: made.Rows, draw: random.Random) -> None:
    del rows[draw.randrange(len(rows))]


def move_down(rows: made.Rows, draw: random.Random) -> None:
    rows[:0] = [[] for _ in range(draw.randrange(1, 12))]


WAYS = (
    drop_column, rename, rename_group, reorder, swap_headers, spoil_a_cell, change_a_number, double_a_row,
    drop_a_row, move_down,
)  # fmt: skip
FIGURES = ("Provider Level Data", "Non-Booked Data", "Booked Appointments Data")


def test_however_it_is_spoilt_it_is_refused_or_the_numbers_are_right(tmp_path: Path, monkeypatch):
    """The cells are handed over as they are, since a process for each of 500 workbooks takes a minute."""
    draw = random.Random(4)
    right = expected()
    whole = {(code, kind): [0, 0] for code, kind, _ in right}
    for (code, kind, _), (seen, over) in right.items():
        whole[code, kind][0] += seen
        whole[code, kind][1] += over
    refused = 0
    for turn in range(MUTATIONS):
        content = made.sheets()
        names = list(content)
        spoilt = draw.choice(FIGURES)
        way = draw.choice(WAYS)
        way(content[spoilt], draw)
        if draw.random() < 0.1:
            names[draw.randrange(len(names))] = draw.choice(["Sheet1", "Data", "Provider level data 2"])
        if draw.random() < 0.1:
            draw.shuffle(names)
        book = made.as_read("spoilt.xlsx", dict(zip(names, content.values(), strict=True)))
        try:
            found = told(ae_monthly.read_workbook(book).frame)
        except RefusedFile as error:
            refused += 1
            assert all(reason.startswith("spoilt.xlsx: ") for reason in error.reasons), (turn, way)
            continue
        for (code, kind, booked), (seen, over) in found.items():
            if booked is None:
                assert (seen, over) == tuple(whole[code, kind]), (turn, way)
            else:
                assert seen == right[code, kind, booked][0], (turn, way)
                assert over in (None, right[code, kind, booked][1]), (turn, way)
    assert MUTATIONS / 4 < refused < MUTATIONS


@pytest.mark.published
def test_the_real_workbooks_are_their_months_csv_files_to_the_last_digit(published: Path):
    numbers = pl.exclude("org_name")  # the workbook writes some names in other letters
    for month, seen in (("2025-06", 2_351_581), ("2024-09", 2_214_217)):
        [path] = [
            path for path in published.glob("ae_workbooks/*.xls") if f"{read(path).periods[0]:%Y-%m}" == month
        ]
        book, table = (
            read(path),
            ae_monthly.read(read_text(examine(next(published.glob(f"ae_monthly/{month}*"))))),
        )
        assert book.frame.select(numbers).equals(table.frame.select(numbers))
        assert book.companions.keys() == table.companions.keys()
        assert all(book.companions[name].equals(table.companions[name]) for name in book.companions)
        assert book.frame["attendances"].sum() == seen
        assert {one.rule for one in book.notices} == {"issue", "total_holds", "shares_hold"}
