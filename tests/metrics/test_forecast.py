"""Forecasts of series whose future is known, and what no forecast may ever show."""

import subprocess
import sys
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from forecast_series import MEAN, OF_KIND, RATE, SHARE, month, seasonal, series, simulated

from metrics.baseline import SERIES
from metrics.forecast import Forecasts, forecast
from metrics.forecast_models import LEVEL, NAIVE, TREND, TREND_SEASONAL

ORDERED = ["lower_95", "lower_80", "mean", "upper_80", "upper_95"]
UNTIL = month(60 + 11)


def noise(months: int, seed: int = 1, size: float = 0.004) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, size, months)


def only(forecasts: Forecasts) -> pl.DataFrame:
    assert forecasts.records.height == 1
    return forecasts.months


def model(forecasts: Forecasts) -> str:
    return forecasts.records["model"].item()


def test_a_pure_season_repeats_and_naive_is_given_because_nothing_beats_it():
    made = forecast(series(seasonal(60)), SHARE, UNTIL)
    assert model(made) == NAIVE
    assert made.records["verdict"].item() == "naive not beaten"
    assert only(made)["mean"].to_list() == pytest.approx(seasonal(12), abs=1e-9)


def test_a_flat_series_stays_at_its_level():
    made = only(forecast(series((0.8 + noise(60)).tolist()), SHARE, month(60 + 35)))
    assert made["mean"].to_list() == pytest.approx([0.8] * 36, abs=0.01)
    assert (made["upper_95"] - made["lower_95"]).max() < 0.1


def test_a_trend_is_carried_on_and_beats_naive():
    made = forecast(series((0.5 + 0.004 * np.arange(60) + noise(60, size=0.002)).tolist()), SHARE, UNTIL)
    assert made.records["verdict"].item() == "beats naive"
    assert model(made) in (TREND, TREND_SEASONAL)
    assert only(made)["mean"][5] == pytest.approx(0.5 + 0.004 * 65, abs=0.015)


def test_a_step_is_taken():
    made = forecast(series([0.6 + n for n in noise(40)] + [0.8 + n for n in noise(20, 2)]), SHARE, UNTIL)
    assert model(made) in (LEVEL, TREND)
    assert only(made)["mean"].to_list() == pytest.approx([0.8] * 12, abs=0.03)


def test_every_month_at_100_percent_stays_there_and_is_not_certain():
    made = only(forecast(series([1.0] * 60, size=1000), SHARE, UNTIL))
    assert made["mean"].to_list() == [1.0] * 12
    assert made["upper_95"].to_list() == [1.0] * 12
    assert made["lower_95"].to_list() == pytest.approx([0.99904] * 12, abs=1e-4)


@pytest.mark.parametrize("indicator", [RATE, MEAN], ids=lambda one: one.kind)
def test_no_events_at_all_stays_at_zero_and_is_not_certain(indicator):
    made = only(forecast(series([0.0] * 60, indicator=indicator, size=500), indicator, UNTIL))
    assert made["mean"].to_list() == [0.0] * 12
    assert made["lower_95"].to_list() == [0.0] * 12
    one_event = indicator.per / 500
    assert made["upper_95"].to_list() == pytest.approx([0.9604 * one_event] * 12, rel=1e-3)


def test_a_count_without_a_denominator_is_forecast_too():
    counts = np.random.default_rng(3).poisson(40, 48).astype(float).tolist()
    made = only(forecast(series(counts, indicator=RATE, size=None), RATE, month(59)))
    assert made["mean"].to_list() == pytest.approx([40] * 12, abs=12)
    assert (made["lower_95"] >= 0).all()


def test_the_first_year_is_the_same_however_far_the_forecast_goes():
    observed = series((np.array(seasonal(60)) + noise(60, size=0.01)).tolist())
    near, far = (only(forecast(observed, SHARE, month(59 + ahead))) for ahead in (12, 36))
    assert far.height == 36
    assert near.equals(far.head(12))


