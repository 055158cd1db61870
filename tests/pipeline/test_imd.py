"""Deprivation by area: made files, the real file, and spoilt copies."""

import csv
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.delimited import header, read_text
from pipeline.load import load_files
from pipeline.reading import RefusedFile, examine
from pipeline.sources import SOURCES, imd
from pipeline.sources.published import Published
from tests.pipeline.spoiling import Cells, count_refused
from warehouse import records
from warehouse.home import Home

MADE = Path(__file__).parent.parent / "data" / "imd"
NAMES = ("short_names.csv", "official_names.csv")
MUTATIONS = 500


def read(path: Path) -> Published:
    table = read_text(examine(path))
    assert [feed for feed, source in SOURCES.items() if source.claims(table.columns)] == ["deprivation"]
    return imd.read(table)


def ours(path: Path) -> dict[str, int]:
    examined = examine(path)
    header(examined)
    return dict(imd.read(read_text(examined)).frame.iter_rows())


def theirs(cells: Cells) -> dict[str, int]:
    """What the cells say, read as plainly as can be."""
    names = [name.lower() for name in cells[0]]
    area = next(at for at, name in enumerate(names) if name in ("lsoa21_code", "lsoa code (2021)"))
    decile = next(at for at, name in enumerate(names) if "imd" in name and "decile" in name)
    return {row[area].strip(): -(-int(float(row[decile])) // 2) for row in cells[1:]}


def cells_of(path: Path) -> Cells:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


@pytest.mark.parametrize("name", NAMES)
def test_the_quintile_is_two_deciles(name: str):
    said = read(MADE / name)
    assert said.periods == ()
    assert ours(MADE / name) == theirs(cells_of(MADE / name))
    assert said.frame["deprivation_quintile"].value_counts(sort=True)["count"].to_list() == [8] * 5


def test_areas_that_are_not_there_are_told():
    assert "40 of the 33,755 areas" in next(
        n.reason for n in read(MADE / NAMES[0]).notices if n.severity == "warning"
    )


REFUSED: dict[str, tuple[Callable[[Cells], object], str]] = {
    "a stranger": (lambda c: c[0].__setitem__(3, "Vintage"), "the column 'Vintage' is not known"),
    "no decile": (lambda c: c[0].__setitem__(1, "Income_decile"), "the column 'imd decile' is missing"),
    "an eleventh": (lambda c: c[3].__setitem__(1, "11"), "'11' is not a decile from 1 to 10"),
    "a quintile and a half": (lambda c: c[3].__setitem__(1, "2.5"), "'2.5' is not a decile"),
    "Wales": (lambda c: c[3].__setitem__(0, "W01000001"), "'W01000001' is not an LSOA of England"),
    "an area twice": (lambda c: c.append(list(c[1])), "the area E01000000 stands in rows 2 and 42"),
    "another order": (
        lambda c: [row.__setitem__(1, str(11 - int(float(row[1])))) for row in c[1:]],
        "deprived decile",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_right_is_refused_by_name(tmp_path: Path, case: str):
    change, sentence = REFUSED[case]
    cells = cells_of(MADE / NAMES[0])
    change(cells)
    path = tmp_path / "altered.csv"
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows(cells)
    with pytest.raises(RefusedFile) as refused:
        imd.read(read_text(examine(path)))
    assert sentence in " ".join(refused.value.reasons)


@pytest.mark.parametrize("name", NAMES)
def test_however_it_is_spoilt_it_is_refused_or_says_what_the_file_says(tmp_path: Path, name: str):
    path = tmp_path / "spoilt.csv"
    original = (MADE / name).read_text(encoding="utf-8")
    draw = random.Random(name)
    refused = count_refused(path, original, ours, theirs, ours(MADE / name), draw, MUTATIONS)
    assert refused > MUTATIONS / 8


def test_it_is_loaded_as_the_feed_deprivation(tmp_path: Path):
    home = Home.open(tmp_path / "home")
    (report,) = load_files(home, [MADE / NAMES[0]])
    assert (report.feed, report.outcome, report.accepted) == ("deprivation", "accepted", 40)
    assert dict(records.read(home, "deprivation").iter_rows()) == ours(MADE / NAMES[0])
    (again,) = load_files(home, [MADE / NAMES[0]])
    assert again.outcome == "already loaded"
    home.close()


@pytest.mark.published
def test_the_real_file_is_read_to_the_last_area(published: Path):
    path = published.parent / "reference" / "deprivation" / "imd2025_england_lsoa21.csv"
    found = ours(path)
    assert found == theirs(cells_of(path))
    assert len(found) == imd.AREAS
