"""Signals of stored series: final months only, recalculations in their scope, one row a series."""

from datetime import date
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from test_trajectory import FOUR_HOUR, series

from metrics.series_signals import SCOPE, pointwise, summed

MONTHS = range(20)


def aimed(frame: pl.DataFrame, target: float = 0.78) -> pl.DataFrame:
    return frame.with_columns(target=pl.lit(target))


def stepped(number: int) -> tuple[float, float]:
    """70% and then, from month 13 on, 82%."""
    return (82.0 if number >= 13 else 70.0) + number % 2, 100.0


def again(period: date, **scope: str) -> pl.DataFrame:
    row = {**dict.fromkeys(SCOPE), **scope, "period": period}
    return pl.DataFrame([row], schema={**dict.fromkeys(SCOPE, pl.String), "period": pl.Date})


def one(frame: pl.DataFrame) -> dict[str, Any]:
    assert frame.height == 1
    return frame.row(0, named=True)


STEP = aimed(series(stepped, MONTHS))


def test_a_row_a_series_with_icons_the_reason_and_what_they_rest_on():
    row = one(summed(pointwise(STEP, FOUR_HOUR), FOUR_HOUR))
    assert (row["profile"], row["points"], row["latest_period"]) == ("mdc", 20, date(2026, 11, 1))
    assert (row["variation"], row["state"]) == ("improvement_high", "improvement_high")
    assert "7 months running above the mean, since May 2026" in row["reason"]
    assert {"outside_limits", "shift"} <= set(row["rules"].split())
    assert row["signalled"] == 20
    assert row["recalculated"] is None


def test_a_recalculation_starts_the_limits_afresh_in_its_scope_only():
    both = pl.concat([STEP, aimed(series(stepped, MONTHS, organisation="B"))])
    found = summed(pointwise(both, FOUR_HOUR, again(date(2026, 5, 1), organisation="B")), FOUR_HOUR)
    here = found.filter(pl.col("organisation") == "B").row(0, named=True)
    there = found.filter(pl.col("organisation") == "all").row(0, named=True)
    assert here["recalculated"] == date(2026, 5, 1)
    assert 0.82 < here["mean"] < 0.83
    # The run of METHODS' shift may cross the recalculation, but nothing runs on one side of the new mean.
    assert here["variation"] == "common_cause"
    assert here["assurance"] == "consistently_passing"
    assert there["recalculated"] is None
    assert there == one(summed(pointwise(STEP, FOUR_HOUR), FOUR_HOUR))


def test_a_recalculation_in_a_missing_month_starts_at_the_next():
    frame = STEP.filter(pl.col("period") != date(2026, 5, 1))
    pointed = pointwise(frame, FOUR_HOUR, again(date(2026, 5, 1)))
    assert pointed.filter("recalculate")["period"].to_list() == [date(2026, 6, 1)]


def test_only_final_months_are_points():
    late = aimed(series(stepped, MONTHS, status=lambda n: "provisional" if n == 19 else "final"))
    row = one(summed(pointwise(late, FOUR_HOUR), FOUR_HOUR))
    assert (row["points"], row["latest_period"], row["gaps"]) == (19, date(2026, 10, 1), 0)
    assert pointwise(late, FOUR_HOUR).sort("period")["state"].to_list()[-1] is None


def test_a_missing_month_is_a_gap_and_not_zero():
    frame = STEP.filter(pl.col("period") != date(2025, 8, 1))
    row = one(summed(pointwise(frame, FOUR_HOUR), FOUR_HOUR))
    assert (row["points"], row["gaps"]) == (19, 1)
    assert row["lower_limit"] > 0.6


def test_each_month_is_held_against_its_own_target():
    moving = STEP.with_columns(
        target=pl.when(pl.col("period") < date(2026, 4, 1)).then(0.60).otherwise(pl.lit(0.95))
    )
    row = one(summed(pointwise(moving, FOUR_HOUR), FOUR_HOUR))
    assert (row["target"], row["assurance"]) == (0.95, "consistently_failing")
    assert pointwise(moving, FOUR_HOUR)["meets_target"].to_list() == [True] * 12 + [False] * 8


def test_a_short_or_empty_series_has_no_icon_and_says_why():
    short = one(summed(pointwise(STEP.head(5), FOUR_HOUR), FOUR_HOUR))
    assert (short["variation"], short["assurance"], short["lower_limit"]) == ("none", "none", None)
    assert "5 of the 13 months" in short["reason"]
    empty = aimed(series(stepped, MONTHS, status=lambda n: "not_reported"))
    row = one(summed(pointwise(empty, FOUR_HOUR), FOUR_HOUR))
    assert (row["points"], row["mean"], row["state"]) == (0, None, None)
    assert row["reason"] == "there are no values"


def test_a_flat_series_passes_and_nothing_is_nan():
    flat = aimed(series(lambda n: (100.0, 100.0), MONTHS), 0.95)
    row = one(summed(pointwise(flat, FOUR_HOUR), FOUR_HOUR))
    assert (row["variation"], row["assurance"]) == ("common_cause", "consistently_passing")
    assert (row["lower_limit"], row["upper_limit"]) == (1.0, 1.0)


def fixed(start: date, end: date, **scope: str) -> pl.DataFrame:
    return again(start, **scope).with_columns(until=pl.lit(end))


def test_a_fixed_baseline_draws_its_limits_throughout_and_nothing_starts_afresh():
    window = STEP.filter(pl.col("period").is_between(date(2025, 6, 1), date(2026, 3, 1)))["value"].to_list()
    mean = sum(window) / len(window)
    reach = 2.66 * sum(abs(b - a) for a, b in pairwise(window)) / (len(window) - 1)
    afresh = again(date(2026, 5, 1)).with_columns(until=pl.lit(None, pl.Date))
    both = pl.concat([afresh, fixed(date(2025, 6, 1), date(2026, 3, 1))])
    pointed = pointwise(STEP, FOUR_HOUR, both)
    for line, wanted in (("mean", mean), ("lower_limit", mean - reach), ("upper_limit", mean + reach)):
        assert pointed[line].to_list() == pytest.approx([wanted] * 20)
    row = one(summed(pointed, FOUR_HOUR))
    assert row["recalculated"] is None
    assert row["variation"] == "improvement_high"


def test_a_fixed_baseline_holds_in_its_scope_only_and_the_last_one_counts():
    both = pl.concat([STEP, aimed(series(stepped, MONTHS, organisation="B"))])
    notes = [
        fixed(date(2025, 4, 1), date(2025, 9, 1)),
        fixed(date(2026, 5, 1), date(2026, 10, 1), organisation="B"),
    ]
    found = summed(pointwise(both, FOUR_HOUR, pl.concat(notes)), FOUR_HOUR)
    means = dict(found.select("organisation", "mean").iter_rows())
    assert means["all"] == pytest.approx(0.705)
    assert means["B"] == pytest.approx(0.825)