def test_intervals_widen_with_the_months_ahead():
    made = only(forecast(series((0.7 + np.cumsum(noise(60, 4, 0.01))).tolist()), SHARE, month(95)))
    widths = made["working_sd"].to_list()
    assert widths == sorted(widths)
    assert widths[-1] > widths[0]


def nasty(kind: str) -> pl.DataFrame:
    """Thirty series of every length and mood: constant, jumping, with holes, at the bounds, tiny and vast."""
    chance = np.random.default_rng(7)
    indicator = OF_KIND[kind]
    top = 1.0 if kind == "proportion" else 10.0 ** float(chance.integers(0, 6))
    frames = []
    for index in range(30):
        length = int(chance.integers(1, 75))
        shape = [
            chance.uniform(0, 1, length),
            chance.integers(0, 2, length),
            np.full(length, chance.uniform()),
            np.clip(np.cumsum(chance.normal(0, 0.3, length)), 0, 1),
            np.clip(np.linspace(-1, 2, length), 0, 1),
            np.where(chance.uniform(size=length) < 0.05, 1, 0),
        ][index % 6]
        values = [None if chance.uniform() < 0.08 else float(v) * top for v in shape]
        size = [1.0, 30.0, 1e6, None][index % 4] if kind == "rate" else [1.0, 30.0, 1e6][index % 3]
        frames.append(
            series(values, f"N{index:02d}", indicator, size, first=80 - length, provisional=index % 2)
        )
    return pl.concat(frames)


@pytest.mark.parametrize("kind", OF_KIND)
def test_no_forecast_is_ever_missing_infinite_impossible_or_out_of_order(kind):
    made = forecast(nasty(kind), OF_KIND[kind], month(80 + 30))
    assert made.months.height > 200
    for name in [*ORDERED, "working_mean", "working_sd"]:
        assert made.months[name].is_finite().all(), name
    assert made.months.null_count().sum_horizontal().item() == 0
    assert (made.months["lower_95"] >= 0).all()
    assert kind != "proportion" or (made.months["upper_95"] <= 1).all()
    for low, high in pairwise(ORDERED):
        assert (made.months[low] <= made.months[high]).all(), (low, high)
    errors = made.records.select("smoothing_error", "naive_error", "relative_error", "coverage_80")
    assert all(errors[name].drop_nulls().is_finite().all() for name in errors.columns)
    placed = pl.concat([made.records.select(SERIES), made.without.select(SERIES)])
    assert placed.height == placed.unique().height == nasty(kind).select(SERIES).unique().height


def test_deterministic_whatever_the_order_and_the_company():
    observed = simulated(6, 50, seed=5)
    whole = forecast(observed, SHARE, month(70))
    shuffled = forecast(observed.sample(fraction=1, shuffle=True, seed=1), SHARE, month(70))
    assert whole.months.equals(shuffled.months)
    assert whole.records.equals(shuffled.records)
    assert whole.questions.equals(shuffled.questions)
    one = pl.col("organisation") == "S003"
    assert forecast(observed.filter(one), SHARE, month(70)).months.equals(whole.months.filter(one))


def test_provisional_months_are_forecast_not_rested_on():
    observed = series([0.8] * 40 + [0.1] * 2, provisional=2)
    made = only(forecast(observed, SHARE, month(45)))
    assert made["period"].to_list() == [month(n) for n in range(40, 46)]
    assert made["mean"].to_list() == pytest.approx([0.8] * 6)


def test_nothing_beyond_the_date_asked_for():
    made = forecast(series([0.8] * 40), SHARE, date(2024, 1, 1))
    assert made.months.height == 0
    assert made.records["model"].to_list() == [NAIVE]


def test_no_observations_give_empty_frames_with_the_same_columns():
    full = forecast(series(seasonal(40)), SHARE, month(50))
    empty = forecast(series([]), SHARE, month(50))
    for name in ("months", "records", "without", "questions"):
        assert getattr(empty, name).schema == getattr(full, name).schema
        assert getattr(empty, name).height == 0


def test_a_page_may_import_the_room_without_the_library():
    code = "import sys, metrics.forecast, metrics.forecast_chance; print('statsforecast' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
