"""Forecasts to a date, many series at once, each with the record of how such forecasts did before."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from metrics import backtest
from metrics.baseline import SERIES, first_day, month_number
from metrics.forecast_history import histories
from metrics.forecast_models import project
from metrics.forecast_scale import quantile, within
from metrics.indicator import Indicator

INTERVALS = {"lower_80": 0.1, "upper_80": 0.9, "lower_95": 0.025, "upper_95": 0.975}
RECORD = (
    "usable_months",
    "filled_months",
    "model",
    "verdict",
    "tests",
    "tested_months",
    "tested_ahead",
    "smoothing_error",
    "naive_error",
    "relative_error",
    "coverage_80",
)


@dataclass(frozen=True, slots=True)
class Forecasts:
    """What `forecast` gives; every frame begins with the series keys, and is sorted by them.

    `months`: a row for each series and future month: `period`, `months_ahead`, `mean`, `lower_80`,
    `upper_80`, `lower_95`, `upper_95`, `model`, and the distribution itself, normal on the working scale of
    `metrics.forecast_scale`: `working_mean`, `working_sd`. `mean` is the working mean brought back: the
    value is as likely to be above as below it.
    `records`: a row for each series forecast: `last_period`, `usable_months`, `filled_months`, `model`, and
    the columns of `metrics.backtest.record` (null, with 0 tests, when too short to test).
    `without`: a row for each series not forecast: `last_period`, `usable_months`, `reason`.
    `questions`: what back tests were asked; several indicators' rows together make a calibration table.
    """

    months: pl.DataFrame
    records: pl.DataFrame
    without: pl.DataFrame
    questions: pl.DataFrame


def forecast(observations: pl.DataFrame, indicator: Indicator, until: date) -> Forecasts:
    """One indicator's observations -> forecasts from each series' last final month to `until`'s month.

    Provisional months are not rested on: they are forecast, and so can be set beside what came in.
    Needs 24 final months (see `metrics.forecast_history` for gaps). The model is the best of
    `metrics.forecast_models.FORMS`; where its back-test error is not smaller than the seasonal naive
    forecast's, or it is untested, naive is given, with naive's own intervals. Deterministic, and each series
    for itself: the same whichever others are beside it, but for `STOPPED_AFTER`.
    """
    history = histories(observations, indicator)
    keys = history.series.select("id", *SERIES)
    kept = history.series.filter(pl.col("reason").is_null())
    seen = backtest.runs(history)
    projected = _bounded(project(seen, backtest.HELD_BACK), seen, kept, indicator)
    compared = backtest.compare(history, seen, projected)
    records = kept.join(backtest.record(compared, indicator), on="id", how="left").with_columns(
        pl.col("tests", "tested_months").fill_null(0), pl.col("verdict").fill_null(backtest.UNTESTED)
    )
    whole = history.months.with_columns(run=pl.col("id").cast(pl.Int64))
    ahead = max(1, month_number(until) - kept.select(pl.col("last").min().fill_null(0)).item())
    future = _bounded(project(whole, ahead), whole, kept, indicator)
    chosen = _chosen(records, future)
    given = future.join(chosen, on=["id", "way"]).sort("id", "month")
    models = given.group_by("id").agg(pl.col("model").first())
    asked = backtest.questions(compared.join(chosen, on=["id", "way"]), indicator)
    period = first_day(pl.col("last")).alias("last_period")
    return Forecasts(
        months=_finished(given.filter(pl.col("month") <= month_number(until)), indicator, keys),
        records=records.join(models, on="id").sort("id").select(*SERIES, period, *RECORD),
        without=history.series.filter(pl.col("reason").is_not_null()).select(
            *SERIES, period, pl.col("usable_months").fill_null(0), "reason"
        ),
        questions=keys.join(asked, on="id", maintain_order="right").drop("id", "run"),
    )


def _chosen(records: pl.DataFrame, future: pl.DataFrame) -> pl.DataFrame:
    """`id` and `way`: smoothing where it beat naive in back tests and can be fitted to the whole history."""
    fitted = future.filter(pl.col("way") == "smoothing").select("id").unique().with_columns(fitted=True)
    smooth = (pl.col("verdict") == backtest.BEATEN) & pl.col("fitted").fill_null(False)
    way = pl.when(smooth).then(pl.lit("smoothing")).otherwise(pl.lit("naive"))
    return records.join(fitted, on="id", how="left").select("id", way=way)


def _bounded(
    projected: pl.DataFrame, train: pl.DataFrame, kept: pl.DataFrame, indicator: Indicator
) -> pl.DataFrame:
    """Projections with their `id`; means held to the possible, spreads to what counting alone gives."""
    ids = train.select("run", "id").unique()
    return (
        projected.join(ids, on="run")
        .join(kept.select("id", "least_spread"), on="id")
        .with_columns(
            working_mean=within(indicator.kind, pl.col("working_mean")),
            working_sd=pl.max_horizontal("working_sd", "least_spread"),
        )
        .drop("least_spread")
    )


def _finished(given: pl.DataFrame, indicator: Indicator, keys: pl.DataFrame) -> pl.DataFrame:
    bounds = {name: quantile(indicator.kind, share) for name, share in INTERVALS.items()}
    return keys.join(given, on="id", maintain_order="right").select(
        *SERIES,
        first_day(pl.col("month")).alias("period"),
        pl.col("months_ahead").cast(pl.Int32),
        quantile(indicator.kind, 0.5).alias("mean"),
        *(bound.alias(name) for name, bound in bounds.items()),
        "model",
        "working_mean",
        "working_sd",
    )
