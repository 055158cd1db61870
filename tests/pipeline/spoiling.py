"""Ways a published file is spoilt: each changes a table of cells in place, drawing from a seeded source."""

import csv
import io
import random
import re
from collections.abc import Callable
from operator import eq
from pathlib import Path
from typing import Any

from pipeline.reading import RefusedFile

Cells = list[list[str]]
Way = Callable[[Cells, random.Random], None]

SPOILT = (
    "",
    "-",
    " ",
    "0",
    "-1",
    "1.5",
    "1e3",
    "NaN",
    "null",
    "12O",
    "9" * 30,
    "１２",
    "1,2",
    "Total",
    "*",
    '"',
    "\x00",
)
NUMBER = re.compile(r"[0-9]+(\.0+)?")
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16")


def drop_column(cells: Cells, draw: random.Random) -> None:
    at = draw.randrange(len(cells[0]))
    for row in cells:
        del row[at]


def rename_column(cells: Cells, draw: random.Random) -> None:
    at = draw.randrange(len(cells[0]))
    cells[0][at] = draw.choice(["", cells[0][at] + " x", cells[0][at].upper(), "Figure", cells[0][at - 1]])


def add_column(cells: Cells, draw: random.Random) -> None:
    at = draw.randrange(len(cells[0]) + 1)
    name, value = draw.choice([("", ""), ("Notes", "x"), ("", "7"), ("Notes", "")])
    for number, row in enumerate(cells):
        row.insert(at, name if number == 0 else value)


def reorder_columns(cells: Cells, draw: random.Random) -> None:
    order = list(range(len(cells[0])))
    draw.shuffle(order)
    cells[:] = [[row[at] for at in order] for row in cells]


def swap_headers(cells: Cells, draw: random.Random) -> None:
    first, second = draw.sample(range(len(cells[0])), 2)
    cells[0][first], cells[0][second] = cells[0][second], cells[0][first]


def spoil_a_cell(cells: Cells, draw: random.Random) -> None:
    row = draw.choice(cells[1:])
    row[draw.randrange(len(row))] = draw.choice(SPOILT)


def change_a_number(cells: Cells, draw: random.Random) -> None:
    row = draw.choice(cells[1:])
    at = draw.choice([at for at, cell in enumerate(row) if NUMBER.fullmatch(cell)] or [0])
    row[at] = str(int(float(row[at])) + 1) if NUMBER.fullmatch(row[at]) else row[at]


def double_a_row(cells: Cells, draw: random.Random) -> None:
    cells.insert(draw.randrange(1, len(cells)), list(draw.choice(cells[1:])))


def drop_a_row(cells: Cells, draw: random.Random) -> None:
    del cells[draw.randrange(len(cells))]


def cut_short(cells: Cells, draw: random.Random) -> None:
    del cells[draw.randrange(2, len(cells)) :]


def lose_a_cell(cells: Cells, draw: random.Random) -> None:
    draw.choice(cells).pop()


def shuffle_rows(cells: Cells, draw: random.Random) -> None:
    rows = cells[1:]
    draw.shuffle(rows)
    cells[1:] = rows


WAYS: tuple[Way, ...] = (
    drop_column, rename_column, add_column, reorder_columns, swap_headers, spoil_a_cell, change_a_number,
    double_a_row, drop_a_row, cut_short, lose_a_cell, shuffle_rows,
)  # fmt: skip


def spoil(original: str, draw: random.Random) -> tuple[Way, Cells, bytes]:
    """One way of spoiling a file's text: the way, the cells as spoilt, and the bytes that are sent."""
    way = draw.choice(WAYS)
    cells = list(csv.reader(io.StringIO(original, newline="")))
    way(cells, draw)
    text = io.StringIO(newline="")
    csv.writer(text).writerows(cells)
    return way, cells, text.getvalue().encode(draw.choice(ENCODINGS), "replace")


def count_refused(
    path: Path,
    original: str,
    read: Callable[[Path], Any],
    plainly: Callable[[Cells], Any],
    right: Any,
    draw: random.Random,
    turns: int,
    agrees: Callable[[Any, Any], bool] = eq,
) -> int:
    """Spoil a file `turns` times: each time it is refused by its name, or read as its cells say.

    `right` is what the unspoilt file says: a header in other words may still be known, and then says that.
    """
    refused = 0
    for turn in range(turns):
        way, cells, sent = spoil(original, draw)
        path.write_bytes(sent)
        try:
            found = read(path)
        except RefusedFile as error:
            refused += 1
            assert all(reason.startswith(f"{path.name}: ") for reason in error.reasons), (turn, way)
            continue
        # A header in capitals is the same header; the plain reading knows it by its words alone.
        assert agrees(found, right if way is rename_column else plainly(cells)), (turn, way)
    return refused
