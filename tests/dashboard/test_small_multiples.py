"""Small charts beside the main one: whose own comes first, what has stopped, what was never there."""

import sqlite3
from datetime import date

import polars as pl
import pytest
from world import NAMES

from dashboard import queries
from dashboard.panels.subjects import called
from metrics.indicators import all_indicators
from warehouse import organisations
from warehouse.home import Home

PAGE = "pages/trajectories/trajectory.py"
SHARE = next(
    one for one in all_indicators().values() if one.kind == "proportion" and one.targets and not one.k_of_n
)
HERE = {"level": "place", "organisation": "PL2", "measure": SHARE.id}
INSIDE = ["NB4", "NB5", "NB6"]
MINE = f"indicator = '{SHARE.id}' AND level = 'neighbourhood' AND breakdown = 'all' AND organisation = "


def captions(app) -> list[str]:
    named = tuple(f"**{NAMES['neighbourhood'][code]}** " for code in INSIDE)
    return [m.value for m in app.markdown if m.value.startswith(named)]


@pytest.fixture
def patchy(own_world):
    """One neighbourhood never had a figure; another's stopped a year ago."""
    with sqlite3.connect(own_world / "results.sqlite") as database:
        series = f"series_id IN (SELECT id FROM series WHERE {MINE}"
        database.execute(f"UPDATE observation SET value = NULL WHERE {series} 'NB6')")
        database.execute(f"DELETE FROM observation WHERE period > '2025-09-01' AND {series} 'NB4')")
    return own_world


def test_every_chart_says_of_how_many_and_its_month_only_where_others_are_newer(open_page):
    said = captions(open_page(PAGE, **HERE))
    assert len(said) == 3
    assert all(":small[n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}" in one for one in said)
    assert not any(" in\N{NO-BREAK SPACE}" in one or "[in " in one for one in said)


def test_what_stopped_comes_last_with_its_month_and_what_was_never_there_is_in_the_table(open_page, patchy):
    app = open_page(PAGE, home=patchy, **HERE)
    assert not app.exception
    said = captions(app)
    assert len(said) == 2
    names = NAMES["neighbourhood"]
    assert said[0].startswith(f"**{names['NB5']}**")
    assert said[1].startswith(f"**{names['NB4']}**")
    assert "[in Sep 2025]" in said[1]
    table = next(t.value for t in app.table if "Gap to the path" in t.value.columns)
    assert set(table["Name"]) == {names[code] for code in INSIDE}


def test_a_published_england_is_not_called_by_the_name_of_the_made_up_one(own_world, in_home):
    home = Home.open(own_world)
    row = {"code": "Y99", "level": "region", "name": "MIDMARCH", "parent": None}
    row |= {"valid_from": date(2020, 4, 1), "valid_to": None, "successor": None}
    organisations.write(home, pl.DataFrame([row]), "published")
    home.close()
    in_home(own_world)
    held = queries.organisations("with published names").filter(pl.col("code") == "Y99").to_dicts()[0]
    assert called(held, "local") == NAMES["region"]["Y99"]
    assert called(held, "published") == "Midmarch"
    place = queries.organisations("with published names").filter(pl.col("code") == "PL1").to_dicts()[0]
    assert called(place, "published") == called(place, "local") == NAMES["place"]["PL1"]


def test_names_in_capitals_are_written_as_people_write_them_wherever_figures_are(own_world, in_home):
    with sqlite3.connect(own_world / "results.sqlite") as database:
        database.execute("UPDATE organisation SET name = 'HARROW MOOR INFIRMARY' WHERE code = 'RZ2'")
    in_home(own_world)
    lines = queries.history("capitals", SHARE.id, "provider", ("RZ1", "RZ2"), "all", "local")
    said = dict(lines.select("organisation", "organisation_name").unique().iter_rows())
    assert said == {"RZ1": NAMES["provider"]["RZ1"], "RZ2": "Harrow Moor Infirmary"}
