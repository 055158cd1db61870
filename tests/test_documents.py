"""Documents are true of the code: every page, decision and word that a reader can meet is told once."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "benchmarks" / "README.md"]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
SHOWN = """
actual, as known on, assurance, basis, chance, common cause, coverage, fetched, fixed panel,
footprint, forecast, funnel, gap, interval, k of n, limits, no target set, not reported,
over-dispersion, path, peers, pooled figure, provisional, quarantine, receipt, reconciliation, revision,
run, season, signal, stale, standing, suppressed, synthetic
"""
"""Terms of art that columns, headings, boxes and badges of the pages use."""


def pages() -> dict[str, str]:
    """The menu of app.py: each page's title, and the file it is in."""
    calls = [
        node
        for node in ast.walk(ast.parse((ROOT / "app.py").read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.Page"
    ]
    return {
        next(word.value.value for word in call.keywords if word.arg == "title"): call.args[0].value
        for call in calls
    }


def glossary() -> list[str]:
    rows = re.findall(r"^\| (\*\*.+?) \|", (ROOT / "GLOSSARY.md").read_text(), flags=re.MULTILINE)
    return [word for row in rows for word in re.findall(r"\*\*(.+?)\*\*", row)]


@pytest.mark.parametrize("title", pages())
def test_every_page_is_told_in_the_readme(title):
    assert f"**{title}**" in (ROOT / "README.md").read_text()


def test_every_decision_is_in_the_index_once():
    index = (ROOT / "docs" / "decisions" / "README.md").read_text()
    told = re.findall(r"^\| \[(\d+)\]\((.+?)\)", index, flags=re.MULTILINE)
    assert sorted(path for _, path in told) == [path.name for path in DECISIONS]
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == sorted(int(number) for number, _ in told)
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files_that_are_there(path):
    links = [link.split("#")[0] for link in LINK.findall(path.read_text()) if "://" not in link]
    gone = [link for link in links if link and not (path.parent / link).exists()]
    assert gone == []


def test_a_word_is_in_the_glossary_once():
    words = glossary()
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("word", [each.strip() for each in SHOWN.split(",")])
def test_words_that_pages_use_are_in_the_glossary(word):
    assert word in glossary()


def test_words_that_pages_explain_are_in_the_glossary():
    known = set(glossary())
    for path in (ROOT / "dashboard").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "glossary.explain":
                said = {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
                assert said <= known, path


def test_no_change_is_told_twice():
    lines = [line for line in (ROOT / "CHANGELOG.md").read_text().splitlines() if line.startswith("- ")]
    openings = [line[:60] for line in lines]
    assert sorted(openings) == sorted(set(openings))
