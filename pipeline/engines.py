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
    opened = {"polars": _on_polars, "duckdb": _on_duckdb}[engine](home, names, periods)
    return {name: nw.from_native(frame) for name, frame in opened.items() if frame is not None}


def _on_polars(home: Home, names: Sequence[str], periods: Collection[date] | None) -> dict[str, Any]:
    return {name: records.scan(home, name, periods) for name in names}


def _on_duckdb(home: Home, names: Sequence[str], periods: Collection[date] | None) -> dict[str, Any]:
    import duckdb

    # One for all feeds: relations of different connections cannot be joined. What does not fit in memory is
    # records, and stays in the data folder: DuckDB's own choice is the folder a command happens to run in.
    connection = duckdb.connect(config={"temp_directory": str(home.path / "spilled")})
    files = {name: records.files(home, name, periods) for name in names}
    return {
        name: connection.read_parquet(paths, hive_partitioning=True, union_by_name=True) if paths else None
        for name, paths in files.items()
    }
