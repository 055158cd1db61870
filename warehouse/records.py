"""Accepted records: one Delta table a feed, monthly feeds partitioned by `period`."""

import hashlib
from collections.abc import Collection
from datetime import date

import polars as pl

from warehouse import delta
from warehouse.delta import Stored
from warehouse.errors import WarehouseError
from warehouse.home import Home

FINGERPRINTS = {"period": pl.Date, "fingerprint": pl.String}


def replace_months(home: Home, feed: str, frame: pl.DataFrame) -> None:
    """Replace exactly the months in the frame's `period` (Date, first days of months), in one atomic commit.

    Readers see all of the old months or all of the new. An empty frame changes nothing. Raises ValueError for
    a period that is empty or not a month, WarehouseError where the records cannot be stored.
    """
    period = frame["period"]
    if period.dtype != pl.Date or period.null_count() or (period.dt.day() != 1).any():
        raise ValueError(f"{feed}: every row's period is a Date, the first day of its month")
    if frame.is_empty():
        return
    months = [month.isoformat() for month in period.unique().sort()]
    delta.replace(home, feed, frame, ["period"], delta.any_of("period", months))


def replace_all(home: Home, feed: str, frame: pl.DataFrame) -> None:
    """Replace the whole of a snapshot feed, in one atomic commit. Raises WarehouseError if it cannot be."""
    delta.replace(home, feed, frame)


def scan(home: Home, feed: str, periods: Collection[date] | None = None) -> pl.LazyFrame | None:
    """The feed's records of those months (None: all), lazily; None when the feed was never stored.

    No months, or months that are not held, give a frame without rows and with the feed's dtypes. `periods`
    leaves a snapshot whole.
    """
    table = delta.stored(home, feed)
    return None if table is None else delta.scan(table, _in(table, periods))


def read(home: Home, feed: str, periods: Collection[date] | None = None) -> pl.DataFrame:
    """As `scan`, read. Raises WarehouseError when the feed was never stored."""
    found = scan(home, feed, periods)
    if found is None:
        raise WarehouseError(f"No {feed} have been loaded: load them first.")
    return found.collect()


def files(home: Home, feed: str, periods: Collection[date] | None = None) -> list[str]:
    """The Parquet files that hold those months (None: all), for engines that read Parquet but not Delta.

    `period` is in each path (`.../period=2025-06-01/...`), so read them as hive-partitioned, and by name: a
    column that a contract added later is absent from earlier files. For DuckDB:
    `read_parquet(files, hive_partitioning=true, hive_types={'period': DATE}, union_by_name=true)`.
    """
    table = delta.stored(home, feed)
    return [] if table is None else _in(table, periods)["path"].to_list()


def fingerprints(home: Home, feed: str) -> pl.DataFrame:
    """What each month's records are known by: `period`, `fingerprint`, ordered; a snapshot's period is null.

    A hash of the names of the files that hold the month, which are new whenever it is replaced.
    """
    table = delta.stored(home, feed)
    if table is None or table.files.is_empty():
        return pl.DataFrame(schema=FINGERPRINTS)
    names = table.files.with_columns(pl.col("path").str.split("/").list.last())
    if "period" not in table.partitions:
        names = names.with_columns(pl.lit(None, pl.Date).alias("period"))
    months = names.group_by("period").agg(pl.col("path").sort()).sort("period")
    hashes = [
        hashlib.sha256("\n".join(paths).encode()).hexdigest()[:32] for paths in months["path"].to_list()
    ]
    return pl.DataFrame({"period": months["period"], "fingerprint": hashes}, schema=FINGERPRINTS)


def rows_by_period(home: Home, feed: str) -> dict[date, int]:
    """How many rows each month holds, in order; empty for a snapshot and for a feed never stored."""
    table = delta.stored(home, feed)
    if table is None or "period" not in table.partitions:
        return {}
    return dict(table.files.group_by("period").agg(pl.col("rows").sum()).sort("period").iter_rows())


def rows(home: Home, feed: str) -> int:
    """How many rows the feed holds."""
    table = delta.stored(home, feed)
    return 0 if table is None else int(table.files["rows"].sum())


def _in(table: Stored, periods: Collection[date] | None) -> pl.DataFrame:
    if periods is None or "period" not in table.partitions:
        return table.files
    return table.files.filter(pl.col("period").is_in(sorted(set(periods))))
