"""The glossary is read from GLOSSARY.md: as help beside terms, and whole on its page."""

import re

import pytest
from every_text import texts
from test_reading_age import GRADE, grade

from dashboard import glossary

HELPED = {
    "summary/overview": ("standing", "trajectory", "gap", "organisation", "as known on"),
    "summary/matrix": ("variation", "signal", "limits"),
    "boards/board": ("standing", "gap", "assurance", "quarantine", "provisional", "neighbourhood"),
    "places/side_by_side": ("indicator", "organisation", "numerator"),
    "places/inequalities": ("breakdown", "interval"),
    "places/map": ("place", "indicator"),
    "systems/compare": ("funnel", "interval", "pooled figure"),
    "systems/heat_map": ("standing", "provisional"),
    "trajectories/trajectory": ("indicator", "breakdown", "signal", "limits", "forecast"),
    "assurance/data_quality": ("feed", "quarantine", "stale"),
    "assurance/coverage": ("coverage", "fixed panel"),
    "assurance/revisions": ("revision",),
    "assurance/receipt": ("receipt", "numerator", "run"),
}
"""Words of art that a page uses, each explained where it stands first."""


def test_every_word_the_pages_explain_is_in_the_glossary():
    for word in ("organisation", "basis", "indicator", "companion", "breakdown", "assurance", "gap"):
        assert f"**{word}**" in glossary.explain(word), word
    for word in ("quarantine", "provisional", "not reported", "neighbourhood", "unattributed"):
        assert f"**{word}**" in glossary.explain(word), word


def test_words_of_one_row_share_an_entry_said_once():
    assert glossary.explain("variation", "assurance") == glossary.explain("assurance")
    assert glossary.explain("variation").startswith("**variation**, **assurance**: ")


def test_a_word_it_does_not_have_is_left_out():
    assert glossary.explain("no such word") is None
    assert glossary.explain("no such word", "gap") == glossary.explain("gap")


def test_boxes_carry_it_as_help(open_page):
    boxes = {box.key: box.proto.help for box in open_page("pages/trajectories/trajectory.py").selectbox}
    assert "**place**" in boxes["level"]
    assert "**indicator**" in boxes["measure"]


def test_the_page_shows_all_of_it_without_any_figures(open_page, tmp_path):
    app = open_page("pages/assurance/glossary.py", home=tmp_path / "nowhere")
    assert app.title[0].value == "Glossary"
    baseline = glossary.explain("baseline").split(": ", 1)[1]
    assert any(baseline in text.value for text in app.markdown)


def test_the_accessibility_statement_is_the_one_in_docs(open_page, tmp_path):
    from dashboard.panels.reading_room import ACCESSIBILITY

    app = open_page("pages/assurance/accessibility.py", home=tmp_path / "nowhere")
    assert app.title[0].value == "Accessibility"
    said = ACCESSIBILITY.read_text(encoding="utf-8").split("\n", maxsplit=1)[1].strip()
    assert any(text.value.strip() == said for text in app.markdown)


@pytest.mark.parametrize("page", HELPED)
def test_words_of_art_are_explained_where_a_page_uses_them(open_page, page):
    helps = [text for where, text in texts(open_page(f"pages/{page}.py")) if where.endswith("help")]
    untold = [word for word in HELPED[page] if not any(glossary.explain(word) in help for help in helps)]
    assert untold == []


EXPLAINED = sorted({word for words in HELPED.values() for word in words})


@pytest.mark.parametrize("word", EXPLAINED)
def test_no_word_is_explained_by_a_harder_one(word):
    meaning = glossary.explain(word).split(": ", 1)[1]
    assert "`" not in meaning, "a name of the code"
    assert "_" not in meaning
    for sentence in re.split(r"(?<=[.;?]) ", meaning):
        assert len(sentence.split()) < 6 or grade(sentence) <= GRADE + 3, sentence


def test_on_the_page_no_word_stands_in_a_table_and_none_is_lost():
    shown = glossary.as_lists()
    assert "|---" not in shown
    assert [line for line in shown.splitlines() if line.startswith("|")] == []
    words = glossary.WORD.findall("\n".join(re.findall(r"^- (.+?): ", shown, flags=re.MULTILINE)))
    rows = [line for line in glossary.text().splitlines() if line.startswith("| **")]
    assert len(rows) > 60
    assert len(words) >= len(rows)
