"""Figures that only stand elsewhere since a merger: nothing about them was revised."""

import polars as pl

from metrics.footprint import ABSENT
from warehouse import series

NUMBERS = ("numerator", "denominator", "value")
POINT = (*series.KEYS, "period")


def left_out(changes: pl.DataFrame, apart: pl.DataFrame) -> pl.DataFrame:
    """`changes` without those that a footprint made: where a point came to stand apart, or ceased to.

    `changes` has POINT, known_at and NUMBERS on both sides, on today's footprint; `apart` every row ever
    known of what was otherwise as it was, with POINT, NUMBERS, status, known_from and known_to (null: still).
    At the moment a merger is first known a point that it touches begins to stand apart. Where it then says,
    as it was, just what today's said before, only its place was changed. A change of the published figure
    itself, in the same moment, stays.
    """
    if changes.is_empty() or apart.is_empty():
        return changes
    numbered = changes.with_row_index("change")
    rows = numbered.select("change", *POINT, "known_at").join(apart, on=POINT, nulls_equal=True)
    at, start, end = pl.col("known_at"), pl.col("known_from"), pl.col("known_to")
    sides = {
        "before": rows.filter((start < at) & (end.is_null() | (end >= at))),
        "after": rows.filter((start <= at) & (end.is_null() | (end > at))),
    }
    moved = [
        _unmoved(numbered, sides[side].join(sides[other], on="change", how="anti"), other)
        for side, other in (("after", "before"), ("before", "after"))
    ]
    return numbered.join(pl.concat(moved), on="change", how="anti", maintain_order="left").drop("change")


def _unmoved(changes: pl.DataFrame, apart: pl.DataFrame, side: str) -> pl.DataFrame:
    """`change` of those whose figures of one side are what the point says as it was."""
    said = apart.select(
        "change",
        *(pl.when(pl.col("status") != ABSENT).then(pl.col(name)).alias(f"{name}_was") for name in NUMBERS),
    )
    same = [pl.col(f"{name}_was").eq_missing(pl.col(f"{name}_{side}")) for name in NUMBERS]
    return changes.join(said, on="change").filter(pl.all_horizontal(same)).select("change")
