"""Counts at the finest grain, kept so that any roll-up can be made, and questioned, without the records."""

from collections.abc import Collection
from datetime import date, datetime

import polars as pl

from warehouse import delta
from warehouse.home import Home
from warehouse.moments import as_known_at

TABLE = "counts"
LEAST = {
    "indicator": pl.String,
    "basis": pl.String,
    "period": pl.Date,
    "neighbourhood_code": pl.String,
    "provider_code": pl.String,
    "ambulance_service_code": pl.String,
    "breakdown": pl.String,
    "category": pl.String,
    "numerator": pl.Int64,
    "denominator": pl.Int64,
}
"""Columns every count has, indicator and basis being given with the frame; others are kept as they come."""


def replace(
    home: Home, frame: pl.DataFrame, indicator: str, basis: str, periods: Collection[date] | None
) -> None:
    """Make `frame` the counts of one indicator and basis in those periods (None: all), in one atomic commit.

    Raises ValueError for a frame that lacks a column of LEAST or reaches outside the periods.
    """
    rows = frame.select(
        pl.lit(indicator).alias("indicator"), pl.lit(basis).alias("basis"), pl.exclude("indicator", "basis")
    )
    missing = [name for name in LEAST if name not in rows.columns]
    if missing:
        raise ValueError(f"counts lack {', '.join(missing)}")
    rows = rows.with_columns(pl.col(name).cast(dtype) for name, dtype in LEAST.items())
    predicate = f"{delta.any_of('indicator', [indicator])} AND {delta.any_of('basis', [basis])}"
    if periods is not None:
        months = sorted(set(periods))
        if not months:
            return
        if not rows["period"].is_in(months).all():
            raise ValueError("counts reach outside the periods they are to replace")
        predicate += f" AND {delta.any_of('period', [month.isoformat() for month in months])}"
    # Not partitioned by period as well: that would be a small file for each indicator and month.
    delta.replace(home, TABLE, rows, ["indicator", "basis"], predicate)


def read(
    home: Home,
    indicator: str | None = None,
    basis: str | None = None,
    periods: Collection[date] | None = None,
    as_known_on: date | datetime | None = None,
) -> pl.LazyFrame:
    """The counts chosen, lazily, as they are or as they were known then; None chooses everything."""
    table = delta.stored(home, TABLE, None if as_known_on is None else as_known_at(as_known_on))
    if table is None:
        return pl.LazyFrame(schema=LEAST)
    files = table.files
    for column, value in (("indicator", indicator), ("basis", basis)):
        if value is not None:
            files = files.filter(pl.col(column) == value)
    found = delta.scan(table, files)
    return found if periods is None else found.filter(pl.col("period").is_in(sorted(set(periods))))
