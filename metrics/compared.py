"""Organisations compared on one indicator: months pooled, their own intervals, their place in the funnel."""

import polars as pl

from metrics.comparison import funnel
from metrics.indicator import Indicator
from metrics.intervals import byar, wilson

NOTE = "Descriptive, not evaluative: case mix is not adjusted for"
CLUMPED = ("bed day", "day of delay")
"""Events that come many to a patient: intervals made for single events are too narrow for them."""
OF_ONE = ["indicator", "definition_version", "basis", "level", "organisation", "breakdown", "category"]
USABLE = ("final", "provisional")
"""Statuses of months that a comparison may rest on."""


def why_not(indicator: Indicator, level: str) -> str | None:
    """Why organisations of a level cannot be compared on an indicator, in a sentence; None where they can."""
    if indicator.kind == "mean":
        return f"{indicator.id} is a mean: how far it varies by chance cannot be told from sums, so no funnel"
    if indicator.at_risk is not None and level in ("provider", "ambulance_service"):
        return (
            f"{indicator.id} has no population at level {level}: counts alone would compare the size of "
            "organisations"
        )
    return None


def caution(indicator: Indicator) -> str:
    """What to remember of an indicator's intervals and limits, in a sentence; "" where there is nothing."""
    if indicator.event not in CLUMPED:
        return ""
    return f"A stay brings many {indicator.event}s at once, so true intervals are wider than these."


def pooled(found: pl.DataFrame) -> pl.DataFrame:
    """Observations -> one row for each series: organisation_name, months used, and sums over those months.

    Months not reported, or too incomplete for a verdict, are left out of both sums.
    """
    usable = pl.col("status").is_in(USABLE) & pl.col("value").is_not_null()
    sums = [
        pl.when((usable & pl.col(name).is_not_null()).any())
        .then(pl.col(name).filter(usable).sum())
        .alias(name)
        for name in ("numerator", "denominator")
    ]
    return (
        found.sort("period")
        .group_by(OF_ONE, maintain_order=True)
        .agg(pl.col("organisation_name").last(), usable.sum().alias("months"), *sums)
        .sort("organisation", "category")
    )


def with_quiet_months(found: pl.DataFrame) -> pl.DataFrame:
    """Observations of places of care, with nought in months in which only other groups of an organisation
    have a figure.

    Where care is given nobody is at risk, so a group of whom nobody came in a month has no row: left out, it
    would be told as more than it is. Columns not made here are null in the rows added.
    """
    usable = pl.col("status").is_in(USABLE) & pl.col("value").is_not_null()
    months = found.filter(usable).group_by("organisation", "period").agg(pl.col("denominator").max())
    every = found.select(*OF_ONE, "organisation_name").unique().join(months, on="organisation")
    quiet = every.join(found, on=[*OF_ONE, "period"], how="anti", nulls_equal=True)
    nought = pl.lit(0.0)
    quiet = quiet.with_columns(numerator=nought, value=nought, status=pl.lit("final"))
    return pl.concat([found, quiet], how="diagonal")


def placed(indicator: Indicator, sums: pl.DataFrame) -> pl.DataFrame:
    """`pooled` sums with `metrics.comparison.funnel`'s columns, and lower and upper: their own 95% intervals.

    One funnel for each category. Intervals are Wilson's for shares, Byar's for counts over a population.
    """
    r, n, per = pl.col("numerator"), pl.col("denominator"), indicator.scale
    if indicator.kind == "proportion":
        rows = funnel(sums, "proportion", by=["category"], per=per)
        lower, upper = wilson(r, n)
    else:
        rows = funnel(sums, "rate", by=["category"], per=per)
        least, most = byar(r)
        lower, upper = least / n, most / n
    known = n > 0
    return rows.with_columns(
        pl.when(known).then(per * lower).alias("lower"), pl.when(known).then(per * upper).alias("upper")
    )
