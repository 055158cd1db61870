"""Targets, paths, gaps and status words, on series small enough to work out by hand."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import made_indicator
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.baseline import SERIES, Baseline
from metrics.indicator import Indicator, Target
from metrics.trajectory import standing, targets_for

FOUR_HOUR = replace(
    made_indicator.SHARE,
    id="four_hour",
    targets=(
        Target(due=date(2026, 3, 1), since=date(2025, 4, 1), set_by="x", level=0.78),
        Target(due=date(2027, 3, 1), since=date(2026, 4, 1), set_by="x", level=0.82),
        Target(due=date(2029, 3, 1), since=date(2026, 4, 1), set_by="x", level=0.85),
    ),
)
TEN_FEWER = replace(
    FOUR_HOUR,
    id="fewer",
    better="lower",
    kind="pace",
    at_risk=lambda feeds: feeds["f"],
    targets=(Target(due=date(2027, 3, 1), since=date(2026, 4, 1), set_by="x", change=-0.10),),
)
NO_SIZE = replace(TEN_FEWER, id="no_size", targets=())


def month(number: int) -> date:
    """Month 0 is April 2025, the baseline's first."""
    return date(2025 + (number + 3) // 12, (number + 3) % 12 + 1, 1)


def series(
    values: Callable[[int], tuple[float | None, float | None]],
    months: Sequence[int],
    indicator: Indicator = FOUR_HOUR,
    status: Callable[[int], str] = lambda number: "final",
    **keys: str,
) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for number in months:
        numerator, denominator = values(number)
        known = status(number) != "not_reported" and numerator is not None
        value = None
        if known and numerator is not None:
            value = indicator.scale * numerator / denominator if denominator else numerator
        rows.append(
            {
                **dict.fromkeys(SERIES, "all"),
                "indicator": indicator.id,
                **keys,
                "period": month(number),
                "numerator": numerator if known else None,
                "denominator": denominator,
                "value": value,
                "status": status(number),
            }
        )
    floats = dict.fromkeys(("numerator", "denominator", "value"), pl.Float64)
    return pl.DataFrame(rows, schema_overrides=floats)


def one(frame: pl.DataFrame) -> dict[str, Any]:
    assert frame.height == 1
    return frame.row(0, named=True)


def at(frame: pl.DataFrame, day: date) -> tuple[float | None, float | None]:
    row = one(frame.filter(pl.col("period") == day))
    return row["target"], row["path"]


def test_the_target_in_force_and_the_path_run_to_the_last_deadline():
    observed = series(lambda n: (700, 1000), range(-12, 15))
    got = targets_for(FOUR_HOUR, observed)
    assert got["period"].to_list() == [month(n) for n in range(-12, 48)]
    assert at(got, date(2025, 3, 1)) == (None, None)
    assert at(got, date(2025, 4, 1)) == (0.78, None)
    assert at(got, date(2026, 3, 1)) == (0.78, pytest.approx(0.70))
    assert at(got, date(2026, 9, 1)) == (0.82, pytest.approx(0.76))
    assert at(got, date(2027, 3, 1)) == (0.82, 0.82)
    assert at(got, date(2028, 3, 1)) == (0.85, pytest.approx(0.835))
    assert at(got, date(2029, 3, 1)) == (0.85, 0.85)


def test_after_the_last_due_month_the_last_target_stays():
    got = targets_for(FOUR_HOUR, series(lambda n: (700, 1000), range(0, 60)))
    assert got["period"].max() == month(59)
    assert at(got, month(59)) == (0.85, 0.85)


def test_a_relative_target_is_the_series_own_baseline():
    observed = series(lambda n: (21000, 21), range(0, 14), TEN_FEWER)
    got = targets_for(TEN_FEWER, observed)
    assert at(got, date(2026, 3, 1)) == (None, pytest.approx(1000))
    assert at(got, date(2026, 9, 1)) == (pytest.approx(900), pytest.approx(950))
    assert at(got, date(2027, 3, 1)) == (pytest.approx(900), pytest.approx(900))


def test_no_baseline_is_invented_for_a_relative_target():
    observed = series(lambda n: (21000, 21), range(1, 14), TEN_FEWER)
    got = targets_for(TEN_FEWER, observed)
    assert got["target"].null_count() == got["path"].null_count() == got.height
    row = one(standing(TEN_FEWER, observed))
    assert (row["status_words"], row["baseline_value"], row["gap"]) == ("insufficient data", None, None)


def test_an_indicator_without_targets_has_no_target_rows_and_says_so():
    observed = series(lambda n: (21000, 21), range(0, 14), NO_SIZE)
    assert targets_for(NO_SIZE, observed).height == 0
    row = one(standing(NO_SIZE, observed))
    assert row["status_words"] == "no target"
    assert row["baseline_value"] == pytest.approx(1000)
    assert (row["target"], row["path_now"], row["gap"], row["required_pace"]) == (None, None, None, None)


def test_change_from_baseline_check_from_the_definitions():
    observed = series(lambda n: (21000, 21) if n < 12 else (19800, 22), range(0, 24), TEN_FEWER)
    assert one(standing(TEN_FEWER, observed))["change_from_baseline"] == pytest.approx(-0.10)


def test_change_compares_the_same_calendar_months_only():
    # April's level is double every other month's; only April and May are there to compare.
    def values(n: int) -> tuple[float, float]:
        level = 2000 if n % 12 == 0 else 1000
        return level * (0.9 if n >= 12 else 1.0), 1

    observed = series(values, range(0, 14), TEN_FEWER)
    assert one(standing(TEN_FEWER, observed))["change_from_baseline"] == pytest.approx(-0.10)


def test_change_uses_the_last_twelve_months_only():
    observed = series(lambda n: (1000 - n, 1), range(0, 40), TEN_FEWER)
    then, now = sum(1000 - n for n in range(12)), sum(1000 - n for n in range(28, 40))
    assert one(standing(TEN_FEWER, observed))["change_from_baseline"] == pytest.approx(now / then - 1)


def test_counts_without_denominators_use_the_mean_monthly_count():
    observed = series(lambda n: (100 if n < 12 else 97, None), range(0, 18), TEN_FEWER)
    row = one(standing(TEN_FEWER, observed))
    assert row["baseline_value"] == 100
    assert row["path_now"] == pytest.approx(95)
    assert (row["gap"], row["gap_events"]) == (pytest.approx(-2), pytest.approx(-2))
    assert row["status_words"] == "behind"


def test_gap_in_points_and_patients_is_negative_when_behind():
    observed = series(lambda n: (7000, 10000) if n < 12 else (7400, 10000), range(0, 18))
    row = one(standing(FOUR_HOUR, observed))
    assert row["path_now"] == pytest.approx(0.76)
    assert row["gap"] == pytest.approx(-0.02)
    assert row["gap_events"] == pytest.approx(-200)
    assert row["required_pace"] == pytest.approx((0.82 - 0.74) / 6)
    assert (row["status_words"], row["target_due"]) == ("behind", date(2027, 3, 1))


def test_a_rate_per_thousand_gives_its_gap_in_events():
    rate = replace(TEN_FEWER, per=1000, kind="rate")
    observed = series(lambda n: (50, 2000), range(0, 18), rate)
    row = one(standing(rate, observed))
    assert row["baseline_value"] == pytest.approx(25)
    assert row["gap"] == pytest.approx(-1.25)
    assert row["gap_events"] == pytest.approx(-2.5)


def test_a_pace_per_thousand_is_not_scaled_twice():
    """Its denominator is working days x thousands of people: 5,000 over 250 is 20, and so is the baseline."""
    pace = replace(TEN_FEWER, per=1000)
    row = one(standing(pace, series(lambda n: (5000, 250), range(0, 18), pace)))
    assert row["baseline_value"] == pytest.approx(20) == row["latest_value"]
    assert row["target"] == pytest.approx(18)
    assert row["gap"] == pytest.approx(-1)
    assert row["gap_events"] == pytest.approx(-250)


@pytest.mark.parametrize(
    ("now", "words"),
    [(0.7599, "behind"), (0.76, "on track"), (0.8199, "on track"), (0.82, "met"), (0.9, "met")],
)
def test_status_words(now: float, words: str):
    observed = series(lambda n: (7000, 10000) if n < 12 else (now * 10000, 10000), range(0, 18))
    assert one(standing(FOUR_HOUR, observed))["status_words"] == words


def test_a_target_missed_in_its_due_month_is_behind_although_the_next_path_starts_there():
    observed = series(lambda n: (7000, 10000) if n < 11 else (7700, 10000), range(0, 12))
    row = one(standing(FOUR_HOUR, observed))
    assert (row["path_now"], row["status_words"]) == (0.78, "behind")
    assert row["required_pace"] is None


def test_a_target_met_needs_no_further_change():
    observed = series(lambda n: (9000, 10000), range(0, 18))
    assert one(standing(FOUR_HOUR, observed))["required_pace"] == 0


@pytest.mark.parametrize("status", ["provisional", "not_reported", "insufficient_data", "no_denominator"])
def test_only_final_months_are_judged(status: str):
    observed = series(
        lambda n: (7000, 10000) if n < 12 else (9000 if n > 15 else 7300, 10000),
        range(0, 18),
        status=lambda n: status if n > 15 else "final",
    )
    row = one(standing(FOUR_HOUR, observed))
    assert row["latest_period"] == month(15)
    assert (row["latest_status"], row["status_words"]) == ("final", "behind")


def test_without_a_final_month_there_is_no_verdict():
    observed = series(lambda n: (9000, 10000), range(12, 14), status=lambda n: "provisional")
    row = one(standing(FOUR_HOUR, observed))
    assert (row["status_words"], row["gap"], row["latest_status"]) == (
        "insufficient data",
        None,
        "provisional",
    )
    assert row["latest_period"] == month(13)


def test_an_absolute_target_before_the_baseline_has_a_path_only_when_met():
    low = series(lambda n: (7000, 10000), range(-3, 3))
    high = series(lambda n: (8000, 10000), range(-3, 3), organisation="B")
    got = standing(FOUR_HOUR, pl.concat([low, high]))
    assert got["status_words"].to_list() == ["met", "insufficient data"]


def test_the_baseline_can_be_moved():
    baseline = Baseline(date(2024, 4, 1), date(2025, 3, 1))
    observed = series(lambda n: (1000 if n < 0 else 500, 1), range(-12, 12), TEN_FEWER)
    assert one(standing(TEN_FEWER, observed, baseline))["baseline_value"] == 1000
    with pytest.raises(ValueError, match="twelve months"):
        Baseline(date(2025, 4, 1), date(2026, 4, 1))


def test_the_sparkline_is_the_last_24_months_with_nulls_kept():
    observed = series(
        lambda n: (n + 20, 1),
        [n for n in range(-10, 18) if n != 10],
        status=lambda n: "not_reported" if n == 3 else "final",
    )
    row = one(standing(FOUR_HOUR, observed))
    assert row["sparkline"] == [None if n in (3, 10) else float(n + 20) for n in range(-6, 18)]
    short = one(standing(FOUR_HOUR, series(lambda n: (1, 2), range(0, 2))))
    assert short["sparkline"] == [None] * 22 + [0.5, 0.5]


def test_an_empty_frame_gives_an_empty_standing():
    empty = series(lambda n: (1, 2), range(0, 1)).clear()
    assert standing(FOUR_HOUR, empty).height == targets_for(FOUR_HOUR, empty).height == 0
    assert standing(NO_SIZE, empty).schema == standing(FOUR_HOUR, empty).schema


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(1, 1000), min_size=12, max_size=40), st.sampled_from(["higher", "lower"]))
def test_gap_and_words_agree(numerators: list[int], better: Any):
    indicator = replace(FOUR_HOUR, better=better)
    row = one(standing(indicator, series(lambda n: (numerators[n], 1000), range(len(numerators)))))
    assert row["status_words"] in ("on track", "behind", "met", "insufficient data")
    if row["status_words"] == "behind":
        assert row["gap"] < 0 and row["gap_events"] < 0
    if row["status_words"] == "on track":
        assert row["gap"] >= -1e-9


@settings(deadline=None, max_examples=30)
@given(st.permutations(range(18)))
def test_the_order_of_rows_does_not_matter(order: list[int]):
    observed = series(lambda n: (700 + n, 1000), range(18))
    assert standing(FOUR_HOUR, observed[order]).equals(standing(FOUR_HOUR, observed))
