"""However a Discharge Ready Date file is spoilt, the answer is a refusal or the figures that it says."""

import random
from pathlib import Path

import pytest

from pipeline.delimited import header, read_text
from pipeline.reading import examine
from pipeline.sources import drd
from tests.pipeline.spoiling import Cells, count_refused

MADE = Path(__file__).parent.parent / "data" / "drd"
MUTATIONS = 500
READ = {
    "Number of patients discharged in total": 0,
    "Total Discharges for UTLA from acceptable trusts": 0,
    "Number of patients discharged where, between the Discharge Ready Date and Discharge Date, "
    "there is No delay": 1,
    "Total bed days lost due to delayed discharge": 2,
}
LEVELS = {"National": "england", "Regional": "region", "ICB": "system", "Provider": "provider",
          "UTLA Aggregate": "place"}  # fmt: skip


def ours(path: Path) -> dict[tuple[str, str], tuple[int | None, ...]]:
    examined = examine(path)
    header(examined)
    said = drd.read(read_text(examined))
    summed = any(notice.rule == "regions_summed" for notice in said.notices)
    frame = said.frame.filter(~((said.frame["level"] == "region") & summed))
    frame = frame.filter(frame["level"] != "provider_in_place")
    columns = frame.select("level", "organisation_code", "discharges", "on_the_day", "delay_days")
    return {(level, code): tuple(counts) for level, code, *counts in columns.iter_rows()}


def theirs(cells: Cells) -> dict[tuple[str, str], tuple[int | None, ...]]:
    """What the cells say, read as plainly as can be."""
    place = {name.lower(): at for at, name in enumerate(cells[0])}
    found: dict[tuple[str, str], list[int | None]] = {}
    for row in cells[1:]:
        level = LEVELS.get(row[place["data type"]])
        measure = row[place["measure"]]
        if level is None or measure not in READ:
            continue
        code = row[place["upper tier local authority code" if level == "place" else "code"]]
        code = "E92000001" if level == "england" else code
        value = row[place["value"]].strip().replace(",", "")
        numbers = found.setdefault((level, code), [None, None, None])
        numbers[READ[measure]] = int(float(value)) if value[:1].isdigit() else None
    return {key: tuple(numbers) for key, numbers in found.items()}


def says_what_is_whole(found: dict, told: dict) -> bool:
    """All that the cells say; of a part of a file England, and nothing else than the cells say."""
    part = {"provider", "system", "place"} - {level for level, _ in found}
    return found == told or (
        bool(part) and ("england", "E92000001") in found and found.items() <= told.items()
    )


@pytest.mark.parametrize("name", sorted(path.name for path in MADE.glob("*.csv")))
def test_a_refusal_or_what_the_file_says(tmp_path: Path, name: str):
    path = tmp_path / name
    original = (MADE / name).read_text(encoding="utf-8")
    draw = random.Random(name)
    refused = count_refused(
        path, original, ours, theirs, ours(MADE / name), draw, MUTATIONS, agrees=says_what_is_whole
    )
    assert refused > MUTATIONS / 4
