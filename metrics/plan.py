"""An organisation's own dated plan, which wins over the path drawn for it."""

import polars as pl

from metrics.baseline import month_of

PLANNED = ["level", "organisation"]
"""What a plan belongs to: an organisation's headline, whichever basis it is counted on."""


def planned(plan: pl.DataFrame | None) -> pl.DataFrame:
    """`level`, `organisation`, `month`, `plan`: the plan in every month from its first to its last.

    `plan` holds one indicator's `level`, `organisation`, `period` (first of month) and `value`, in the
    value's own unit; months that it leaves out in between are on the straight line between its neighbours.
    """
    if plan is None:
        return pl.DataFrame(
            schema=dict.fromkeys(PLANNED, pl.String) | {"month": pl.Int32, "plan": pl.Float64}
        )
    points = plan.select(*PLANNED, month=month_of(), plan=pl.col("value").cast(pl.Float64))
    months = pl.int_ranges(pl.col("month").min(), pl.col("month").max() + 1, dtype=pl.Int32)
    return (
        points.group_by(PLANNED)
        .agg(months.alias("month").first())
        .explode("month")
        .join(points, on=[*PLANNED, "month"], how="left")
        .sort(*PLANNED, "month")
        .with_columns(pl.col("plan").interpolate().over(PLANNED))
    )


def with_plan(months: pl.DataFrame, plan: pl.DataFrame | None) -> pl.DataFrame:
    """`months` (series keys and `month`) with `plan`: what was planned, null where nothing was.

    A plan is for the whole: parts of a breakdown have none.
    """
    whole = pl.lit("all").alias("breakdown")
    return months.join(
        planned(plan).with_columns(whole),
        on=[*PLANNED, "breakdown", "month"],
        how="left",
        maintain_order="left",
    )


def last_planned(series: pl.DataFrame, plan: pl.DataFrame | None) -> pl.DataFrame:
    """`series` (series keys) with `last_planned`: the number of the plan's last month, null without one."""
    ends = planned(plan).group_by(PLANNED).agg(last_planned=pl.col("month").max())
    return series.join(
        ends.with_columns(pl.lit("all").alias("breakdown")), on=[*PLANNED, "breakdown"], how="left"
    )
