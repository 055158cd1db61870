"""Charts are plain figures: the same marks for the same things, and nothing joined that is not known."""

from datetime import date

import plotly.graph_objects as go
import plotly.io as pio
import polars as pl
import pytest

from dashboard.charts import freshness, marks, rows, trajectory
from dashboard.charts import seasons as season_marks
from dashboard.noted import Badge
from dashboard.palette import DARK, LIGHT
from dashboard.spc import MARKS

MONTHS = pl.date_range(date(2025, 4, 1), date(2026, 3, 1), "1mo", eager=True)
SERIES = pl.DataFrame(
    {
        "period": MONTHS,
        "value": [0.70, 0.71, None, 0.73, 0.74, 0.75, 0.76, 0.77, 0.78, 0.79, None, None],
        "path": [None] * 4 + [0.7 + i / 100 for i in range(8)],
        "target": [0.78] * 12,
        "status": ["final"] * 8 + ["provisional"] * 2 + [None, None],
    }
)
TEXTS = [""] * SERIES.height


def named(figure, name):
    return next(trace for trace in figure.data if trace.name == name)


def drawn(palette=LIGHT):
    labels = {"actual": "Actual 79.0%", "path": "Path", "target": "Target 78%"}
    return trajectory.main_chart(
        SERIES, palette, unit="% of attendances", texts=TEXTS, labels=labels, proportion=True
    )


def test_actual_is_solid_path_is_dashed_and_target_steps():
    figure = drawn()
    assert named(figure, "Path to target").line.dash == "dash"
    assert named(figure, "Target").line.shape == "hv"
    assert named(figure, "Actual").line.dash is None


def test_provisional_months_are_hollow():
    colours = named(drawn(), "Actual").marker.color
    assert [colours[i] == LIGHT.ground for i in (7, 8, 9)] == [False, True, True]


def test_a_missing_month_breaks_the_line():
    actual = named(drawn(), "Actual")
    assert actual.connectgaps is False
    assert actual.y[2] is None


def test_labels_and_units_are_on_the_chart_itself():
    texts = [note.text for note in drawn().layout.annotations]
    assert "% of attendances" in texts
    for words in ("Actual", "Path", "Target"):
        assert any(words in text for text in texts)
    assert not any(trace.showlegend for trace in drawn().data)


def test_n_stands_under_the_unit_and_takes_room_of_its_own():
    plain = drawn()
    labels = {"actual": "Actual 79.0%"}
    common = {"unit": "% of attendances", "texts": TEXTS, "labels": labels, "proportion": True}
    with_n = trajectory.main_chart(SERIES, LIGHT, **common, n="n = 3,507 in Sep 2026")
    up = {note.text: note.yshift for note in with_n.layout.annotations}
    assert up["% of attendances"] - up["n = 3,507 in Sep 2026"] >= 14, "one above the other"
    assert with_n.layout.margin.t > plain.layout.margin.t


def test_the_button_that_saves_a_small_chart_stands_above_its_marks():
    figure = trajectory.small_chart(SERIES, LIGHT, texts=TEXTS, proportion=True, bounds=(0.5, 0.9))
    assert figure.layout.margin.t >= 28


@pytest.mark.parametrize(("last", "where"), [(0.26, "top"), (0.2, "bottom")])
def test_the_paths_name_makes_way_for_the_actual_lines(last, where):
    months = pl.date_range(date(2024, 4, 1), date(2027, 3, 1), "1mo", eager=True)
    path = [None] * 23 + [0.252 - i / 6000 for i in range(13)]
    series = pl.DataFrame(
        {
            "period": months,
            "value": [0.15, 0.30] * 14 + [0.28, last] + [None] * 6,
            "path": path,
            "target": [None] * 24 + [0.25] * 12,
            "status": ["final"] * 36,
        }
    )
    labels = {"actual": "Actual 26.0%", "path": "Path", "target": "Target 25%"}
    common = {"unit": "", "texts": [""] * 36, "labels": labels, "proportion": True}
    names = {note.text: note for note in trajectory.main_chart(series, LIGHT, **common).layout.annotations}
    assert names["<b>Path</b>"].yanchor == where


def test_colours_follow_the_theme():
    assert named(drawn(DARK), "Actual").line.color == DARK.actual
    assert named(drawn(LIGHT), "Actual").line.color == LIGHT.actual


def test_one_scale_holds_every_series_and_shares_stay_within_0_and_1():
    other = SERIES.with_columns(pl.col("value") + 0.2)
    low, high = marks.scale([SERIES, other], proportion=True)
    assert low < 0.70
    assert 0.99 <= high <= 1.0
    assert marks.scale([SERIES.clear()], proportion=True) is None
    flat = pl.DataFrame({"value": [5.0], "path": [5.0], "target": [5.0]})
    low, high = marks.scale([flat], proportion=False)
    assert low < 5 < high


