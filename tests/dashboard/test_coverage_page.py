"""The coverage page: every state has a mark, a letter and words; what England's figure rests on is said."""

from datetime import date

import polars as pl
import pytest
from world import KNOWN_AT, NEWEST, build

from dashboard import covered
from dashboard.charts import coverage as charts
from dashboard.palette import LIGHT
from dashboard.panels import figures
from metrics import coverage as measure
from metrics.indicators import all_indicators
from warehouse import observations, runs

PAGE = "pages/assurance/coverage.py"
SHARE = next(one for one in all_indicators().values() if one.kind == "proportion" and one.published)


def words(app) -> str:
    tables = [" ".join(map(str, [*t.value.columns, *t.value.to_numpy().ravel()])) for t in app.table]
    return " ".join([*(m.value for m in app.markdown), *tables])


def test_a_gap_comes_first_and_is_told_from_a_nought(open_page):
    app = open_page(PAGE, level="neighbourhood", measure=SHARE.id, year="2024")
    assert not app.exception
    letters = app.table[0].value
    name = letters.columns[0]
    assert letters[name][0] == "Riverside (NB3)"
    assert letters["Jan 25"].to_list() == ["N"]
    assert "The other 5 have none." in words(app)
    assert "6 of 6 neighbourhoods (100%) reported in March 2025" in words(app)
    assert "5 of 6 have a figure in every month" in words(app)
    shares = app.table[1].value
    january = shares[shares["Month"] == "January 2025"]
    assert january["Share"].to_list() == ["83.3%"]
    assert january["Not reported"].to_list() == ["1"]


def test_the_year_is_in_the_address_and_the_newest_is_the_usual(open_page):
    app = open_page(PAGE, level="provider", measure=SHARE.id, basis="published")
    assert app.selectbox(key="year").value == str(NEWEST.year)
    assert app.table[0].value["Month"][0] == "April 2026"
    assert "Nobody: every figure that was expected is there." in words(app)


def test_before_anything_was_known_the_page_says_so(open_page):
    app = open_page(PAGE, level="provider", measure=SHARE.id, known="2026-10-14")
    assert "reported in September 2026" in words(app)
    assert "as known at the end of 14 October 2026" in " ".join(one.value for one in app.info)


def test_every_state_has_a_mark_letter_and_words_of_its_own():
    assert set(covered.MARKS) == set(measure.STATES)
    for what in ("symbol", "letter", "words"):
        seen = [getattr(mark, what) for mark in covered.MARKS.values()]
        assert len(set(seen)) == len(seen), what


def test_the_grid_draws_each_state_by_shape_with_a_row_for_each_organisation():
    months = [date(2025, 12, 1), date(2026, 1, 1)]
    cells = pl.DataFrame(
        {
            "organisation": ["A", "A", "B", "B"],
            "organisation_name": ["Ash", "Ash", None, None],
            "period": months * 2,
            "state": ["present", "missing", "not_reported", "present"],
        }
    )
    marks = {state: (mark.symbol, mark.words) for state, mark in covered.MARKS.items()}
    figure = charts.grid(cells, ["A", "B"], marks, ["missing", "not_reported"], LIGHT)
    drawn = {trace.name: (trace.marker.symbol, list(trace.y)) for trace in figure.data}
    assert drawn == {
        "Figure": ("square", [0, 1]),
        "Not reported": ("diamond", [1]),
        "Missing": ("x-thin", [0]),
    }
    assert list(figure.layout.xaxis.ticktext) == ["2025<br>D", "<br>J"]
    assert [(one.text, one.y) for one in figure.layout.annotations] == [("A Ash", 0), ("B", 1)]
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1], "the first is drawn on top"


def test_every_mark_has_a_letter_for_the_words_over_the_chart():
    assert {mark.symbol for mark in covered.MARKS.values()} <= set(figures.DRAWN)


@pytest.mark.parametrize(
    ("reach", "said"),
    [
        ([(120, 135), (129, 135)], "rests on 129 of 135 organisations (95.6%); the fewest were 120 of 135"),
        ([(135, 135), (100, 135)], "100 of 135 organisations (74.1%). Under 80% there is no verdict"),
        ([(None, None), (None, None)], ""),
    ],
)
def test_what_a_figure_rests_on(reach, said):
    lines = pl.DataFrame(
        {
            "period": [date(2024, 4, 1), date(2024, 5, 1)],
            "value": [0.8, 0.8],
            "reporting": [one for one, _ in reach],
            "expected": [one for _, one in reach],
        },
        schema_overrides={"reporting": pl.Float64, "expected": pl.Float64},
    )
    text = covered.rests_on(SHARE, lines)
    assert said in text if said else text == ""


def test_the_summary_says_what_each_figure_rests_on(open_page, tmp_path):
    home = build(tmp_path)
    run = runs.start(home, "load")
    held = observations.read(home, SHARE.id, ["provider"], ["RZ1"], basis="published")
    reached = held.with_columns(reporting=pl.lit(9.0), expected=pl.lit(12.0))
    observations.write(home, reached, SHARE.id, "published", None, run, KNOWN_AT.replace(month=11))
    runs.finish(home, run, "done")
    home.close()
    app = open_page(home=tmp_path, level="provider", organisation="RZ1", basis="published")
    assert "rests on 9 of 12 organisations (75%). Under 80% there is no verdict" in words(app)
    local = open_page(home=tmp_path, level="provider", organisation="RZ1", basis="local")
    assert "rests on" not in words(local)
