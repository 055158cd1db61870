"""Seasons taken out are a further reading, labelled; a month stands beside the same month last year."""

import math

import polars as pl
import pytest
from test_spc_layer import SHARE, months

from dashboard.charts import seasons as marks
from dashboard.charts import trajectory
from dashboard.palette import LIGHT
from dashboard.seasons import Seasons, change
from dashboard.spc import Spc

WAVE = [0.75 + 0.03 * math.cos(2 * math.pi * n / 12) + 0.002 * math.sin(7.3 * n) for n in range(48)]
JUMP = [*WAVE[:-1], WAVE[-1] - 0.08]
PAGE = "pages/trajectories/trajectory.py"


def test_a_season_is_no_signal_once_it_is_taken_out_and_a_jump_still_is():
    chart = Spc.of(SHARE, Seasons.of(SHARE, months(WAVE)).without())
    assert chart.row["variation"] == "common_cause"
    jumped = Spc.of(SHARE, Seasons.of(SHARE, months(JUMP)).without())
    assert jumped.row["variation"] == "concern_low"


def test_the_target_is_not_held_against_adjusted_figures():
    chart = Spc.of(SHARE, Seasons.of(SHARE, months(WAVE)).without())
    assert chart.row["assurance"] == "none"
    assert "target" not in chart.said(SHARE, counted=False)


def test_it_says_from_how_many_years_and_what_that_costs():
    seasons = Seasons.of(SHARE, months(WAVE))
    assert seasons.years == 4
    assert "latest 4 complete years" in seasons.explained()
    assert "3/4 of a real change" in seasons.explained()
    assert Seasons.of(SHARE, months(WAVE[:35])).years == 0


def test_the_same_month_last_year_in_words():
    values = [0.70] * 12 + [0.72] * 9 + [0.68, 0.70, 0.69]
    said = Seasons.of(SHARE, months(values)).said(SHARE, counted=False)
    assert said == (
        "December 2025: 69.0%, down 1.0 points on 70.0% in December 2024. Of the latest 12 final months, "
        "9 were better than the same month a year before, 2 worse, 1 the same."
    )
    assert "No month has" in Seasons.of(SHARE, months([0.7] * 12)).said(SHARE, counted=False)


def test_a_month_whose_counterpart_is_not_final_is_not_counted():
    lines = months([0.7] * 13).with_columns(
        status=pl.when(pl.col("value").cum_count() == 1).then(pl.lit("provisional")).otherwise("status")
    )
    assert Seasons.of(SHARE, lines).compared().is_empty()
    assert change(SHARE, {"value": 0.7, "year_before": None}) == "–"
    assert change(SHARE, {"value": 0.7, "year_before": 0.7}) == "no change"


def test_marks_differ_by_shape_and_widen_the_scale():
    seasons = Seasons.of(SHARE, months([0.2, *WAVE[1:]]))
    bars = marks.last_year(seasons.lines, LIGHT)
    assert bars["marker"]["symbol"] == "line-ew-open"
    assert len(bars["x"]) == 36
    drawn = trajectory.main_chart(
        seasons.lines.tail(12), LIGHT, unit="", texts=[""] * 12, labels={}, proportion=True, under=[bars]
    )
    assert drawn.layout.yaxis.range[0] < 0.2


@pytest.fixture
def long_home(tmp_path, monkeypatch):
    import world

    monkeypatch.setattr(world, "FIRST", world.FIRST.replace(year=2022))
    world.build(tmp_path, published=False).close()
    return tmp_path


def test_the_page_offers_seasons_taken_out_from_three_years_on(open_page, long_home):
    short = open_page(PAGE, level="place")
    assert "seasons" not in short.selectbox(key="shows").options
    app = open_page(PAGE, home=long_home, level="place", measure=SHARE.id, shows="seasons")
    assert not app.exception
    said = " ".join(block.value for block in app.markdown)
    assert "**Variation, seasons taken out.**" in said
    assert "A further reading: icons, targets and the matrix go by the figures as reported." in said
    assert "seasons taken out" in app.get("plotly_chart")[0].proto.alt
    assert "Seasons taken out" in app.table[-1].value.columns


def test_the_page_sets_months_beside_last_years(open_page):
    app = open_page(PAGE, level="place", shows="last_year")
    assert not app.exception
    said = " ".join(block.value for block in app.markdown)
    assert "**Same month last year.** " in said
    assert "same month a year before" in app.get("plotly_chart")[0].proto.alt
    assert "On the same month last year" in app.table[-1].value.columns
