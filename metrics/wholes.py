"""Which organisations add up to which: what a reader of a whole publication can subtract."""

from itertools import combinations

import polars as pl

from metrics.geography import LADDER, UNATTRIBUTED, ladder
from metrics.observations import ENGLAND

LINK = ("level", "organisation", "whole_level", "whole_organisation")


def wholes(organisations: pl.DataFrame, held: pl.DataFrame, basis: str) -> pl.DataFrame:
    """Each organisation that is `held` (level, organisation) beneath each whole it is a part of: LINK.

    Local figures are summed by where patients live: neighbourhoods to every level above them, and every level
    of the ladder to those above it wherever all its neighbourhoods go the same way; care given (providers,
    ambulance services) sums to England alone. Published figures stand at levels of their own, providers
    included: each is taken to be part of what it stands under today.
    """
    held = held.select("level", "organisation").unique()
    rungs = ladder(organisations)
    links = _of_residents(rungs, held) if basis == "local" else _of_published(rungs, held)
    nation = held.filter(pl.col("level") != "england").select(
        "level", "organisation", whole_level=pl.lit("england"), whole_organisation=pl.lit(ENGLAND)
    )
    return pl.concat([*links, nation], how="vertical").unique().sort(LINK)


def _of_residents(rungs: pl.DataFrame, held: pl.DataFrame) -> list[pl.DataFrame]:
    """Links between levels of the ladder, read off the neighbourhoods that have figures."""
    bottom = LADDER[0]
    homes = (
        held.filter(pl.col("level") == bottom)
        .select(pl.col("organisation").alias(bottom))
        .join(rungs.drop(bottom), left_on=bottom, right_on="code", how="left")
        .with_columns(pl.col(*LADDER[1:]).fill_null(UNATTRIBUTED))
    )
    links = []
    for low, high in combinations(LADDER, 2):
        pairs = homes.select(low, high).unique()
        one_way = pairs.filter(pl.len().over(low) == 1)
        links.append(_named(one_way, low, low, high))
    return links


def _of_published(rungs: pl.DataFrame, held: pl.DataFrame) -> list[pl.DataFrame]:
    """Links from each organisation to the rungs above its own."""
    links = []
    for level in ("provider", *LADDER[:-1]):
        above = LADDER[LADDER.index(level) + 1 :] if level in LADDER else LADDER
        here = held.filter(pl.col("level") == level).join(rungs, left_on="organisation", right_on="code")
        links += [
            _named(here.filter(pl.col(high) != UNATTRIBUTED), level, "organisation", high) for high in above
        ]
    return links


def _named(pairs: pl.DataFrame, level: str, code: str, high: str) -> pl.DataFrame:
    return pairs.select(
        pl.lit(level).alias("level"),
        pl.col(code).alias("organisation"),
        pl.lit(high).alias("whole_level"),
        pl.col(high).alias("whole_organisation"),
    )
