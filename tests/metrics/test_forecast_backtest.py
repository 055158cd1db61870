"""Back tests see only what could be seen, their record is right, and chances come true as often as said."""

import polars as pl
import pytest
from forecast_series import RATE, SHARE, month, seasonal, series, simulated

from metrics.backtest import calibration, runs
from metrics.forecast import forecast
from metrics.forecast_history import histories
from metrics.forecast_models import NAIVE

MONTHS, HELD = 60, 12


@pytest.fixture(scope="module")
def world():
    """120 simulated series, forecast without their last year, and that year."""
    whole = simulated(120, MONTHS, seed=11)
    held = pl.col("period") >= month(MONTHS - HELD)
    return forecast(whole.filter(~held), SHARE, month(MONTHS - 1)), whole.filter(held)


@pytest.mark.parametrize(
    ("months", "held"),
    [(24, []), (29, []), (30, [6]), (35, [11]), (36, [12]), (42, [12, 18]), (60, [12, 18, 24])],
)
def test_origins_leave_two_years_to_learn_from(months, held):
    seen = runs(histories(series(seasonal(months)), SHARE))
    first = seen.group_by("run").agg(pl.col("origin").first(), pl.col("month").max(), pl.len()).sort("run")
    assert first["len"].to_list() == [months - one for one in held]
    assert (first["origin"] == first["month"]).all()


def test_an_origin_on_a_bridge_is_left_out():
    values = seasonal(48)
    values[35] = None
    assert runs(histories(series(values), SHARE))["run"].n_unique() == 2


def test_the_future_does_not_reach_the_past():
    """Changing the last month changes no chance that an earlier origin gave."""
    values = seasonal(60, swing=0.03)
    other = [*values[:-1], 0.2]
    one, two = (forecast(series(v), SHARE, month(70)).questions for v in (values, other))
    assert one["chance"].to_list() == two["chance"].to_list()


def test_too_short_to_test_is_said_and_naive_given():
    made = forecast(series([0.5 + 0.005 * n for n in range(29)]), SHARE, month(40))
    assert made.records.select("verdict", "model", "tests", "tested_months").row(0) == (
        "too short to test",
        NAIVE,
        0,
        0,
    )
    assert made.records["coverage_80"].item() is None


def test_the_record_of_naive_is_what_a_pencil_gives():
    """A rise of 0.2 points a month: a year on, seasonal naive is 2.4 points short at every horizon."""
    made = forecast(series([0.5 + 0.002 * n for n in range(60)]), SHARE, month(70))
    record = made.records.row(0, named=True)
    assert record["naive_error"] == pytest.approx(0.024)
    assert record["tested_months"] == 36
    assert (record["tests"], record["tested_ahead"]) == (3, 12)
    assert record["relative_error"] == pytest.approx(record["smoothing_error"] / 0.024)


def test_what_is_given_is_naive_exactly_where_naive_is_not_beaten(world):
    records = world[0].records
    beaten = records["smoothing_error"] < records["naive_error"]
    assert ((records["model"] != NAIVE) == beaten).all()
    assert 0.2 < beaten.mean() < 0.98
    models = world[0].months.select("organisation", "model").unique()
    assert models.sort("organisation").equals(records.select("organisation", "model"))


@pytest.mark.parametrize(("share", "least", "most"), [(80, 0.72, 0.90), (95, 0.89, 0.99)])
def test_intervals_hold_about_as_often_as_they_say(world, share, least, most):
    """1,440 months that no model saw."""
    both = world[0].months.join(world[1], on=["organisation", "period"])
    assert both.height == 120 * HELD
    inside = both["value"].is_between(both[f"lower_{share}"], both[f"upper_{share}"]).mean()
    assert least < inside < most


def test_the_given_forecast_is_better_than_naive_over_all(world):
    records = world[0].records
    chosen = records.select(pl.min_horizontal("smoothing_error", "naive_error").mean()).item()
    assert chosen < 0.95 * records["naive_error"].mean()


def test_chances_come_true_about_as_often_as_said(world):
    """Calibration of the back tests: in each tenth with enough series, and over all."""
    table = calibration(world[0].questions)
    assert table["chance_from"].to_list() == pytest.approx([n / 10 for n in range(10)])
    assert table["questions"].sum() == world[0].questions.height
    known = table.filter(pl.col("series") >= 30)
    assert known.height >= 6
    assert (known["chance_given"] - known["share_met"]).abs().max() < 0.15
    weights = table["questions"] / table["questions"].sum()
    missed = ((table["chance_given"] - table["share_met"]).abs().fill_null(0) * weights).sum()
    assert missed < 0.05


def test_an_empty_calibration_has_its_ten_rows():
    made = forecast(series([0.8] * 10), SHARE, month(20))
    table = calibration(made.questions)
    assert table["questions"].to_list() == [0] * 10
    assert table["share_met"].is_null().all()


def test_a_target_of_change_is_asked_on_the_year_before_each_origin():
    values = [30.0] * 36 + [20.0] * 24
    asked = forecast(series(values, indicator=RATE), RATE, month(70)).questions
    assert sorted(asked["target"].unique()) == pytest.approx([18.0, 22.5, 27.0])
    assert asked.filter(pl.col("target") > 20)["met"].all()
    assert not asked.filter(pl.col("target") < 20)["met"].any()
