"""However a list in a workbook is spoilt, it is refused or says what its cells say."""

import random

import pytest

from pipeline.reading import RefusedFile
from pipeline.sources import acute_trust_mapping, system_mapping
from tests.pipeline import made_workbook as made
from tests.pipeline.test_ae_workbook import WAYS, swap_headers

MUTATIONS = 120
LISTS = {
    "Acute Trust Mapping": (
        acute_trust_mapping,
        ("code", "acute code", "proportion of attends acute 1"),
        ("code", "acute_code", "fraction"),
    ),
    "System Mapping": (system_mapping, ("org code", "name", "stp"), ("code", "org_name", "system_name")),
}


def plainly(rows: made.Rows, headers: tuple[str, ...]) -> set[tuple[str, ...]]:
    """The cells under these headers, in whatever column they stand; text with runs of spaces as one."""
    shown = made.as_read("plain", {"sheet": rows}).sheets[0].rows
    start = next(at for at, row in enumerate(shown) if {one.casefold() for one in row} >= set(headers))
    places = [[one.casefold() for one in shown[start]].index(header) for header in headers]
    said = {tuple(row[at] for at in places) for row in shown[start + 1 :]}
    return {(code.upper(), *rest) for code, *rest in said if code}


def as_text(value: object) -> str:
    return made._text(value) if isinstance(value, float) else str(value)


@pytest.mark.parametrize("name", LISTS)
def test_however_a_list_is_spoilt_it_is_refused_or_says_what_its_cells_say(name: str):
    source, headers, columns = LISTS[name]
    draw = random.Random(name)
    right = plainly(made.sheets()[name], headers)
    refused = 0
    for turn in range(MUTATIONS):
        content = made.sheets()
        way = draw.choice(WAYS)
        way(content[name], draw)
        book = made.as_read("spoilt.xlsx", content)
        if not source.in_workbook(book):
            refused += 1
            continue
        try:
            found = source.read_workbook(book).frame.select(columns).rows()
        except RefusedFile as error:
            refused += 1
            assert all(reason.startswith("spoilt.xlsx: ") for reason in error.reasons), (turn, way)
            continue
        said = {tuple(as_text(value) for value in row) for row in found}
        if way is swap_headers and said == right:
            continue  # "Code" is a name for it too, and the list beside has such a header
        assert said == plainly(content[name], headers), (turn, way)
    assert MUTATIONS / 10 < refused < MUTATIONS
