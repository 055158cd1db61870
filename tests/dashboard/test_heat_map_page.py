"""The heat map: every cell is the stored standing, and opens its trajectory."""

from urllib.parse import parse_qs, urlsplit

import pytest
from test_pages import words
from world import KNOWN_AT, NAMES

from dashboard import stood
from metrics.indicators import all_indicators
from warehouse import standings
from warehouse.home import Home

PAGE = "pages/systems/heat_map.py"
TARGETS = [one for one in all_indicators().values() if one.role == "target"]


def test_every_organisation_and_every_target_with_links_to_trajectories(open_page):
    app = open_page(PAGE, level="neighbourhood")
    assert not app.exception
    table = app.table[0].value
    assert table.shape == (len(NAMES["neighbourhood"]), 1 + len(TARGETS))
    cells = [cell for cell in table.to_numpy().ravel() if "(trajectory?" in cell]
    assert len(cells) == len(NAMES["neighbourhood"]) * len(TARGETS)
    asked = parse_qs(urlsplit(cells[0][cells[0].index("(") + 1 : -1]).query)
    assert set(asked) >= {"level", "organisation", "measure"}


def test_the_sentence_counts_the_stored_verdicts(open_page, made_world):
    app = open_page(PAGE, level="neighbourhood")
    home = Home.open(made_world)
    held = standings.read(home, levels=["neighbourhood"], basis="local")
    home.close()
    mine = held.filter(held["indicator"].is_in([one.id for one in TARGETS]))
    words_of = mine["status_words"].to_list()
    behind = words_of.count("behind")
    judged = sum(one in ("behind", "on track", "met") for one in words_of)
    assert f"{behind} of {judged} verdicts are “behind”." in words(app)


def test_in_order_of_a_measure_those_behind_come_first(open_page):
    one = next(each for each in TARGETS if each.national_target == 4)
    app = open_page(PAGE, level="neighbourhood", order=one.id)
    column = 1 + [each.id for each in TARGETS].index(one.id)
    shapes = [cell[cell.index("badge[") + 6] for cell in app.table[0].value.iloc[:, column]]
    behind = [shape == "▼" for shape in shapes]
    assert behind == sorted(behind, reverse=True)


def test_as_known_on_the_day_of_the_figures_it_says_the_same(in_home, made_world):
    in_home(made_world)
    now = stood.of_level("e", "place", "local", None)
    then = stood.of_level("e", "place", "local", KNOWN_AT.date())
    keys = ["organisation", "indicator", "status_words", "latest_value"]
    assert then.select(keys).sort(keys[:2]).equals(now.select(keys).sort(keys[:2]))


@pytest.mark.parametrize("asked", [{"within": "PL1"}, {"order": "nothing"}, {"level": "galaxy"}])
def test_what_is_not_there_does_no_harm(open_page, asked):
    app = open_page(PAGE, **{"level": "neighbourhood", **asked})
    assert not app.exception
    assert app.title
