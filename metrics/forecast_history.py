"""What a forecast may rest on: each series' latest unbroken run of final months, or why there is none."""

from dataclasses import dataclass

import polars as pl

from metrics.baseline import SERIES, final, first_day, month_of
from metrics.forecast_scale import least_spread, to_working
from metrics.indicator import Indicator

FEWEST_MONTHS = 24
LONGEST_MONTHS = 72
"""Six years: older months tell of another service (before 2020), and cost time."""
LONGEST_GAP = 2
"""Missing months in a row that a straight line may bridge; a longer gap starts the history afresh."""
MOST_FILLED = 0.2
"""The share of a history that may be bridged months."""
STOPPED_AFTER = 6
"""Months behind the newest final month of all series after which a series counts as stopped."""


@dataclass(frozen=True, slots=True)
class Histories:
    """Series by number, and their months.

    `series`, one row each: `id`, the series keys, `usable_months` (final months in the history),
    `filled_months` (bridged), `first` and `last` (month numbers), `least_spread`, and `reason`: null when the
    series can be forecast. `months`, for those series only, with none left out between first and last: `id`,
    `month`, `value` (null where bridged), `working` (on the working scale).
    """

    series: pl.DataFrame
    months: pl.DataFrame


def histories(observations: pl.DataFrame, indicator: Indicator) -> Histories:
    """Observations of one indicator -> what each series' forecast may rest on."""
    keys = observations.select(SERIES).unique().sort(SERIES, nulls_last=True).with_row_index("id")
    stretch = (pl.col("month").diff() > LONGEST_GAP + 1).fill_null(False).cum_sum().over("id")
    usable = (
        observations.filter(final() & pl.col("value").is_finite())
        .join(keys, on=SERIES, nulls_equal=True)
        .select("id", "numerator", "denominator", "value", month=month_of())
        .sort("id", "month")
        .with_columns(stretch=stretch, last=pl.col("month").max().over("id"))
        .with_columns(broken=pl.col("stretch").max().over("id") > 0)
        .filter(
            pl.col("stretch") == pl.col("stretch").max().over("id"),
            pl.col("month") > pl.col("last") - LONGEST_MONTHS,
        )
    )
    series = keys.join(_summary(usable, indicator), on="id", how="left").sort("id")
    series = series.with_columns(reason=_reason(series)).drop("broken")
    grid = (
        series.filter(pl.col("reason").is_null())
        .select("id", month=pl.int_ranges("first", pl.col("last") + 1, dtype=pl.Int32))
        .explode("month")
    )
    months = (
        grid.join(usable.select("id", "month", "value"), on=["id", "month"], how="left")
        .sort("id", "month")
        .with_columns(working=to_working(indicator.kind, pl.col("value")).interpolate().over("id"))
    )
    return Histories(series, months)


def _summary(usable: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    return usable.group_by("id", maintain_order=True).agg(
        usable_months=pl.len().cast(pl.Int32),
        filled_months=(pl.col("month").max() - pl.col("month").min() + 1 - pl.len()).cast(pl.Int32),
        first=pl.col("month").min(),
        last=pl.col("month").max(),
        broken=pl.col("broken").first(),
        least_spread=least_spread(indicator),
    )


def _reason(series: pl.DataFrame) -> pl.Expr:
    """Why there is no forecast, as a sentence a reader of the page can use; null where there is one."""
    newest = pl.lit(series["last"].max(), pl.Int32)
    usable = pl.col("usable_months")
    month_name = "%B %Y"
    needs = f"a forecast needs {FEWEST_MONTHS}"
    count = pl.when(usable == 1).then(pl.lit("1 month")).otherwise(pl.format("{} months", usable))
    stopped = pl.format("No final value since {}.", first_day(pl.col("last")).dt.strftime(month_name))
    gap = pl.format(
        "{} of final values since the gap before {}; {}.",
        count,
        first_day(pl.col("first")).dt.strftime(month_name),
        pl.lit(needs),
    )
    span = pl.col("last") - pl.col("first") + 1
    return (
        pl.when(usable.is_null())
        .then(pl.lit(f"No final values yet; {needs} months."))
        .when(pl.col("last") < newest - STOPPED_AFTER)
        .then(stopped)
        .when((usable < FEWEST_MONTHS) & pl.col("broken"))
        .then(gap)
        .when(usable < FEWEST_MONTHS)
        .then(pl.format("{} of final values; {}.", count, pl.lit(needs)))
        .when(pl.col("filled_months") > MOST_FILLED * span)
        .then(pl.format("{} of the last {} months are missing.", pl.col("filled_months"), span))
    )
