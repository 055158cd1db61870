"""The receipt page: any figure opens it, and what it says is what is stored."""

import json
import re
import sqlite3
from datetime import date
from urllib.parse import parse_qsl

import pytest
from test_pages import words
from world import FETCHED

from dashboard import receipts
from metrics.indicators import all_indicators
from warehouse import observations
from warehouse.home import Home

PAGE = "pages/assurance/receipt.py"
FOUR_HOUR = next(
    one for one in all_indicators().values() if one.national_target == 4 and one.role == "target"
)


@pytest.fixture
def home(made_world):
    opened = Home.open(made_world)
    yield opened
    opened.close()


@pytest.fixture
def opened(open_page):
    def go(**choices):
        return open_page(PAGE, **{"measure": FOUR_HOUR.id, **choices})

    return go


def test_the_figure_its_two_sides_and_its_run(opened, home):
    app = opened(level="place", organisation="PL1", month="2026-09")
    assert app.title[0].value == f"Receipt: {FOUR_HOUR.short_title}, Ashford Vale, September 2026"
    stored = observations.read(home, FOUR_HOUR.id, levels=["place"], organisations=["PL1"], basis="local")
    newest = stored.sort("period").row(-1, named=True)
    said = words(app)
    assert f"{newest['numerator']:,.0f} (" in said
    assert f"{newest['denominator']:,.0f} (" in said
    assert repr(newest["value"]) in said
    assert "`targets refresh`)." in said, "the run said nothing more of itself"
    assert "No rules are on record" in said
    assert "this figure has not changed" in said


def test_a_month_not_reported_is_told_as_such_and_nothing_is_divided(opened, own_world):
    with sqlite3.connect(own_world / "results.sqlite") as connection:
        connection.execute(
            "UPDATE observation SET numerator = NULL, value = NULL, status = 'not_reported' "
            "WHERE period = '2026-08-01' AND series_id IN (SELECT id FROM series WHERE indicator = ? "
            "AND organisation = 'PL1' AND breakdown = 'all')",
            (FOUR_HOUR.id,),
        )
    said = words(opened(home=own_world, level="place", organisation="PL1", month="2026-08"))
    assert "**There is no value: not reported.** Held: " in said
    assert "divided by" not in said


def test_a_file_that_was_fetched_says_from_where_and_one_brought_by_hand_says_nothing(opened):
    assert FETCHED in words(opened(level="place", organisation="PL1", month="2026-08"))
    assert "Fetched from" not in words(opened(level="place", organisation="PL1", month="2026-07"))


def test_the_table_of_a_trajectory_links_each_month_to_its_receipt(open_page):
    app = open_page(
        "pages/trajectories/trajectory.py",
        level="place",
        organisation="PL1",
        measure=FOUR_HOUR.id,
    )
    link = next(
        cell for table in app.table for cell in table.value.to_numpy().ravel() if "(receipt?" in str(cell)
    )
    for part in ("level=place", "organisation=PL1", f"measure={FOUR_HOUR.id}", "month=2026-09"):
        assert part in link


@pytest.mark.parametrize(
    "asked",
    [
        {"month": "1999-01"},
        {"organisation": "NOWHERE"},
        {"breakdown": "colour", "category": "red"},
        {"month": "'; drop table observation; --"},
    ],
)
def test_an_address_that_asks_for_what_is_not_there_still_shows_a_receipt(opened, asked):
    app = opened(level="place", **asked)
    assert not app.exception
    assert app.title[0].value.startswith("Receipt: ")


def test_a_part_of_a_breakdown_has_a_receipt_of_its_own(opened):
    split = FOUR_HOUR.breakdowns[0]
    category = next(iter(split.labels))
    app = opened(level="place", organisation="PL1", breakdown=split.name, category=category)
    assert not app.exception
    assert f"Part: {category}." in words(app)


def test_the_download_is_the_whole_receipt(opened, home):
    opened(level="place", organisation="PL1", month="2026-09")
    receipt = receipts.read("any", FOUR_HOUR.id, "place", "PL1", "local", date(2026, 9, 1))
    whole = json.loads(receipts.as_json(receipt))
    assert whole["organisation"] == "PL1"
    assert whole["value"] == receipt.figure["value"]
    assert isinstance(whole["rules"], list)


def links_to_receipts(app) -> list[str]:
    """Every address of a receipt in the words, tables and labels of a page."""
    labels = [one.label for one in app.metric]
    return re.findall(r"\]\(receipt\?([^) ]+)", " ".join([words(app), *labels]))


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("pages/summary/overview.py", {"level": "provider", "organisation": "RZ1"}),
        ("pages/boards/board.py", {"level": "provider", "organisation": "RZ1"}),
        ("pages/systems/compare.py", {"level": "neighbourhood", "measure": FOUR_HOUR.id}),
    ],
)
def test_a_figure_of_a_summary_is_one_press_from_its_receipt(open_page, page, address):
    found = links_to_receipts(open_page(page, **address))
    mine = [link for link in found if f"measure={FOUR_HOUR.id}" in link]
    assert mine, "each figure has a link of its own"
    asked = dict(parse_qsl(mine[0]))
    assert asked["level"] == address["level"]
    receipt = open_page(PAGE, **asked)
    assert receipt.title[0].value.startswith(f"Receipt: {FOUR_HOUR.short_title}, ")
    assert "Unrounded: " in words(receipt)


def test_a_value_of_a_part_opens_the_receipt_of_that_part(open_page):
    split = FOUR_HOUR.breakdowns[0]
    category = next(iter(split.labels))
    asked = {"level": "provider", "measure": FOUR_HOUR.id, "part": f"{split.name}.{category}"}
    (first, *_) = links_to_receipts(open_page("pages/systems/compare.py", **asked))
    assert f"Part: {category}." in words(open_page(PAGE, **dict(parse_qsl(first))))


def test_hashes_and_broken_rules_stand_in_the_open_so_that_they_are_on_paper(opened):
    app = opened(level="place", organisation="PL1", month="2026-08")
    lines = app.code[0].value.splitlines()
    (files,) = (table.value["File"] for table in app.table if "File" in table.value.columns)
    assert [line.split("  ")[1] for line in lines] == files.to_list()
    folded = [code for expander in app.expander for code in expander.code]
    assert not folded
