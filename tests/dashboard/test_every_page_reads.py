"""Every page as its reader has it: grammar everywhere; where boards read, for one of about twelve."""

import ast
import re
from pathlib import Path
from statistics import median, quantiles

import pytest
from every_text import plain, sentences, texts
from grammar import faults
from test_reading_age import GRADE, grade

from dashboard import wording
from metrics.indicators import all_indicators

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    {
        node.args[0].value
        for node in ast.walk(ast.parse((ROOT / "app.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.Page"
    }
)
BOARDS = (
    "pages/summary/overview.py", "pages/summary/matrix.py", "pages/summary/find.py", "pages/boards/board.py",
    "pages/places/side_by_side.py", "pages/places/what_it_takes.py", "pages/trajectories/trajectory.py",
)  # fmt: skip
ODD = (
    ("pages/boards/board.py", {"level": "ambulance_service"}),
    ("pages/boards/board.py", {"level": "neighbourhood", "organisation": "NB3"}),
    ("pages/summary/matrix.py", {"level": "ambulance_service"}),
    ("pages/systems/heat_map.py", {"level": "region"}),
    ("pages/assurance/coverage.py", {"level": "region"}),
    ("pages/summary/find.py", {"find": "harrow"}),
)
ANALYSTS = ("a name of the code", "small letter at the start")
"""Where rules and files are named, names of the code are the names there are."""
HARDEST = 13.0
"""A list of what is on offer is graded hard for want of small words."""
SHORT = "a month spelt short"
"""In tables, labels and charts there is no room for a month in full."""


def read(app) -> list[tuple[str, str]]:
    assert not app.exception
    return [(where, text) for where, text in texts(app) if text.strip()]


@pytest.mark.parametrize(
    ("page", "address"), [*((page, {}) for page in PAGES), *ODD], ids=lambda each: str(each)[-40:]
)
def test_every_text_of_a_page_is_grammatical(open_page, page, address):
    broken = []
    for where, text in read(open_page(page, **address)):
        said = plain(text)
        but = ANALYSTS if "assurance" in page else ()
        if not said.rstrip().endswith(".") or "cell" in where or "spec" in where:
            but = (*but, SHORT, "space at an end")
        if "help" in where:
            but = (*but, "profile")
        broken += [f"{where}: {fault}" for fault in faults(said, but=but)]
    assert broken == []


NAMES = sorted(
    {
        name
        for one in all_indicators().values()
        for name in (
            one.numerator_title, one.denominator_title, one.short_title, one.event, wording.plural(one.event),
            one.unit, wording.unit_of(one, True), wording.unit_of(one, False),
            *(wording.plural(split.title.lower()) for split in one.breakdowns),
        )
        if name
    },
    key=len,
    reverse=True,
)  # fmt: skip


def nameless(text: str) -> str:
    """Leave out names that nobody can write shorter: of measures, organisations and months."""
    for name in NAMES:
        text = re.sub(re.escape(name), "this", text, flags=re.IGNORECASE)
    text = re.sub(rf"({'|'.join(MONTHS)}) (\d{{4}})", r"\2", text)
    return re.sub(r"[A-Z][\w'’&-]+(?: (?:and )?[A-Z][\w'’&-]+)+", "Hill", text)


MONTHS = ("January", "February", "March", "April", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


@pytest.mark.parametrize("page", BOARDS)
def test_what_boards_read_is_for_a_reader_of_about_twelve(open_page, page):
    said = {
        nameless(each)
        for where, text in read(open_page(page))
        if re.search(r"body|help|alt|label", where)
        for each in sentences(text)
    }
    grades = {each: grade(each) for each in said if len(each.split()) > 5}
    hard = sorted(((round(mark, 1), each) for each, mark in grades.items()), reverse=True)[:5]
    assert len(grades) >= 5, "there is something to read"
    assert hard[0][0] <= HARDEST, hard
    if len(grades) > 10:
        assert median(grades.values()) <= GRADE, hard
        assert quantiles(grades.values(), n=10)[-1] <= 9.0, hard
