"""The stored records as lazy frames, on the engine that is to count them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import narwhals as nw

from warehouse import records
from warehouse.home import Home


def open_feeds(
    home: Home, names: Sequence[str], engine: str, periods: Collection[date] | None = None
) -> Mapping[str, nw.LazyFrame[Any]]:
    """The named feeds that are stored, on `polars` or `duckdb`; a feed that was never loaded is left out."""
    opener = {"polars": _on_polars, "duckdb": _on_duckdb}[engine]
    return {name: frame for name in names if (frame := opener(home, name, periods)) is not None}


def _on_polars(home: Home, name: str, periods: Collection[date] | None) -> nw.LazyFrame[Any] | None:
    frame = records.scan(home, name, periods)
    return None if frame is None else nw.from_native(frame)


def _on_duckdb(home: Home, name: str, periods: Collection[date] | None) -> nw.LazyFrame[Any] | None:
    import duckdb

    files = records.files(home, name, periods)
    if not files:
        return None
    return nw.from_native(
        duckdb.read_parquet(files, hive_partitioning=True, hive_types={"period": "DATE"}, union_by_name=True)
    )
