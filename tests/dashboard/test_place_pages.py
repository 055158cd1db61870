"""For places: neighbourhoods side by side, what the targets would take, inequality, and the workbook."""

import io
import sqlite3
import zipfile
from datetime import date, datetime

import openpyxl
import polars as pl
import pytest
from test_pages import words
from world import build

from dashboard import neighbourhoods, place_book, stood, takes_words, wording
from dashboard.charts import intervals
from dashboard.palette import LIGHT
from dashboard.panels import every_measure, what_it_takes
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
    heat, every, among = (table.value for table in app.table[:3])
    assert len(heat) == 3
    assert len(every) == 3 * len(TARGETS)
    assert len(among) == 6
    here = [name.startswith("◆ ") for name in among["Neighbourhood"]]
    assert sum(here) == 3
    ranks = [int(cell.split(" of ")[0]) for cell in among["Among all"]]
    assert ranks == sorted(ranks)


def test_every_target_is_there_with_interval_people_and_change_for_each_neighbourhood(open_page, made_world):
    """By hand for one of them: 12 months summed, divided once; Wilson; the same months a year before."""
    app = open_page(SIDE, level="place", organisation="PL1")
    every = app.table[1].value
    assert set(every["Neighbourhood"]) == {"Millbrook", "Castle Hill", "Riverside"}
    assert len(set(every["Measure"])) == len(TARGETS)
    mine = every[
        every["Measure"].str.contains(FOUR_HOUR.short_title) & (every["Neighbourhood"] == "Millbrook")
    ]
    home = Home.open(made_world)
    held = observations.read(home, FOUR_HOUR.id, levels=["neighbourhood"], organisations=["NB1"])
    home.close()
    year = held.filter(pl.col("period").is_between(date(2025, 10, 1), date(2026, 9, 1)))
    before = held.filter(pl.col("period").is_between(date(2024, 10, 1), date(2025, 9, 1)))
    r, n = year["numerator"].sum(), year["denominator"].sum()
    p, z = r / n, 1.959964
    middle, half = (
        (p + z**2 / (2 * n)) / (1 + z**2 / n),
        z / (1 + z**2 / n) * (p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5,
    )
    assert mine["Rate"].item() == f"{100 * p:.1f}%"
    interval = mine["95% interval"].item().replace("\xa0", " ")
    assert interval == f"{100 * (middle - half):.1f}% to {100 * (middle + half):.1f}%"
    change = p - before["numerator"].sum() / before["denominator"].sum()
    assert (
        f"{abs(change) * 100:.1f} points {'better' if change > 0 else 'worse'}"
        in mine["On the year before"].item()
    )
    newest = held.filter(pl.col("period") == date(2026, 9, 1))["denominator"].item()
    assert mine["How many, newest month"].item() == f"{newest:,.0f} attendances"


def test_people_of_a_rate_are_said_as_people():
    rate = next(one for one in TARGETS if one.kind == "rate")
    pace = next(one for one in TARGETS if one.kind == "pace")
    month = date(2026, 9, 1)
    assert every_measure.people(rate, 991.0, month) == "991 people in the cohort"
    # 22 working days in September 2026: 668.008 is 22 times 30.364 thousand.
    assert every_measure.people(pace, 668.008, month) == "30,364 registered patients"
    assert every_measure.people(rate, None, month) == "–"


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


@pytest.mark.parametrize(("asked", "share"), [({}, 0.10), ({"if": "20"}, 0.20)])
def test_where_no_size_is_set_an_example_is_shown_and_called_one(open_page, made_world, asked, share):
    one = next(each for each in TARGETS if takes_words.sizeless(each))
    app = open_page(TAKES, level="place", organisation="PL1", **asked)
    home = Home.open(made_world)
    held = observations.read(home, one.id, levels=["neighbourhood"], organisations=["NB1"], basis="local")
    home.close()
    year = held.filter(pl.col("status") == "final").sort("period").tail(12)["numerator"].sum()
    table = app.table[0].value
    column = next(name for name in table.columns if one.short_title in name)
    assert column.endswith(f"if {share:.0%} fewer")
    assert table[table.iloc[:, 0] == "Millbrook"][column].item() == wording.number(year * share, 0)
    assert "an example, not a target" in words(app)


def test_groups_are_shown_in_their_own_order_with_intervals(open_page):
    app = open_page(UNEQUAL, level="place", organisation="PL1", measure=FOUR_HOUR.id)
    assert not app.exception
    split = next(each for each in FOUR_HOUR.breakdowns if each.name == "deprivation_quintile")
    table = app.table[0].value
    shown = table[table["By"] == "Deprivation"]["Group"].to_list()
    assert shown == [label for label in split.labels.values() if label in shown]
    assert list(table["By"].unique()) == ["Deprivation", "Age", "Ethnic group", "Sex"]
    assert [header.value for header in app.header][:4] == [
        "By deprivation", "By age", "By ethnic group", "By sex",
    ]  # fmt: skip
    assert len(app.get("plotly_chart")) == 4


def test_charts_of_groups_share_one_scale_and_the_line_of_everyone():
    rows = pl.DataFrame(
        {
            "organisation": ["1", "2", "3"],
            "organisation_name": ["1 most", "2", "2"],
            "value": [0.5, 0.6, 0.7],
            "lower": [0.4, 0.5, None],
            "upper": [0.6, 0.7, None],
        }
    )
    drawn = intervals.draw(
        rows, LIGHT, unit="% of people", proportion=True, texts=["50%", "60%", "70%"], chosen=["2"],
        average=(0.55, "Everyone: 55%"), span=(0.0, 1.0),
    )  # fmt: skip
    assert list(drawn.layout.xaxis.range) == [0.0, 1.0]
    names = list(drawn.data[0].y)
    assert len(set(names)) == 3, "a name that is there twice has two rows"
    assert not any(name.isdigit() for name in names), "a name that is a number would be a place on the axis"
    said = {note.y: note.text for note in drawn.layout.annotations}
    assert [said[name] for name in names] == ["50%", "60%", "70%"]
    assert said[1] == "Everyone: 55%"
    assert list(drawn.data[0].marker.symbol) == ["circle-open", "diamond", "circle-open"]
    assert drawn.layout.yaxis.range[0] > drawn.layout.yaxis.range[1], "from the top down"


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
def whole_book(in_home, made_world):
    in_home(made_world)
    return place_book.of("e", "place", "PL1", "Ashford Vale", ("NB1", "NB2", "NB3"), None)


def frame_of(book, name: str) -> pl.DataFrame:
    page = book[name]
    (table,) = page.tables.values()
    head, *cells = [[str(cell.value) for cell in row] for row in page[table.ref]]
    return pl.DataFrame(cells, schema=dict.fromkeys(head, pl.String), orient="row")


def test_the_workbook_of_a_place_equals_its_pages(whole_book):
    book = openpyxl.load_workbook(io.BytesIO(whole_book))
    assert book.sheetnames == [
        "Cover", "Standings", "Rates", "What it would take", "Inequality", "Notes", "Definitions",
    ]  # fmt: skip
    codes = ("NB1", "NB2", "NB3")
    rates = frame_of(book, "Rates")
    every = neighbourhoods.every("e", codes, None)
    keys = ["measure", "organisation"]
    names = {one.id: wording.numbered(one) for one in TARGETS}
    held = every.with_columns(measure=pl.col("indicator").replace_strict(names)).sort(keys)
    assert rates.sort(keys)["value"].cast(pl.Float64).to_list() == pytest.approx(
        held["value"].to_list(), rel=1e-14
    )
    takes = frame_of(book, "What it would take")
    assert set(takes["organisation"]) == {"PL1", *codes}
    standing = stood.of_level("e", "neighbourhood", "local", None)
    mine = standing.filter(pl.col("organisation").is_in(codes), pl.col("indicator").is_in(list(names)))
    assert frame_of(book, "Standings").height == mine.height == 3 * len(TARGETS)
    groups = frame_of(book, "Inequality")
    part = neighbourhoods.by_part("e", FOUR_HOUR.id, "place", "PL1", "local", "sex", None)
    mine = groups.filter(pl.col("measure") == wording.numbered(FOUR_HOUR), pl.col("group") == "Sex")
    assert mine["value"].cast(pl.Float64).to_list() == pytest.approx(part["value"].to_list(), rel=1e-14)
    assert frame_of(book, "Notes").height >= 5
    assert set(frame_of(book, "Definitions")["measure"]) == set(names.values())


def test_every_sheet_of_a_places_workbook_is_one_described_table(whole_book):
    book = openpyxl.load_workbook(io.BytesIO(whole_book))
    for page in book.worksheets[1:]:
        assert len(page.tables) == 1
        assert not page.merged_cells.ranges
        assert page["A1"].value
        (table,) = page.tables.values()
        assert table.headerRowCount == 1
        assert all(cell.value not in (None, "") for row in page[table.ref] for cell in row), page.title
    with zipfile.ZipFile(io.BytesIO(whole_book)) as parts:
        tables = [parts.read(name).decode() for name in parts.namelist() if "/tables/" in name]
    assert len(tables) == len(book.worksheets) - 1
    assert all("altTextSummary=" in one or "altText=" in one for one in tables)


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
    assert page.column_dimensions["A"].width > len("organisation") * 0.6
    assert book.properties.title == "Neighbourhoods of X"


def test_every_sheet_is_linked_from_the_cover(book):
    links = [cell.hyperlink.location for row in book["Cover"].iter_rows() for cell in row if cell.hyperlink]
    assert links == ["'One'!A1", "'None'!A1"]


def test_people_of_whom_nothing_is_known_are_neither_the_best_nor_the_worst_group(open_page):
    app = open_page(UNEQUAL, level="place", organisation="PL2", measure=FOUR_HOUR.id)
    table = app.table[0].value
    table = table[table["By"] == "Deprivation"]
    shares = dict(zip(table["Group"], table["Rate"], strict=True))
    assert max(shares, key=shares.get) == "Not known", "the made figures put them at one end"
    said = next(m.value for m in app.markdown if "Highest: " in m.value)
    assert "Not known" not in said
    assert f"Highest: Least deprived fifth ({shares['Least deprived fifth']})" in said
