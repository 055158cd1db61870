"""A target that must be reached in each of several categories: "at least 10 specialties at 25% or more"."""

import polars as pl

from metrics.baseline import SERIES
from metrics.indicator import Indicator

ORGANISATION = [key for key in SERIES if key not in ("breakdown", "category")]


def reaching(indicator: Indicator, standings: pl.DataFrame) -> pl.DataFrame:
    """How many of the rule's categories stand at the target, of how many with a verdict.

    One row for each organisation (SERIES without breakdown and category): `reaching`, `with_data`, both whole
    numbers. `standings` as `trajectory.standing` gives them. Raises ValueError without a k-of-n rule.
    """
    rule = indicator.k_of_n
    if rule is None:
        raise ValueError(f"indicator {indicator.id} has no k-of-n rule")
    words = pl.col("status_words")
    return (
        standings.filter(
            pl.col("breakdown") == rule.breakdown, pl.col("category").is_in(list(rule.categories))
        )
        .group_by(ORGANISATION)
        .agg(
            (words == "met").sum().cast(pl.Int64).alias("reaching"),
            words.is_in(["met", "on track", "behind"]).sum().cast(pl.Int64).alias("with_data"),
        )
    )


def held_to_rule(indicator: Indicator, standings: pl.DataFrame) -> pl.DataFrame:
    """Standings in which the whole is "met" only where enough categories are.

    A pooled share can stand at the target while most specialties do not. Then the whole is "on track" until
    the target falls due, and "behind" from then on. An indicator without such a rule is left as it is.
    """
    rule = indicator.k_of_n
    if rule is None:
        return standings
    enough = pl.col("reaching").fill_null(0) >= rule.least
    short = (pl.col("breakdown") == "all") & (pl.col("status_words") == "met") & ~enough
    words = pl.when(pl.col("latest_period") < pl.col("target_due")).then(pl.lit("on track"))
    return (
        standings.join(reaching(indicator, standings), on=ORGANISATION, how="left", nulls_equal=True)
        .with_columns(
            pl.when(short)
            .then(words.otherwise(pl.lit("behind")))
            .otherwise("status_words")
            .alias("status_words")
        )
        .select(standings.columns)
    )
