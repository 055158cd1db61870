"""One count under several names: what is hidden under one name must be hidden under all of them."""

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from metrics.indicator import Indicator
from metrics.suppression import Integers

SLICE = ("indicator", "definition_version", "basis", "breakdown", "category")
AT = ("level", "organisation")
PLACE = ("basis", "breakdown", "category", *AT)


def family(indicator: Indicator, known: Mapping[str, Indicator]) -> list[Indicator]:
    """The indicators whose figures can be set off against this one's, itself among them, in their order.

    Those of one national target are counted from the same records; those with one rule for the people at
    risk are set against the same people. Both hold at one remove too.
    """
    found = {indicator.id}
    while True:
        kin = [known[one] for one in found]
        targets = {one.national_target for one in kin}
        rules = {one.at_risk for one in kin if one.at_risk is not None}
        wider = {one.id for one in known.values() if one.national_target in targets or one.at_risk in rules}
        if wider <= found:
            return [one for one in known.values() if one.id in found]
        found |= wider


def same_columns(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells of two columns that hold one count wherever both stand in a month: `cell` and `like`.

    `cells` are one month's: SLICE, AT, `column`, `cell` and `count`. The delayed discharges that one measure
    averages over are another's discharges less those on the day. Two columns that agree by chance cost a
    little cover and nothing else; zeros tell nothing and are not counted as agreement.
    """
    columns = cells.filter(pl.col("known")).select(
        *PLACE,
        "cell",
        "count",
        name=pl.concat_str("indicator", "definition_version", "column", separator=" ").cast(pl.Categorical),
    )
    pairs = columns.join(columns, on=PLACE, suffix="_other").filter(pl.col("cell") < pl.col("cell_other"))
    agreed = pairs.group_by("name", "name_other").agg(
        same=(pl.col("count") == pl.col("count_other")).all(), filled=(pl.col("count") > 0).any()
    )
    same = agreed.filter("same", "filled")
    return (
        pairs.join(same, on=["name", "name_other"], how="semi")
        .select("cell_other", "cell")
        .rename({"cell_other": "cell", "cell": "like"})
    )


def same_categories(cells: pl.DataFrame) -> pl.DataFrame:
    """The same for categories under two names: same-day stays are an indicator, and a band of all stays."""
    filled = cells.filter(pl.col("known") & (pl.col("count") > 0))
    print_ = pl.struct(*AT, "count").hash(seed=7).sum()
    columns = filled.group_by(*SLICE, "column").agg(print=print_, cells=pl.len())
    named = filled.join(columns, on=[*SLICE, "column"], nulls_equal=True)
    return named.select("cell", like=pl.col("cell").min().over("print", "cells", *AT)).filter(
        pl.col("cell") != pl.col("like")
    )


def same_on_both_bases(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells that are the same figure on another basis, or of another version, and hold the same count."""
    apart = [name for name in SLICE if name not in ("basis", "definition_version")]
    filled = cells.filter(pl.col("known") & (pl.col("count") > 0))
    first = pl.col("cell").min().over(*apart, *AT, "column", "count")
    return filled.select("cell", like=first).filter(pl.col("cell") != pl.col("like"))


def merged(size: int, pairs: Iterable[pl.DataFrame]) -> Integers:
    """For each of `size` cells the first cell that it is the same as, through any chain of `pairs`."""
    one, other = (
        np.concatenate([np.zeros(0, np.int64), *(pair[name].cast(pl.Int64).to_numpy() for pair in pairs)])
        for name in ("cell", "like")
    )
    stands_for = np.arange(size)
    while True:
        before = stands_for.copy()
        least = np.minimum(stands_for[one], stands_for[other])
        np.minimum.at(stands_for, one, least)
        np.minimum.at(stands_for, other, least)
        stands_for = stands_for[stands_for]
        if (stands_for == before).all():
            return stands_for