def test_small_charts_take_the_shared_scale():
    figure = trajectory.small_chart(SERIES, LIGHT, texts=TEXTS, proportion=True, bounds=(0.5, 0.9))
    assert tuple(figure.layout.yaxis.range) == (0.5, 0.9)


def test_a_sparkline_ends_in_one_dot():
    sizes = named(trajectory.sparkline(SERIES, LIGHT), "Actual").marker.size
    assert [size > 0 for size in sizes].count(True) == 1


def test_a_series_without_figures_or_target_can_be_drawn():
    nothing = SERIES.with_columns(pl.lit(None, pl.Float64).alias(c) for c in ("value", "path", "target"))
    trajectory.main_chart(nothing, LIGHT, unit="", texts=TEXTS, labels={}, proportion=True)
    trajectory.sparkline(nothing, LIGHT)


def test_freshness_tells_outcomes_apart_by_shape():
    held = pl.DataFrame(
        {
            "feed": ["a", "a"],
            "period": [MONTHS[0], MONTHS[1]],
            "outcome": ["accepted", "accepted_with_quarantine"],
        }
    )
    figure = freshness.grid(held, {"a": "Feed A"}, MONTHS.to_list()[:3], LIGHT)
    assert len({trace.marker.symbol for trace in figure.data}) == 3
    assert [len(trace.x) for trace in figure.data] == [1, 1, 1]
    assert figure.layout.showlegend is False, "it would lie under the button that saves the picture"
    assert [one.text for one in figure.layout.annotations] == ["Feed A"]


def test_eighteen_marks_of_a_row_do_not_touch_on_a_phone():
    months = pl.date_range(date(2025, 4, 1), date(2026, 9, 1), "1mo", eager=True).to_list()
    nothing = pl.DataFrame(schema={"feed": pl.String, "period": pl.Date, "outcome": pl.String})
    figure = freshness.grid(nothing, {"a": "Feed A", "b": "Feed B"}, months, LIGHT)
    first, last = figure.layout.xaxis.range
    apart = (358 - 2 * rows.SIDE) * 28 * 86_400_000 / (last - first)
    assert all(apart > trace.marker.size + 2 for trace in figure.data)
    assert rows.PITCH > 2 * 14, "a line of words and a line of marks"


def test_nothing_moves_and_no_chart_reaches_outside():
    assert marks.CONFIG["displayModeBar"] is False
    assert "plotlyServerURL" not in str(drawn().to_json())


def every_kind():
    """Each chart of this module once, with every layer it can have."""
    months = SERIES.select("period")
    points = months.with_columns(
        mean=pl.lit(0.75),
        lower_limit=pl.lit(0.7),
        upper_limit=pl.lit(0.8),
        state=pl.Series(["improvement_high", "concern_low"] + ["common_cause"] * 8 + [None] * 2),
        recalculate=pl.col("period") == MONTHS[4],
    )
    ahead = months.tail(2).with_columns(
        mean=pl.lit(0.8),
        lower_80=pl.lit(0.7),
        upper_80=pl.lit(0.85),
        lower_95=pl.lit(0.6),
        upper_95=pl.lit(0.9),
    )
    labels = {"actual": "Actual 79.0%", "path": "Path", "target": "Target 78%"}
    symbols = {kind: mark.symbol for kind, mark in MARKS.items()}
    before = season_marks.last_year(SERIES.with_columns(year_before="value"), LIGHT)
    main = trajectory.main_chart(
        SERIES,
        LIGHT,
        unit="%",
        texts=TEXTS,
        labels=labels,
        proportion=True,
        spc=(points, symbols),
        forecast=ahead,
        badges=[Badge(MONTHS[3], "1", True, "A note")],
        under=[before, season_marks.reported(SERIES, LIGHT)],
    )
    small = trajectory.small_chart(SERIES, LIGHT, texts=TEXTS, proportion=True, bounds=(0.5, 0.9))
    return {"main": main, "small": small, "spark": trajectory.sparkline(SERIES, LIGHT)}


@pytest.mark.parametrize("kind", ["main", "small", "spark"])
def test_a_figure_built_unchecked_passes_plotlys_own_checks(kind):
    built = every_kind()[kind]
    assert go.Figure(built.to_dict()).to_dict() == built.to_dict()
    with pytest.raises(ValueError, match="Invalid property"):
        go.Figure({"data": [{"type": "scatter", "colour": "red"}]})


def test_the_template_is_plotlys_own_as_far_as_lines_and_points_use_it():
    own = pio.templates["plotly"].to_plotly_json()
    sent = every_kind()["small"].to_dict()["layout"]["template"]
    assert sent["data"]["scatter"] == list(own["data"]["scatter"])
    assert {name: own["layout"][name] for name in sent["layout"]} == sent["layout"]
    left = {"coloraxis", "colorscale", "geo", "mapbox", "polar", "scene", "ternary"}
    assert set(own["layout"]) - set(sent["layout"]) <= left
