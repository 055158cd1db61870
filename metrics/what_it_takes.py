"""What closing the distance to a target would take, as events a year and the beds that bed days amount to."""

import polars as pl

from metrics.indicator import Indicator
from metrics.k_of_n import ORGANISATION

YEAR = 12
"""Months of a year; a distance is told for no fewer: seasons would make it more or less than it is."""

DAYS = 365.25
"""Days of a year, leap years included: bed days a year over days a year are beds in use all year."""

BED_DAY = "bed day"
"""The event that amounts to beds."""

SERIES = ["indicator", "definition_version", "basis", "level", "organisation", "breakdown", "category"]


def year_to_target(indicator: Indicator, observations: pl.DataFrame, targets: pl.DataFrame) -> pl.DataFrame:
    """Say what the latest twelve final months of each series would have needed to be at its target.

    `observations` are of this indicator (`metrics.observations.COLUMNS`); `targets` has the series' keys,
    target and target_due, as `metrics.trajectory.standing` gives them. One row a series: first and last,
    events and denominator (sums of both sides), value (of the twelve together), target, target_due, needed
    (events a year still to change: fewer or more, whichever is better; 0 once there) and beds (bed days
    alone). Null where twelve final months in a row, a denominator or a target are missing. A bed is a bed in
    use all year: planning for less than full wards needs more.
    """
    usable = observations.filter(pl.col("status") == "final", pl.col("value").is_not_null())
    newest = usable.sort("period").with_columns(
        ago=(pl.col("period").max().over(SERIES).dt.year() - pl.col("period").dt.year()) * YEAR
        + pl.col("period").max().over(SERIES).dt.month()
        - pl.col("period").dt.month()
    )
    year = (
        newest.filter(pl.col("ago") < YEAR)
        .group_by(SERIES)
        .agg(
            pl.col("period").min().alias("first"),
            pl.col("period").max().alias("last"),
            (pl.len() == YEAR).alias("whole"),
            pl.col("numerator").sum().alias("events"),
            pl.when(pl.col("denominator").null_count() == 0)
            .then(pl.col("denominator").sum())
            .alias("denominator"),
        )
    )
    per, higher = indicator.scale, indicator.better == "higher"
    enough = pl.col("whole") & (pl.col("denominator") > 0)
    allowed = pl.col("target") * pl.col("denominator") / per
    short = allowed - pl.col("events") if higher else pl.col("events") - allowed
    needed = pl.when(enough & (indicator.kind != "mean")).then(short.clip(lower_bound=0))
    rows = observations.select(*SERIES).unique().join(year, on=SERIES, how="left")
    return (
        rows.join(targets.select(*SERIES, "target", "target_due"), on=SERIES, how="left")
        .with_columns(
            value=pl.when(enough).then(per * pl.col("events") / pl.col("denominator")), needed=needed
        )
        .with_columns(beds=pl.when(pl.lit(indicator.event == BED_DAY)).then(pl.col("needed") / DAYS))
        .select(
            *SERIES,
            "first",
            "last",
            "events",
            "denominator",
            "value",
            "target",
            "target_due",
            "needed",
            "beds",
        )
        .sort(SERIES)
    )


def year_to_rule(indicator: Indicator, whole: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """`whole`, with `needed` told for a target that each of several categories must reach.

    Both as `year_to_target` gives them: of the headline, and of the rule's categories. The `least` categories
    nearest to the target decide, for no more are asked for; events that one has over and above help no other.
    Null where fewer than `least` can be told. Raises ValueError without a k-of-n rule.
    """
    rule = indicator.k_of_n
    if rule is None:
        raise ValueError(f"indicator {indicator.id} has no k-of-n rule")
    asked = parts.filter(pl.col("breakdown") == rule.breakdown, pl.col("category").is_in(rule.categories))
    nearest = asked.drop_nulls("needed").sort("needed").group_by(ORGANISATION).head(rule.least)
    short = nearest.group_by(ORGANISATION).agg(
        pl.when(pl.len() == rule.least).then(pl.col("needed").sum()).alias("needed")
    )
    return whole.drop("needed").join(short, on=ORGANISATION, how="left").select(whole.columns)
