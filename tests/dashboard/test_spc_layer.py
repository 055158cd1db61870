"""The SPC layer says what it shows: the reason, what the lines rest on, each signal as shape and words."""

from datetime import date

import polars as pl
import pytest

from dashboard import spc
from dashboard.charts import spc as layer
from dashboard.charts import trajectory
from dashboard.palette import DARK, LIGHT
from dashboard.spc import MARKS, Spc
from metrics.baseline import SERIES
from metrics.indicators import all_indicators

SHARE = next(one for one in all_indicators().values() if one.kind == "proportion" and one.targets)
SYMBOLS = {name: mark.symbol for name, mark in MARKS.items()}


def months(values, status="final") -> pl.DataFrame:
    start = date(2024, 1, 1)
    end = date(2024 + (len(values) - 1) // 12, (len(values) - 1) % 12 + 1, 1)
    keys = dict.fromkeys(SERIES, "all") | {"indicator": SHARE.id}
    return pl.DataFrame(
        {
            "period": pl.date_range(start, end, "1mo", eager=True),
            "value": values,
            "status": [status] * len(values),
        }
    ).with_columns(
        *(pl.lit(value).alias(name) for name, value in keys.items()),
        pl.lit(0.82).alias("target"),
        pl.lit(None, pl.Float64).alias("path"),
    )


FALLEN = [0.75, 0.76, 0.74, 0.75, 0.77, 0.75, 0.74, 0.76, 0.75, 0.74, 0.76] + [0.70, 0.69, 0.71, 0.70] * 2


def test_a_run_below_the_mean_is_a_concern_with_its_reason():
    chart = Spc.of(SHARE, months(FALLEN))
    said = chart.said(SHARE, counted=False)
    assert said.startswith("■ Concern (lower): 8 months running below the mean, since December 2024")
    assert "■ concern" in chart.legend()
    told = chart.drawn_from(SHARE, counted=False)
    assert "from 19 final months" in told
    assert "Making Data Count Excel tool 5.0 (profile mdc)" in told
    assert "concern" in chart.alt(SHARE, counted=False)


def test_under_13_points_there_are_no_limits_and_it_says_so():
    chart = Spc.of(SHARE, months(FALLEN[:12]))
    assert chart.said(SHARE, counted=False).startswith(
        "Too few months to tell signals from chance: 12 of the 13"
    )
    assert chart.drawn_from(SHARE, counted=False) == chart.legend() == ""
    assert chart.points["state"].null_count() == 12
    assert [line["name"] for line in layer.lines(chart.points, LIGHT)] == ["Mean"]


def test_provisional_months_are_no_points():
    assert "final yet" in Spc.of(SHARE, months(FALLEN, "provisional")).said(SHARE, counted=False)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_signals_differ_by_shape_and_carry_an_outline(palette):
    lines = months(FALLEN)
    chart = Spc.of(SHARE, lines)
    drawn = trajectory.main_chart(
        lines,
        palette,
        unit="",
        texts=chart.texts(lines["period"].to_list(), [""] * lines.height),
        labels={"actual": "Actual 70.0%"},
        proportion=True,
        spc=(chart.points, SYMBOLS),
    )
    marked = [trace for trace in drawn.data if trace.name in MARKS]
    assert {trace.marker.symbol for trace in marked} >= {"square", "diamond"}
    assert {trace.marker.color for trace in marked} <= set(layer.COLOURS.values())
    assert all(trace.marker.line.color in (palette.ink, palette.quiet) for trace in marked)
    texts = next(trace for trace in drawn.data if trace.name == "Actual").text
    assert "■ Concern (lower)" in texts[-1]
    assert "part of a run" in texts[-1]
    names = [note.text for note in drawn.layout.annotations]
    assert {"Mean", "Upper limit", "Lower limit"} <= set(names)


def test_every_state_has_words():
    assert spc.state_words(None) == "–"
    assert spc.state_words("common_cause") == "● Common cause, ordinary variation"
    assert spc.state_words("improvement_high") == "◆ Improvement (higher)"
    assert spc.state_words("neither_low") == "⬢ A change, neither better nor worse (lower)"


def named(points, taken=(), crowd=()) -> dict[str, tuple[date, str]]:
    found = layer.name_lines(points, LIGHT, taken, crowd, lift=0.01)
    return {each["text"]: (each["x"], each["yanchor"]) for each in found}


def test_the_names_of_lines_keep_clear_of_points_and_of_each_other():
    points = Spc.of(SHARE, months(FALLEN)).points
    start, end = points["period"][0], points["period"][-1]
    upper = points["upper_limit"][0]
    assert named(points)["Upper limit"] == (end, "bottom")
    beside = [(upper + 0.01, 0.012)]
    assert named(points, beside)["Upper limit"] == (start, "bottom")
    assert named(points, beside, beside)["Upper limit"] == (end, "top")
    both = [*beside, (upper - 0.01, 0.012)]
    assert named(points, both, both)["Upper limit"] == (start, "bottom"), "no room anywhere"
    steady = Spc.of(SHARE, months([0.75, 0.7501] * 12)).points
    placed = named(steady)
    assert len(set(placed.values())) == 3, "three lines that lie together are named at different places"


def test_a_name_at_the_left_does_not_stand_over_the_first_points():
    common = {"unit": "", "texts": [""] * 24, "labels": {}, "proportion": True}
    # The last month and its target lie just above the upper limit, and so do the first points.
    lines = months([0.80, 0.81, 0.80, 0.81, *[0.75, 0.79] * 9, 0.81, 0.81])
    chart = Spc.of(SHARE, lines)
    drawn = trajectory.main_chart(lines, LIGHT, **common, spc=(chart.points, SYMBOLS))
    top, bottom = drawn.layout.yaxis.range[1], drawn.layout.yaxis.range[0]
    pixel = (top - bottom) / trajectory.PLOT_PIXELS
    for note in drawn.layout.annotations:
        if note.text in ("Upper limit", "Mean", "Lower limit") and note.x == lines["period"][0]:
            middle = note.y + 9 * pixel * (1 if note.yanchor == "bottom" else -1)
            assert all(abs(value - middle) >= 13 * pixel for value in lines["value"].head(4))


def test_years_are_marked_so_that_they_can_be_read_on_a_phone():
    common = {"unit": "", "labels": {}, "proportion": True}
    four = trajectory.main_chart(months([0.75] * 48), LIGHT, texts=[""] * 48, **common)
    twelve = trajectory.main_chart(months([0.75] * 144), LIGHT, texts=[""] * 144, **common)
    assert (four.layout.xaxis.dtick, twelve.layout.xaxis.dtick) == ("M12", "M24")
    assert twelve.layout.xaxis.tickangle == 0
