"""Who stands for whom today: dated successions -> the code, or codes, that each history goes to."""

import polars as pl

SCHEMA: dict[str, pl.DataType] = {
    "code": pl.String(),
    "heir": pl.String(),
    "since": pl.Date(),
    "fraction": pl.Float64(),
    "decided": pl.Boolean(),
}
"""Columns of successions: from `since` on `heir` stands for `code`, or for a `fraction` of it (null: all).

`decided`: it counts even before a month has been reported since; null is no.
"""

CARRIED = ("code", "heir", "since", "fraction")
SLACK = 1e-9
"""How far from 1 the fractions of one code may add up."""


def carried(successions: pl.DataFrame, at_work: pl.DataFrame) -> pl.DataFrame:
    """Whose history goes to whom, chains followed, in CARRIED, ordered; `since` is the code's own.

    `successions` in SCHEMA; `at_work` (code, last) is the last month that each code reported. A succession
    counts once a month has been reported since, or it is `decided`. Left as they were: a code that itself
    reported since (see `doubted`), one that went on beside its heir, and one divided without fractions. Of
    several successions of one code the newest counts, and chains go to their ends. Raises ValueError where
    one runs in a circle or fractions do not add up to 1.
    """
    steps = _steps(successions, at_work)
    doubtful = _reporting_since(steps, at_work)
    steps = steps.join(doubtful, on="code", how="anti")
    ways = steps.join(at_work.select("code").unique(), on="code", how="semi")
    onward = steps.select(heir="code", onto="heir", share="fraction")
    ends = []
    for _ in range(steps.height + 1):
        ends.append(ways.join(onward, on="heir", how="anti").select(*CARRIED))
        share = pl.col("fraction") * pl.col("share")
        ways = ways.join(onward, on="heir").select("code", "since", heir="onto", fraction=share)
        if ways.is_empty():
            break
        if (circle := ways.filter(pl.col("code") == pl.col("heir"))).height:
            raise ValueError(f"successions run in a circle at {circle['code'].sort()[0]}")
    else:
        raise ValueError(f"successions run in a circle at {ways['heir'].sort()[0]}")
    summed = pl.concat(ends).sort("code", "heir", "fraction").group_by("code", "heir", "since")
    return summed.agg(pl.col("fraction").sum()).select(*CARRIED).sort("code", "heir")


def doubted(successions: pl.DataFrame, at_work: pl.DataFrame) -> pl.DataFrame:
    """Successions not followed, because the code went on reporting: CARRIED, `last` being its last month."""
    found = _reporting_since(_steps(successions, at_work), at_work)
    return found.select(*CARRIED, "last").sort("code", "heir")


def in_circles(successions: pl.DataFrame) -> list[str]:
    """The codes (of code, heir) that come back to themselves by way of others, in order."""
    steps = successions.select("code", "heir").filter(pl.col("code") != pl.col("heir")).unique()
    left = -1
    while steps.height != left:
        left = steps.height
        # What leads nowhere further, and what nothing leads to, is in no circle.
        steps = steps.join(steps.select(heir="code").unique(), on="heir", how="semi")
        steps = steps.join(steps.select(code="heir").unique(), on="code", how="semi")
    return sorted(steps["code"].unique())


def _steps(successions: pl.DataFrame, at_work: pl.DataFrame) -> pl.DataFrame:
    """Each code's newest succession that lies in the past of what was reported, whole or by fractions."""
    newest = at_work["last"].max()
    rows = successions.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items()).unique()
    past = rows.filter(
        (pl.col("since") <= pl.lit(newest, pl.Date)) | pl.col("decided").fill_null(value=False)
    )
    past = past.filter(pl.col("since") == pl.col("since").max().over("code"))
    went_on = (pl.col("code") == pl.col("heir")).any().over("code")
    divided = (pl.len().over("code") > 1) & pl.col("fraction").null_count().over("code").gt(0)
    steps = past.filter(~went_on & ~divided).with_columns(pl.col("fraction").fill_null(1.0))
    whole = ((pl.col("fraction").sum() - 1).abs() <= SLACK) & (pl.col("fraction") > 0).all()
    uneven = steps.group_by("code").agg(whole=whole).filter(~pl.col("whole"))
    if uneven.height:
        raise ValueError(f"the fractions of {uneven['code'].sort()[0]} do not add up to 1")
    return steps


def _reporting_since(steps: pl.DataFrame, at_work: pl.DataFrame) -> pl.DataFrame:
    return steps.join(at_work.select("code", "last"), on="code").filter(pl.col("last") >= pl.col("since"))
