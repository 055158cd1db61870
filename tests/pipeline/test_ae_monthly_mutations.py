"""However a monthly A&E file is spoilt, the answer is a refusal or the right numbers."""

import csv
import io
import random
from pathlib import Path

import polars as pl
import pytest

from pipeline.delimited import header, read_text
from pipeline.reading import RefusedFile, examine
from pipeline.sources import ae_monthly

MADE = Path(__file__).parent.parent / "data" / "ae_monthly"
# Those with a TOTAL row: without one, a changed digit cannot be seen by anybody.
WITH_TOTAL = sorted(path for path in MADE.glob("*.csv") if "no_total" not in path.name)
MUTATIONS = 300
SPOILT = [
    "",
    "-",
    " ",
    "0",
    "-1",
    "1.0",
    "1e3",
    "NaN",
    "null",
    "12O",
    "9" * 30,
    "１２",
    "1,2",
    "TOTAL",
    "*",
    '"',
    "\x00",
]

Cells = list[list[str]]


def numbers(table) -> dict[tuple[str, str, bool], tuple[int, int | None]]:
    frame = ae_monthly.read(table).frame.filter(pl.col("attendances") > 0)
    columns = frame.select("org_code", "department_type", "booked", "attendances", "over_four_hours")
    return {tuple(row[:3]): tuple(row[3:]) for row in columns.iter_rows()}


def drop_column(cells: Cells, draw: random.Random) -> None:
    at = draw.randrange(len(cells[0]))
    for row in cells:
        del row[at]


def rename_column(cells: Cells, draw: random.Random) -> None:
    at = draw.randrange(len(cells[0]))
    cells[0][at] = draw.choice(["", cells[0][at] + " x", cells[0][at].upper(), "Type 1", cells[0][at - 1]])


def reorder_columns(cells: Cells, draw: random.Random) -> None:
    order = list(range(len(cells[0])))
    draw.shuffle(order)
    cells[:] = [[row[at] for at in order] for row in cells]


def spoil_a_cell(cells: Cells, draw: random.Random) -> None:
    row = draw.choice(cells[1:])
    row[draw.randrange(len(row))] = draw.choice(SPOILT)


def change_a_number(cells: Cells, draw: random.Random) -> None:
    row = draw.choice(cells[1:])
    at = draw.randrange(4, len(row))
    row[at] = str(int(row[at]) + 1) if row[at].isdigit() else "1"


def double_a_row(cells: Cells, draw: random.Random) -> None:
    cells.insert(draw.randrange(1, len(cells)), list(draw.choice(cells[1:])))


def drop_a_row(cells: Cells, draw: random.Random) -> None:
    del cells[draw.randrange(len(cells))]


def swap_headers(cells: Cells, draw: random.Random) -> None:
    first, second = draw.sample(range(4, len(cells[0])), 2)
    cells[0][first], cells[0][second] = cells[0][second], cells[0][first]


def lose_a_cell(cells: Cells, draw: random.Random) -> None:
    draw.choice(cells).pop()


def shuffle_rows(cells: Cells, draw: random.Random) -> None:
    rows = cells[1:]
    draw.shuffle(rows)
    cells[1:] = rows


# Whether the spoilt file can say something true of its own, beside what it said before.
WAYS = {
    drop_column: False,
    rename_column: False,
    reorder_columns: False,
    spoil_a_cell: True,
    change_a_number: False,
    double_a_row: False,
    drop_a_row: True,
    lose_a_cell: False,
    shuffle_rows: False,
}


@pytest.mark.parametrize("name", [path.name for path in WITH_TOTAL])
def test_a_refusal_or_the_right_numbers(tmp_path: Path, name: str):
    path = tmp_path / name
    original = (MADE / name).read_text(encoding="utf-8-sig")
    right = numbers(read_text(examine(MADE / name)))
    draw = random.Random(name)
    refused = 0
    for turn in range(MUTATIONS):
        way = draw.choice(list(WAYS))
        cells = list(csv.reader(io.StringIO(original, newline="")))
        way(cells, draw)
        text = io.StringIO(newline="")
        csv.writer(text).writerows(cells)
        path.write_bytes(
            text.getvalue().encode(draw.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16"]), "replace")
        )
        try:
            examined = examine(path)
            header(examined)
            found = numbers(read_text(examined))
        except RefusedFile as error:
            refused += 1
            assert all(reason.startswith(f"{name}: ") for reason in error.reasons), (turn, way)
            continue
        if WAYS[way]:
            # A cell blanked or a total dropped leaves less to be known, and nothing false.
            assert nothing_false(found, right) or renamed(found, right), (turn, way)
        else:
            assert found == right, (turn, way)
    assert refused > MUTATIONS / 4


def nothing_false(found: dict, right: dict) -> bool:
    """Every number is right, or was not told (null)."""
    return all(
        place in right and seen == right[place][0] and over in (None, right[place][1])
        for place, (seen, over) in found.items()
    )


def renamed(found: dict, right: dict) -> bool:
    """The same numbers under a code that was itself spoilt into another code."""
    return sorted(found.values(), key=str) == sorted(right.values(), key=str)
