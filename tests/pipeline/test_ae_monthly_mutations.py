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
from tests.pipeline.spoiling import cut_short, drop_a_row, spoil, spoil_a_cell, swap_headers

MADE = Path(__file__).parent.parent / "data" / "ae_monthly"
# Those with a TOTAL row: without one, a changed digit cannot be seen by anybody.
WITH_TOTAL = sorted(path for path in MADE.glob("*.csv") if "no_total" not in path.name)
MUTATIONS = 500
# Ways after which less may be known, and nothing false: a total dropped, a cell blanked, rows cut off.
LESS = (spoil_a_cell, drop_a_row, cut_short)


def numbers(table) -> dict[tuple[str, str, bool], tuple[int, int | None]]:
    frame = ae_monthly.read(table).frame.filter(pl.col("attendances") > 0)
    columns = frame.select("org_code", "department_type", "booked", "attendances", "over_four_hours")
    return {tuple(row[:3]): tuple(row[3:]) for row in columns.iter_rows()}


@pytest.mark.parametrize("name", [path.name for path in WITH_TOTAL])
def test_a_refusal_or_the_right_numbers(tmp_path: Path, name: str):
    path = tmp_path / name
    original = (MADE / name).read_text(encoding="utf-8-sig")
    right = numbers(read_text(examine(MADE / name)))
    draw = random.Random(name)
    refused = 0
    for turn in range(MUTATIONS):
        way, cells, sent = spoil(original, draw)
        path.write_bytes(sent)
        try:
            examined = examine(path)
            header(examined)
            found = numbers(read_text(examined))
        except RefusedFile as error:
            refused += 1
            assert all(reason.startswith(f"{name}: ") for reason in error.reasons), (turn, way)
            continue
        if way is swap_headers:
            # No file shows that two headers changed places: the numbers go with the headers.
            assert found == as_headed(tmp_path / "moved.csv", original, cells[0]), (turn, way)
        elif way in LESS:
            assert nothing_false(found, right) or renamed(found, right), (turn, way)
        else:
            assert found == right, (turn, way)
    assert refused > MUTATIONS / 4


def as_headed(path: Path, original: str, heads: list[str]) -> dict:
    """What the unspoilt header says of the same columns, moved to where the new header has them."""
    cells = list(csv.reader(io.StringIO(original, newline="")))
    moved = [at for at, (old, new) in enumerate(zip(cells[0], heads, strict=True)) if old != new]
    for row in cells[1:]:
        row[moved[0]], row[moved[1]] = row[moved[1]], row[moved[0]]
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(cells)
    return numbers(read_text(examine(path)))


def nothing_false(found: dict, right: dict) -> bool:
    """Every number is right, or was not told (null)."""
    return all(
        place in right and seen == right[place][0] and over in (None, right[place][1])
        for place, (seen, over) in found.items()
    )


def renamed(found: dict, right: dict) -> bool:
    """The same numbers under a code that was itself spoilt into another code."""
    return sorted(found.values(), key=str) == sorted(right.values(), key=str)
