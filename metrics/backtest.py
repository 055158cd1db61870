"""Rolling-origin back tests: what would have been forecast from earlier months, held against what came."""

import polars as pl

from metrics.baseline import SERIES
from metrics.forecast_history import FEWEST_MONTHS, Histories
from metrics.forecast_scale import chance_met, from_working, quantile
from metrics.indicator import Indicator

ORIGINS = 3
STEP_MONTHS = 6
HELD_BACK = 12
"""A year ahead is tested; a target further off is forecast further than its record reaches, and says so."""
LEAST_HELD_BACK = 6
BINS = 10

ROUNDING = 1e-12

BEATEN, NOT_BEATEN, UNTESTED = "beats naive", "naive not beaten", "too short to test"


def runs(histories: Histories) -> pl.DataFrame:
    """The months each back test may see: `run`, `id`, `origin` (last month seen), `month`, `working`.

    Up to `ORIGINS` origins a series, `STEP_MONTHS` apart, the newest `HELD_BACK` months before its end, each
    with at least `FEWEST_MONTHS` months to learn from. A shorter history holds back what is over those, if
    that is `LEAST_HELD_BACK` or more. An origin on a bridged month is left out: the bridge knows what came
    after it.
    """
    forecastable = histories.series.filter(pl.col("reason").is_null())
    length = pl.col("last") - pl.col("first") + 1
    newest = pl.min_horizontal(length - FEWEST_MONTHS, pl.lit(HELD_BACK))
    step = pl.int_range(0, ORIGINS, dtype=pl.Int32).implode()
    origins = (
        forecastable.with_columns(newest=newest, step=step.first())
        .explode("step")
        .with_columns(held=pl.col("newest") + STEP_MONTHS * pl.col("step"))
        .filter(pl.col("newest") >= LEAST_HELD_BACK, pl.col("held") <= length - FEWEST_MONTHS)
        .select("id", run=pl.col("id") * ORIGINS + pl.col("step"), origin=pl.col("last") - pl.col("held"))
    )
    on_bridge = histories.months.filter(pl.col("value").is_null()).select("id", origin="month")
    return (
        origins.join(on_bridge, on=["id", "origin"], how="anti")
        .join(histories.months.select("id", "month", "working"), on="id")
        .filter(pl.col("month") <= pl.col("origin"))
        .sort("run", "month")
    )


def compare(histories: Histories, seen: pl.DataFrame, projected: pl.DataFrame) -> pl.DataFrame:
    """Back tests' projections beside what came, in months with a true value: adds `id`, `value`, `before`.

    `before` is the mean of the last 12 values seen at the origin: what a target of change would be set on.
    """
    actual = histories.months.drop_nulls("value").select("id", "month", "value")
    at_origin = (
        seen.join(actual, on=["id", "month"], how="left")
        .filter(pl.col("month") > pl.col("origin") - 12)
        .group_by("run", maintain_order=True)
        .agg(pl.col("id").first(), before=pl.col("value").mean())
    )
    return projected.join(at_origin, on="run").join(actual, on=["id", "month"]).sort("run", "month", "way")


def record(compared: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """How smoothing and seasonal naive did on each series: one row per `id`.

    `tests` origins, `tested_months` months compared, the furthest `tested_ahead`; `smoothing_error` and
    `naive_error` are mean absolute errors in the value's unit, `relative_error` the first over the second
    (null where naive made none); `verdict` says which is given, `coverage_80` how often its 80% interval held
    what came. Smoothing has to make the smaller error: a tie goes to naive.
    """
    kind, smoothing, naive = indicator.kind, pl.col("way") == "smoothing", pl.col("way") == "naive"
    error = (pl.col("value") - from_working(kind, pl.col("working_mean"))).abs()
    covered = pl.col("value").is_between(quantile(kind, 0.1) - ROUNDING, quantile(kind, 0.9) + ROUNDING)
    beats = pl.col("smoothing_error") < pl.col("naive_error")
    return (
        compared.with_columns(error=error, covered=covered)
        .group_by("id", maintain_order=True)
        .agg(
            tests=pl.col("run").n_unique().cast(pl.Int32),
            tested_months=naive.sum().cast(pl.Int32),
            tested_ahead=pl.col("months_ahead").max(),
            smoothing_error=pl.when(smoothing.sum() == naive.sum()).then(
                pl.col("error").filter(smoothing).mean()
            ),
            naive_error=pl.col("error").filter(naive).mean(),
            by_smoothing=pl.col("covered").filter(smoothing).mean(),
            by_naive=pl.col("covered").filter(naive).mean(),
        )
        .with_columns(
            relative_error=pl.when(pl.col("naive_error") > 0).then(
                pl.col("smoothing_error") / pl.col("naive_error")
            ),
            verdict=pl.when(beats).then(pl.lit(BEATEN)).otherwise(pl.lit(NOT_BEATEN)),
            coverage_80=pl.when(beats).then("by_smoothing").otherwise("by_naive"),
        )
        .drop("by_smoothing", "by_naive")
    )


def questions(given: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """The page's own question, asked of the forecast given at each origin: would the target be met?

    For each back-tested month and each of the indicator's targets: `id`, `run`, `months_ahead`, `target`,
    `chance`, `met`. A target level is asked as it stands; a target of change is set on the 12 months before
    the origin, as it once was on the baseline.
    """
    better = 1 if indicator.better == "higher" else -1
    levels = [
        pl.lit(t.level, pl.Float64) if t.level is not None else pl.col("before") * (1 + (t.change or 0.0))
        for t in indicator.targets
    ]
    asked = [given.with_columns(target=level) for level in levels]
    if not asked:
        asked = [given.with_columns(target=pl.lit(None, pl.Float64)).clear()]
    return (
        pl.concat(asked)
        .with_columns(
            chance=chance_met(indicator, pl.col("target")),
            met=better * (pl.col("value") - pl.col("target")) >= 0,
        )
        .drop_nulls("chance")
        .select("id", "run", "months_ahead", "target", "chance", "met")
        .sort("run", "months_ahead", "target")
    )


def calibration(asked: pl.DataFrame) -> pl.DataFrame:
    """Of the targets given about 30%, were about 30% met? One row for each tenth of chance, empty ones too.

    `asked` holds the questions of any number of indicators, with their series keys. Gives `chance_from`,
    `chance_to`, `questions`, `series`, `chance_given` (mean), `share_met`. Months of a series are not
    independent, so `questions` overstates how much is known: `series` says how many stand behind it.
    """
    tenth = (pl.col("chance") * BINS).floor().clip(0, BINS - 1).cast(pl.Int32)
    found = asked.group_by(tenth.alias("tenth")).agg(
        questions=pl.len().cast(pl.Int32),
        series=pl.struct(SERIES).n_unique().cast(pl.Int32),
        chance_given=pl.col("chance").mean(),
        share_met=pl.col("met").mean(),
    )
    bins = pl.DataFrame({"tenth": pl.int_range(0, BINS, dtype=pl.Int32, eager=True)})
    return (
        bins.join(found, on="tenth", how="left")
        .sort("tenth")
        .select(
            (pl.col("tenth") / BINS).alias("chance_from"),
            ((pl.col("tenth") + 1) / BINS).alias("chance_to"),
            pl.col("questions", "series").fill_null(0),
            "chance_given",
            "share_met",
        )
    )
