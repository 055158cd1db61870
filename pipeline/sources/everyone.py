"""The organisations that all published feeds name, as one table: each once, whoever names it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipeline.sources.regions import ENGLAND, REGIONS


def together(given: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Frames of the feed `organisations`, joined; the later in the sequence knows better.

    An organisation has one row, from the earliest day anybody gives, unless a source gives it closed or dated
    rows (parents that change, successions): then that source is taken at its word for it.
    """
    frames = [frame.with_columns(rank=pl.lit(rank)) for rank, frame in enumerate(given) if frame.height]
    if not frames:
        return pl.concat(given[:1])
    rows = pl.concat(frames, how="vertical_relaxed")
    of_one = ["level", "code"]
    dated = pl.col("valid_to").is_not_null().any() | (pl.col("valid_from").n_unique() > 1)
    sources = rows.group_by(*of_one, "rank").agg(dated=dated)
    # Who knows no system says the region, and who knows no region says England.
    distance = (
        pl.when(pl.col("parent") == ENGLAND).then(2).when(pl.col("parent").is_in(list(REGIONS))).then(1)
    )
    near = pl.when(pl.col("parent").is_null()).then(3).otherwise(distance.otherwise(0))
    named = (
        pl.when(pl.col("level") == "region").then(pl.col("code").replace(REGIONS)).otherwise(pl.col("name"))
    )
    best = rows.join(sources, on=[*of_one, "rank"]).with_columns(distance=near, name=named).sort("rank")
    historic = best.filter(pl.col("dated").any().over(of_one)).filter(
        pl.col("rank") == pl.col("rank").filter(pl.col("dated")).max().over(of_one)
    )
    plain = (
        best.filter(~pl.col("dated").any().over(of_one))
        .group_by(of_one)
        .agg(
            pl.coalesce(
                pl.col("name").filter(pl.col("name") != pl.col("code")).last(), pl.col("name").last()
            ),
            pl.col("parent").filter(pl.col("distance") == pl.col("distance").min()).last(),
            pl.col("valid_from").min(),
            pl.col("valid_to", "successor").last(),
        )
    )
    columns = frames[0].columns[:-1]
    return pl.concat([plain.select(columns), historic.select(columns)]).sort("level", "code", "valid_from")
