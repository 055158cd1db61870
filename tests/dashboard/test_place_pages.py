"""For places: neighbourhoods side by side, what the targets would take, inequality, and the workbook."""

import io
import sqlite3
from datetime import date, datetime

import openpyxl
import polars as pl
import pytest
from test_pages import words
from world import build

from dashboard import neighbourhoods
from dashboard.panels import what_it_takes
from dashboard.workbook import NOTHING, Sheet, write
from metrics.indicators import all_indicators
from warehouse import observations
from warehouse.home import Home

SIDE, TAKES, UNEQUAL = (
    f"pages/places/{name}.py" for name in ("side_by_side", "what_it_takes", "inequalities")
)
TARGETS = [one for one in all_indicators().values() if one.role == "target"]
FOUR_HOUR = next(one for one in TARGETS if one.national_target == 4)
MADE = date(2026, 11, 22)


def test_a_place_shows_its_own_neighbourhoods_and_their_place_among_all(open_page):
    app = open_page(SIDE, level="place", organisation="PL1", measure=FOUR_HOUR.id)
    assert not app.exception
    heat, among = app.table[0].value, app.table[1].value
    assert len(heat) == len(among) == 3
    assert [cell.split(" of ")[1] for cell in among.iloc[:, 3]] == ["6"] * 3
    ranks = [int(cell.split(" of ")[0]) for cell in among.iloc[:, 3]]
    assert ranks == sorted(ranks)


def test_twelve_months_are_summed_and_divided_once(in_home, made_world):
    in_home(made_world)
    rows = neighbourhoods.beside("e", FOUR_HOUR.id, "neighbourhood", "local", date(2026, 9, 1), None)
    home = Home.open(made_world)
    held = observations.read(home, FOUR_HOUR.id, levels=["neighbourhood"], organisations=["NB1"])
    home.close()
    year = held.filter(pl.col("period").is_between(date(2025, 10, 1), date(2026, 9, 1)))
    earlier = held.filter(pl.col("period").is_between(date(2024, 10, 1), date(2025, 9, 1)))
    mine = rows.filter(pl.col("organisation") == "NB1").row(0, named=True)
    assert mine["value"] == year["numerator"].sum() / year["denominator"].sum()
    assert mine["before"] == earlier["numerator"].sum() / earlier["denominator"].sum()
    assert rows["rank"].sort().to_list() == [1, 2, 3, 4, 5, 6]


def test_what_it_would_take_is_the_sum_a_clinician_could_do(open_page, made_world):
    app = open_page(TAKES, level="place", organisation="PL1")
    assert not app.exception
    home = Home.open(made_world)
    held = observations.read(
        home, FOUR_HOUR.id, levels=["neighbourhood"], organisations=["NB1"], basis="local"
    )
    home.close()
    year = held.filter(pl.col("status") == "final").sort("period").tail(12)
    needed = max(0.0, 0.82 * year["denominator"].sum() - year["numerator"].sum())
    table = app.table[0].value
    column = next(name for name in table.columns if FOUR_HOUR.short_title in name)
    row = table[table.iloc[:, 0] == "Millbrook"]
    assert row[column].item() == what_it_takes._amount(needed)


def test_groups_are_shown_in_their_own_order_with_intervals(open_page):
    app = open_page(UNEQUAL, level="place", organisation="PL1", measure=FOUR_HOUR.id)
    assert not app.exception
    split = next(each for each in FOUR_HOUR.breakdowns if each.name == "deprivation_quintile")
    shown = app.table[0].value.iloc[:, 0].to_list()
    assert shown == [label for label in split.labels.values() if label in shown]
    assert "95% interval" in words(app)


@pytest.mark.parametrize("page", [SIDE, TAKES])
def test_published_figures_alone_say_plainly_that_there_are_no_neighbourhoods(open_page, tmp_path, page):
    build(tmp_path).close()
    with sqlite3.connect(tmp_path / "results.sqlite") as database:
        local = "(SELECT id FROM series WHERE basis = 'local')"
        for table in ("standing", "signal", "observation"):
            database.execute(f"DELETE FROM {table} WHERE series_id IN {local}")
        database.execute("DELETE FROM series WHERE basis = 'local'")
    app = open_page(page, home=tmp_path, level="provider", organisation="RZ1")
    assert not app.exception
    assert "no published file gives them" in words(app)


@pytest.mark.parametrize("page", [SIDE, TAKES, UNEQUAL])
@pytest.mark.parametrize("asked", [{"organisation": "NOWHERE"}, {"by": "shoe_size"}, {"known": "yesterday"}])
def test_what_is_not_there_does_no_harm(open_page, page, asked):
    app = open_page(page, level="place", **asked)
    assert not app.exception
    assert app.title


@pytest.fixture
def book():
    rows = pl.DataFrame(
        {
            "organisation": ["N1", "=1+1"],
            "latest_period": [MADE.replace(day=1), None],
            "value": [0.5, None],
        }
    )
    sheets = [Sheet("One", "The first table", ["A note."], rows), Sheet("None", "Empty", [], rows.clear())]
    made = write("Neighbourhoods of X", ["From local records."], sheets, datetime(2026, 11, 22))
    return openpyxl.load_workbook(io.BytesIO(made))


def test_the_workbook_can_be_read_by_a_screen_reader(book):
    assert book.sheetnames == ["Cover", "One", "None"]
    assert book["Cover"]["A1"].value == "Neighbourhoods of X"
    page = book["One"]
    assert page["A1"].value == "The first table"
    assert not page.merged_cells.ranges
    (table,) = page.tables.values()
    assert table.ref == "A3:C5"
    cells = [[cell.value for cell in row] for row in page[table.ref]]
    assert cells[0] == ["organisation", "latest_period", "value"]
    assert all(cell is not None and cell != "" for row in cells for cell in row)
    assert cells[2] == ["=1+1", NOTHING, NOTHING]
    assert page["A5"].data_type == "s", "a name that begins with = is text, never a formula"
    assert page.freeze_panes == "B4"
    assert book.properties.title == "Neighbourhoods of X"


def test_every_sheet_is_linked_from_the_cover(book):
    links = [cell.hyperlink.location for row in book["Cover"].iter_rows() for cell in row if cell.hyperlink]
    assert links == ["'One'!A1", "'None'!A1"]


def test_people_of_whom_nothing_is_known_are_neither_the_best_nor_the_worst_group(open_page):
    app = open_page(UNEQUAL, level="place", organisation="PL2", measure=FOUR_HOUR.id)
    shares = dict(zip(app.table[0].value.iloc[:, 0], app.table[0].value["Value"], strict=True))
    assert max(shares, key=shares.get) == "Not known", "the made figures put them at one end"
    said = next(m.value for m in app.markdown if "Highest: " in m.value)
    assert "Not known" not in said
    assert f"Highest: 5 least deprived ({shares['5 least deprived']})" in said
