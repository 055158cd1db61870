"""Where a series should be by now: targets in force, the path to them, the gap, and a verdict in words."""

import polars as pl

from metrics import path as paths
from metrics.baseline import (
    DEFAULT_BASELINE,
    SERIES,
    Baseline,
    baseline_levels,
    baseline_shape,
    change_from_baseline,
    final,
    first_day,
    month_number,
    month_of,
)
from metrics.indicator import Indicator
from metrics.plan import last_planned, with_plan

SPARKLINE_MONTHS = 24
ROUNDING = 1e-9
"""Relative slack when a value is held against a line, so that 0.1 + 0.2 reaches 0.3."""


def targets_for(
    indicator: Indicator,
    observations: pl.DataFrame,
    baseline: Baseline = DEFAULT_BASELINE,
    *,
    plan: pl.DataFrame | None = None,
    shape: paths.Shape = "straight",
) -> pl.DataFrame:
    """The target in force and the path to it, for each series and month: series keys, period, target, path.

    Months run from the series' first to the last target's due month (or its own or its plan's last month, if
    later), with none left out. `target`: of the targets with `since` <= month, the one with the earliest
    `due` still to come; when all are past, the last. A relative target is the series' own baseline x
    (1 + change), null without twelve baseline months. `path`: straight from the baseline's level, at the
    baseline's last month, to each target at its due month in turn, level after the last; null before the
    baseline's end. `shaped` bends it as the baseline's own months lay around its level (null without twelve).
    In the months of an organisation's `plan` (level, organisation, period, value) its path is the plan's.
    Both in the value's own unit. A series without targets or plan has no rows.
    """
    if not indicator.targets and (plan is None or plan.is_empty()):
        nothing = pl.lit(None, pl.Float64)
        return observations.select(*SERIES, "period", target=nothing, path=nothing).clear()
    ends = [month_number(target.due) for target in indicator.targets]
    last = pl.max_horizontal("last", "last_planned", *(pl.lit(end, pl.Int32) for end in ends))
    months = pl.int_ranges("first", last + 1, dtype=pl.Int32)
    spans = observations.group_by(SERIES).agg(month_of().min().alias("first"), month_of().max().alias("last"))
    spans = last_planned(spans, plan)
    if not indicator.targets:
        spans = spans.drop_nulls("last_planned")
    levels = baseline_levels(indicator, observations, baseline)
    lines = spans.join(levels, on=SERIES, nulls_equal=True).with_columns(month=months)
    lines = with_plan(_shaped(lines, indicator, observations, baseline, shape).explode("month"), plan)
    return lines.select(
        *SERIES,
        period=first_day(paths.MONTH),
        target=paths.in_force(indicator.targets, paths.level).cast(pl.Float64),
        path=_path(indicator, baseline, shape),
    ).sort(*SERIES, "period")


