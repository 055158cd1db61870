"""How good the forecasts are is said with its numbers, on the definitions page, kind or harsh as it was."""

import polars as pl
import pytest
from world import build

from dashboard.charts.reliability import SYMBOLS, diagram
from dashboard.palette import DARK, LIGHT
from dashboard.reliability import ANCHOR, Reliability
from metrics.calibration import bands
from metrics.indicators import all_indicators
from warehouse import back_tests, forecasts, runs
from warehouse.home import Home
from warehouse.series import KEYS

PAGE = "pages/assurance/definitions.py"
SUMS = pl.DataFrame(
    {
        "tenth": [1, 2, 5, 7, 9],
        "questions": [500, 1000, 100, 200, 300],
        "series": [100, 100, 40, 40, 9],
        "chance_sum": [75.0, 240.0, 55.0, 150.0, 285.0],
        "met": [20, 100, 55, 190, 299],
    }
)
MEASURES = pl.DataFrame(schema={"indicator": pl.String, "basis": pl.String})
FOUND = Reliability(bands(SUMS), MEASURES)


def test_it_says_where_it_was_too_kind_and_where_too_harsh():
    said = FOUND.said()
    assert "too kind where they said 10 to 30% (at worst 24% on average, of which 10% were met)" in said
    assert "too harsh where they said 70 to 80%" in said
    assert "in line where they said 50 to 60%" in said
    assert "between 10 and 50% they said 21% on average and 8% were met" in said
    assert "2,100 questions" in said
    assert said in FOUND.alt()


def test_the_table_is_the_diagrams_twin():
    table = FOUND.table()
    assert table["Chance said"].to_list() == [
        "10 to 20%",
        "20 to 30%",
        "50 to 60%",
        "70 to 80%",
        "90 to 100%",
    ]
    assert table["Met"].to_list() == ["4%", "10%", "55%", "95%", "over 99%"]
    assert table[f"[Verdict](#{ANCHOR})"][-1] == "○ Too few to say"


def test_without_back_tests_it_says_so():
    assert Reliability(bands(SUMS.clear()), MEASURES).said().startswith("No chance has been held")


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_verdicts_differ_by_shape_and_intervals_are_drawn(palette):
    points = next(trace for trace in diagram(FOUND.bands, palette).data if trace.name == "Back tests")
    assert list(points.marker.symbol) == [
        SYMBOLS[verdict] for verdict in FOUND.bands.filter(pl.col("questions") > 0)["verdict"]
    ]
    assert len(set(points.marker.symbol)) == 4
    assert points.marker.size == 11, "size says nothing"
    assert all(length > 0 for length in (*points.error_y.array, *points.error_y.arrayminus))


@pytest.fixture
def tested_home(tmp_path):
    home = build(tmp_path, published=False)
    one = next(one for one in all_indicators().values() if one.role == "target" and one.targets)
    key = {"indicator": one.id, "definition_version": one.version, "basis": "local", "level": "provider"}
    key |= {"organisation": "RZ1", "breakdown": "all", "category": "all"}

    def rows(schema, *given):
        full = [{**key, **dict.fromkeys(schema), **row} for row in given]
        return pl.DataFrame(full, schema={**dict.fromkeys(KEYS, pl.String), **schema})

    record = {"usable_months": 42, "tests": 2, "tested_months": 24, "coverage_80": 0.75, "fingerprint": "f"}
    found = forecasts.Foreseen(
        rows(forecasts.MONTHS),
        rows(forecasts.RECORDS, {**record, "verdict": "beats naive", "model": "m"}),
        rows(forecasts.CHANCES),
        rows(forecasts.TENTHS, {"tenth": 3, "questions": 24, "chance_sum": 8.4, "met": 6}),
    )
    forecasts.write(home, found, one.id, "local", runs.start(home, "forecast"))
    home.close()
    return tmp_path, one


def test_the_definitions_page_shows_stored_back_tests(open_page, tested_home):
    folder, one = tested_home
    app = open_page(PAGE, home=folder)
    assert not app.exception
    assert "How good are the forecasts" in [header.value for header in app.header]
    band, measure = app.table[-2].value, app.table[-1].value
    assert band.to_numpy().tolist() == [
        ["30 to 40%", "35%", "25%", "1% to 88%", "24", "1", "○ Too few to say"]
    ]
    assert measure[f"[80% band held](#{ANCHOR})"].to_list() == ["75%"]
    assert "30 to 40%: 25% met" in app.get("plotly_chart")[0].proto.alt
    other = next(each for each in all_indicators().values() if each.role == "target" and each.id != one.id)
    other_page = " ".join(block.value for block in open_page(PAGE, home=folder, definition=other.id).markdown)
    assert "No chance has been held against what came yet" in other_page


def test_sums_by_measure_and_basis(tested_home):
    folder, one = tested_home
    home = Home.open(folder)
    assert back_tests.chances(home).rows() == [(one.id, "local", 3, 24, 1, 8.4, 6)]
    assert back_tests.forecasts(home).rows() == [(one.id, "local", 1, 1, 0.75)]
    home.close()
