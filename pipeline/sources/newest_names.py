"""The organisations that a published file names month by month, each once, as the feed `organisations`."""

from __future__ import annotations

import polars as pl


def newest_names(held: pl.DataFrame, above: pl.Expr) -> pl.DataFrame:
    """One row for each level and code: its newest name, what is `above` it then, and when it is first named.

    `held` has period, level, organisation_code and organisation_name; no end and no successor is known here.
    """
    return (
        held.with_columns(above=above)
        .sort("period")
        .group_by("level", code="organisation_code")
        .agg(
            name=pl.col("organisation_name").last(),
            parent=pl.col("above").last(),
            valid_from=pl.col("period").first(),
        )
        .select(
            "code",
            "level",
            "name",
            "parent",
            "valid_from",
            valid_to=pl.lit(None, dtype=pl.Date),
            successor=pl.lit(None, dtype=pl.String),
        )
        .sort("level", "code")
    )
