"""The chance of meeting a target in the month it falls due, and how to say it."""

from math import floor

import polars as pl

from metrics.baseline import DEFAULT_BASELINE, SERIES, Baseline, baseline_levels, first_day
from metrics.forecast import Forecasts
from metrics.forecast_scale import chance_met
from metrics.indicator import Indicator
from metrics.path import level
from metrics.plan import PLANNED, planned


def dated_targets(
    indicator: Indicator, observations: pl.DataFrame, baseline: Baseline = DEFAULT_BASELINE
) -> pl.DataFrame:
    """Every target of every series: series keys, `target_due`, `target` (null where it needs a baseline)."""
    levels = baseline_levels(indicator, observations, baseline)
    parts = [
        levels.select(*SERIES, pl.lit(target.due).alias("target_due"), level(target).alias("target"))
        for target in indicator.targets
    ]
    nothing = levels.select(
        *SERIES, pl.lit(None, pl.Date).alias("target_due"), target=pl.lit(None, pl.Float64)
    )
    return pl.concat([nothing.clear(), *parts]).sort(*SERIES, "target_due")


def planned_targets(indicator: Indicator, observations: pl.DataFrame, plan: pl.DataFrame) -> pl.DataFrame:
    """What organisations' own plans ask of headline series: series keys, `target_due`, `target`.

    At the plan's last month, and in each month that a national target falls due within the plan. `plan` as
    `metrics.plan.planned` takes it; a whole's alone, whichever basis it is counted on.
    """
    months = planned(plan).with_columns(target_due=first_day(pl.col("month")))
    last = pl.col("month") == pl.col("month").max().over(PLANNED)
    due = pl.col("target_due").is_in([target.due for target in indicator.targets])
    asked = months.filter(last | due).select(*PLANNED, "target_due", target="plan")
    series = observations.filter(pl.col("breakdown") == "all").select(SERIES).unique()
    return series.join(asked, on=PLANNED).select(*SERIES, "target_due", "target").sort(*SERIES, "target_due")


def chance_of_meeting(forecasts: Forecasts, indicator: Indicator, targets: pl.DataFrame) -> pl.DataFrame:
    """One row for each row of `targets` (series keys, `target_due`, `target`, as `dated_targets` gives them).

    Adds `months_ahead`, `model`, `chance` that the value in the due month is at or better than the target,
    and `reason`: null beside a chance, else a sentence that says why there is none. An organisation's own
    dated targets can be asked the same way.
    """
    last = pl.concat(
        [frame.select(*SERIES, "last_period") for frame in (forecasts.records, forecasts.without)]
    )
    months = forecasts.months.select(
        *SERIES, pl.col("period").alias("target_due"), "months_ahead", "model", "working_mean", "working_sd"
    )
    reason = (
        pl.when(pl.col("target").is_null())
        .then(pl.lit("No target level: the baseline year is not complete."))
        .when(pl.col("reason").is_not_null())
        .then("reason")
        .when(pl.col("last_period").is_null())
        .then(pl.lit("Not forecast."))
        .when(pl.col("target_due") <= pl.col("last_period"))
        .then(pl.lit("The target's month has come: see the value itself."))
        .when(pl.col("months_ahead").is_null())
        .then(pl.lit("The forecast ends before the target's date."))
    )
    return (
        targets.join(last, on=SERIES, how="left", nulls_equal=True)
        .join(forecasts.without.select(*SERIES, "reason"), on=SERIES, how="left", nulls_equal=True)
        .join(months, on=[*SERIES, "target_due"], how="left", nulls_equal=True)
        .with_columns(reason=reason)
        .with_columns(
            chance=pl.when(pl.col("reason").is_null()).then(chance_met(indicator, pl.col("target")))
        )
        .select(*SERIES, "target_due", "target", "months_ahead", "model", "chance", "reason")
        .sort(*SERIES, "target_due")
    )


def out_of_ten(chance: float) -> str:
    """A chance in plain words: "about 3 in 10", and never a certainty.

    To the nearest tenth, halves up; under 0.05 "less than 1 in 10", from 0.95 "more than 9 in 10". Raises
    `ValueError` outside 0..1.
    """
    if not 0 <= chance <= 1:
        raise ValueError(f"a chance lies in 0..1, not {chance}")
    tenths = floor(chance * 10 + 0.5)
    return {0: "less than 1 in 10", 10: "more than 9 in 10"}.get(tenths, f"about {tenths} in 10")