def standing(
    indicator: Indicator,
    observations: pl.DataFrame,
    baseline: Baseline = DEFAULT_BASELINE,
    *,
    plan: pl.DataFrame | None = None,
    shape: paths.Shape = "straight",
) -> pl.DataFrame:
    """Where each series stands, one row a series, judged on its latest final month.

    `latest_*` is that month (with no final month at all, the newest month, and no verdict). `path_now` is the
    path in that month (`targets_for`: the plan's, where there is one), or the target itself in the month it
    falls due. `gap` is the latest value against `path_now`, negative when behind whichever direction is
    better; `gap_events` is the gap as events a month (patients, bed days, conveyances), same sign.
    `required_pace` is the change a month, in the value's unit, that still meets the target in force by its
    date: 0 once it is reached, null when the date has come. `sparkline` holds the values of the 24 months up
    to the series' newest, null where a month has none.

    `status_words`, the first that fits: "no target" (none is in force, and no plan); "insufficient data" (no
    final month, or a relative target without twelve baseline months); "met" (the latest value is at or better
    than the target in force, whether or not its date has come: a level reached early is reached);
    "insufficient data" (no path to hold it against); "on track" (at or better than `path_now`); "behind".
    """
    better = 1 if indicator.better == "higher" else -1
    value, target, path_now, gap = (pl.col(name) for name in ("latest_value", "target", "path_now", "gap"))
    judged, left = pl.col("judged"), pl.col("due_month") - pl.col("month")
    met = judged & (better * (value - target) >= -ROUNDING * target.abs())
    aimless = pl.col("due_month").is_null()
    no_data = ~judged | (target.is_null() & ~aimless)
    words = (
        pl.when(aimless & pl.col("plan").is_null())
        .then(pl.lit("no target"))
        .when(no_data | (path_now.is_null() & ~met))
        .then(pl.lit("insufficient data"))
        .when(met)
        .then(pl.lit("met"))
        .when(gap >= -ROUNDING * path_now.abs())
        .then(pl.lit("on track"))
        .otherwise(pl.lit("behind"))
    )
    in_events = pl.when(pl.col("latest_denominator").is_null()).then(gap)
    pace = pl.when(met).then(0.0).otherwise((target - value) / left)
    path_or_due = pl.when(left == 0).then(target).otherwise(_path(indicator, baseline, shape))
    latest = with_plan(_latest(observations), plan)
    return (
        _shaped(latest, indicator, observations, baseline, shape)
        .join(baseline_levels(indicator, observations, baseline), on=SERIES, nulls_equal=True)
        .join(
            change_from_baseline(indicator, observations, baseline), on=SERIES, how="left", nulls_equal=True
        )
        .with_columns(
            due_month=paths.in_force(indicator.targets, paths.due).cast(pl.Int32),
            target=paths.in_force(indicator.targets, paths.level).cast(pl.Float64),
        )
        .with_columns(path_now=path_or_due)
        .with_columns(gap=pl.when(judged).then(better * (value - path_now)))
        .select(
            *SERIES,
            "baseline_value",
            "latest_period",
            "latest_value",
            "latest_numerator",
            "latest_denominator",
            "latest_status",
            "target",
            first_day(pl.col("due_month")).alias("target_due"),
            "path_now",
            "gap",
            in_events.otherwise(gap * pl.col("latest_denominator") / indicator.scale).alias("gap_events"),
            pl.when(judged & (left > 0)).then(pace).alias("required_pace"),
            "change_from_baseline",
            words.alias("status_words"),
            "sparkline",
        )
        .sort(*SERIES)
    )


def _path(indicator: Indicator, baseline: Baseline, shape: paths.Shape) -> pl.Expr:
    """The plan where there is one, else the path drawn to the targets."""
    bend = paths.Bend(shape == "shaped", added=indicator.kind == "proportion")
    return pl.coalesce(pl.col("plan"), paths.path(indicator.targets, baseline, bend))


def _shaped(
    lines: pl.DataFrame,
    indicator: Indicator,
    observations: pl.DataFrame,
    baseline: Baseline,
    shape: paths.Shape,
) -> pl.DataFrame:
    """`lines` with the baseline's `shape`, where the path is to be bent by it."""
    if shape == "straight":
        return lines
    bends = baseline_shape(indicator, observations, baseline)
    return lines.join(bends, on=SERIES, how="left", nulls_equal=True)


def _latest(observations: pl.DataFrame) -> pl.DataFrame:
    """Each series' month to judge: its latest final month, else its newest; and its sparkline."""
    month = month_of()
    order = [final(), pl.col("period")]
    columns = {"latest_period": "period", "latest_value": "value", "latest_numerator": "numerator"}
    columns |= {"latest_denominator": "denominator", "latest_status": "status"}
    picked = [pl.col(old).sort_by(order).last().alias(new) for new, old in columns.items()]
    ago = month.max() - month
    slots = [pl.col("value").filter(ago == k).first() for k in reversed(range(SPARKLINE_MONTHS))]
    return (
        observations.group_by(SERIES)
        .agg(*picked, final().any().alias("judged"), pl.concat_list(slots).first().alias("sparkline"))
        .with_columns(month=month_of("latest_period"))
    )
