"""Signals of stored series: which months are points, where limits start afresh, and one row a series."""

import polars as pl

from metrics.baseline import SERIES
from metrics.indicator import Indicator
from metrics.spc import FLAGS, signals, summary
from metrics.spc_profiles import MDC, Profile

SCOPE = ("basis", "level", "organisation", "breakdown", "category")
"""What a recalculation can be limited to; null stands for every one of them."""

COMMON = "common_cause"


def pointwise(
    observations: pl.DataFrame,
    indicator: Indicator,
    recalculations: pl.DataFrame | None = None,
    profile: Profile = MDC,
) -> pl.DataFrame:
    """One indicator's observations, in order of series and month, with what `metrics.spc.signals` adds.

    `observations` has the series keys, period, value, target and status; only final months are points, and
    other rows keep their place without a state. Each month is held against its own target. `recalculations`
    (SCOPE and period) start the limits afresh at the first month from their period on; one with `until` is a
    fixed baseline instead: limits are taken from its months and extended to all, whatever starts afresh (of
    several the last given counts). Adds `recalculate`, `baseline` (months that fix the limits), `series` (a
    number from 0) and the columns of `metrics.spc.signals`.
    """
    numbers = observations.select(SERIES).unique(maintain_order=True).with_row_index("series")
    rows = (
        observations.join(numbers, on=SERIES, how="left", nulls_equal=True)
        .sort("series", "period")
        .with_columns(_marks(recalculations).alias("recalculate"), _fixed(recalculations).alias("baseline"))
    )
    fixed = pl.col("baseline").any().over("series")
    rows = rows.with_columns(pl.col("recalculate") & ~fixed)
    points = rows.select(
        "series",
        "target",
        "recalculate",
        "baseline",
        date=pl.col("period"),
        value=pl.when(pl.col("status") == "final").then("value"),
    )
    found = signals(points, profile, better=indicator.better)
    given = ("series", "date", "value", "target", "recalculate", "baseline")
    return rows.hstack(found.drop(given))


def summed(pointed: pl.DataFrame, indicator: Indicator, profile: Profile = MDC) -> pl.DataFrame:
    """One row a series of `pointwise`: the series keys, both icons with the reason, and what they rest on.

    profile, profile_version, points, gaps, mean, lower_limit, upper_limit (at the last point), latest_period,
    latest_value, target (of the latest month that has one and a value), state (of the last point, though the
    series be too short for an icon), variation, assurance, reason; `rules` seen at any point, a space between
    them; `signalled`, how many points are signals; `recalculated`, where the limits last started afresh.
    """
    final = pl.when(pl.col("status") == "final").then("value")
    readable = pointed.with_columns(final.alias("value")).rename({"period": "date"})
    icons = summary(readable, profile, better=indicator.better).drop("mean", "lower_limit", "upper_limit")
    is_point = pl.col("value").is_not_null()
    last = [pl.col(name).filter(is_point).last() for name in ("mean", "lower_limit", "upper_limit", "state")]
    seen = pl.concat_str(
        (pl.when(pl.col(flag).any()).then(pl.lit(flag)) for flag in FLAGS), separator=" ", ignore_nulls=True
    )
    whole = readable.group_by("series", maintain_order=True).agg(
        *(pl.col(key).first() for key in SERIES),
        *last,
        seen.first().alias("rules"),
        (pl.col("state") != COMMON).sum().alias("signalled"),
        pl.col("date").filter("recalculate").last().alias("recalculated"),
    )
    return whole.join(icons, on="series").select(
        *SERIES,
        pl.lit(profile.name).alias("profile"),
        pl.lit(profile.version).alias("profile_version"),
        pl.col("points", "gaps").cast(pl.Int64),
        *("mean", "lower_limit", "upper_limit"),
        pl.col("latest_date").alias("latest_period"),
        "latest_value",
        "target",
        pl.col("state").cast(pl.String),
        *("variation", "assurance", "reason", "rules"),
        pl.col("signalled").cast(pl.Int64),
        "recalculated",
    )


def _marks(recalculations: pl.DataFrame | None) -> pl.Expr:
    """True on the first month of each series, of rows in order, from a recalculation's period on."""
    before = pl.col("period").shift(1).over("series")
    marks = pl.lit(value=False)
    for row in recalculations.iter_rows(named=True) if recalculations is not None else ():
        if row.get("until") is not None:
            continue
        first = (pl.col("period") >= row["period"]) & (before < row["period"])
        here = [pl.col(name) == row[name] for name in SCOPE if row[name] is not None]
        marks = marks | pl.all_horizontal(first, *here).fill_null(value=False)
    return marks


def _fixed(recalculations: pl.DataFrame | None) -> pl.Expr:
    """True in the months that a series' limits are taken from, where somebody has fixed them."""
    marks = pl.lit(value=False)
    for row in recalculations.iter_rows(named=True) if recalculations is not None else ():
        if row.get("until") is not None:
            inside = pl.col("period").is_between(row["period"], row["until"])
            here = [pl.col(name) == row[name] for name in SCOPE if row[name] is not None]
            about = pl.all_horizontal(pl.lit(value=True), *here).fill_null(value=False)
            marks = pl.when(about).then(inside).otherwise(marks)
    return marks
