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
    assert "Read by NHS England's Making Data Count rules." in told
    assert "Making Data Count Excel tool 5.0 (profile mdc)" in spc.exact_rules(chart.row)
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
    assert spc.state_words("common_cause") == "● Common cause, only chance"
    assert spc.state_words("improvement_high") == "◆ Improvement (higher)"
    assert spc.state_words("neither_low") == "⬢ A change, neither better nor worse (lower)"


NAMES = ("Mean", "Upper limit", "Lower limit")


def middles(drawn) -> dict[str, tuple[float, float]]:
    """Where each name beside the last month stands: pixels up from the bottom, and half its height."""
    low, high = drawn.layout.yaxis.range
    up = trajectory.PLOT_PIXELS / (high - low)
    return {
        note.text: ((note.y - low) * up + (note.yshift or 0), 18 if "Actual" in note.text else 7.5)
        for note in drawn.layout.annotations
        if note.text in NAMES or "Actual" in note.text
    }


def charted(values, target=0.82):
    lines = months(values).with_columns(pl.lit(target).alias("target"))
    chart = Spc.of(SHARE, lines)
    labels = {"actual": "Actual 70.0%"}
    texts = [""] * lines.height
    return lines, trajectory.main_chart(
        lines, LIGHT, unit="", texts=texts, labels=labels, proportion=True, spc=(chart.points, SYMBOLS)
    )


@pytest.mark.parametrize(
    "values",
    [
        FALLEN,
        [0.75, 0.7501] * 12,
        [0.80, 0.81, 0.80, 0.81, *[0.75, 0.79] * 9, 0.81, 0.81],
        [0.5 + 0.01 * i for i in range(30)],
        [0.9, 0.5] * 10,
    ],
    ids=["fallen", "lines lie together", "limit at the target", "rising", "wide"],
)
def test_the_names_of_lines_stand_beside_the_last_month_and_not_over_points_or_each_other(values):
    lines, drawn = charted(values)
    placed = middles(drawn)
    assert len(placed) == 4
    for note in drawn.layout.annotations:
        if note.text in NAMES:
            assert note.x == lines["period"][-1], "to the right of every point, on a phone too"
            assert note.xshift > 0
            assert note.xanchor == "left"
    for name, (middle, half) in placed.items():
        for other, (there, room) in placed.items():
            assert name == other or abs(middle - there) >= half + room - 1, (name, other)


def test_a_name_is_level_with_its_line_where_nothing_is_in_its_way():
    _, drawn = charted([0.9, 0.5] * 10)
    shifts = {note.text: note.yshift for note in drawn.layout.annotations if note.text in NAMES}
    assert shifts["Upper limit"] == shifts["Lower limit"] == 0


def test_a_name_makes_way_for_the_target_line():
    points = Spc.of(SHARE, months(FALLEN)).points
    mean, last = points["mean"][-1], points["period"][-1]
    (_, _, free), (_, _, moved) = (
        layer.name_lines(points, LIGHT, last, [], levels, 0.001) for levels in ([], [mean])
    )
    assert free["yshift"] == 0
    assert abs(moved["yshift"]) >= layer.NAME_HEIGHT / 2


def test_many_months_have_smaller_marks():
    sizes = []
    for count in (20, 40, 80):
        _, drawn = charted([0.75, 0.7, 0.72, 0.74] * (count // 4))
        sizes.append(next(t.marker.size for t in drawn.data if t.name == "common_cause"))
    assert sizes == [7, 6, 5]


def test_years_are_marked_so_that_they_can_be_read_on_a_phone():
    common = {"unit": "", "labels": {}, "proportion": True}
    four = trajectory.main_chart(months([0.75] * 48), LIGHT, texts=[""] * 48, **common)
    twelve = trajectory.main_chart(months([0.75] * 144), LIGHT, texts=[""] * 144, **common)
    assert (four.layout.xaxis.dtick, twelve.layout.xaxis.dtick) == ("M12", "M24")
    assert twelve.layout.xaxis.tickangle == 0
