"""Standings: where each series stands now, one row a series, ready for a scorecard."""

import json
from collections.abc import Collection

import polars as pl
from sqlalchemy import delete, select

from warehouse import frames, series
from warehouse.home import Home
from warehouse.tables import series as series_table
from warehouse.tables import standing

MEASURES: frames.Schema = {
    "baseline_value": pl.Float64,
    "latest_period": pl.Date,
    "latest_value": pl.Float64,
    "latest_numerator": pl.Float64,
    "latest_denominator": pl.Float64,
    "latest_status": pl.String,
    "target": pl.Float64,
    "target_due": pl.Date,
    "path_now": pl.Float64,
    "gap": pl.Float64,
    "gap_events": pl.Float64,
    "required_pace": pl.Float64,
    "change_from_baseline": pl.Float64,
    "status_words": pl.String,
}

COLUMNS = (*series.KEYS, "organisation_name", *MEASURES, "sparkline")
"""Columns that `read` returns; `sparkline` is a List(Float64), oldest first, null where a month has none."""


def write(home: Home, frame: pl.DataFrame, run_id: int) -> None:
    """Make `frame` (the series keys, MEASURES and sparkline) the standings of the indicators and bases in it.

    Series of those that are absent from the frame no longer have a standing. One transaction.
    """
    kept = frame.select(
        *series.KEYS,
        *(pl.col(name).cast(dtype) for name, dtype in MEASURES.items()),
        pl.Series("sparkline", [json.dumps(values) for values in frame["sparkline"].to_list()], pl.String),
        pl.lit(run_id).alias("run_id"),
    )
    with home.writing() as connection:
        for (indicator, basis), rows in kept.group_by("indicator", "basis", maintain_order=True):
            mine = select(series_table.c.id).where(
                series_table.c.indicator == indicator, series_table.c.basis == basis
            )
            connection.execute(delete(standing).where(standing.c.series_id.in_(mine)))
            numbered = series.with_ids(connection, rows, str(indicator), str(basis))
            frames.add(connection, standing, numbered.drop(series.KEYS).sort("series_id"))


def read(
    home: Home,
    indicator: str | None = None,
    levels: Collection[str] | None = None,
    organisations: Collection[str] | None = None,
    breakdown: str | None = "all",
    basis: str | None = None,
) -> pl.DataFrame:
    """The standings chosen, in COLUMNS, ordered by them; None chooses everything."""
    choice = series.chosen(
        indicator=indicator, basis=basis, levels=levels, organisations=organisations, breakdown=breakdown
    )
    wanted = select(standing.c.series_id, *(standing.c[name] for name in MEASURES), standing.c.sparkline)
    if choice:
        wanted = wanted.join(series_table).where(*choice)
    with home.reading() as connection:
        found = frames.fetch(connection, wanted, {"series_id": pl.Int64, **MEASURES, "sparkline": pl.String})
        lines = frames.fetch(connection, series.named(choice), series.NAMED)
    values = pl.col("sparkline").str.json_decode(pl.List(pl.Float64))
    return (
        found.join(lines, on="series_id", how="inner")
        .with_columns(values)
        .select(COLUMNS)
        .sort(series.KEYS, nulls_last=True)
    )
