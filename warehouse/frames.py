"""SQL results to Polars frames and back: exact dtypes, in bulk, never a row object."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from polars._typing import PolarsDataType
from sqlalchemy import Connection, Executable, Table

MOMENT = pl.Datetime("us", "UTC")
MOMENT_TEXT = "%Y-%m-%d %H:%M:%S%.6f"
SLICE = 100_000
"""Rows turned to Python values at once: enough to be fast, few enough to stay out of the way of memory."""

Schema = Mapping[str, PolarsDataType]
"""Column name -> Polars dtype."""


def fetch(connection: Connection, statement: Executable, schema: Schema) -> pl.DataFrame:
    """The statement's rows in the columns of `schema`, in order and in those dtypes, even when empty."""
    of = _from_sqlite if connection.dialect.name == "sqlite" else _from_postgresql
    result = connection.execute(statement)
    found = [pl.DataFrame(schema=schema)]
    # The driver's own tuples: SQLAlchemy's rows and its parsing of dates would cost more than the query.
    # By the slice, so that a million rows are never a million Python tuples at once.
    while rows := result.cursor.fetchmany(SLICE) if result.cursor else []:
        columns = zip(*rows, strict=True)
        found.append(
            pl.DataFrame(
                [
                    of(name, values, dtype)
                    for (name, dtype), values in zip(schema.items(), columns, strict=True)
                ]
            )
        )
    result.close()
    return pl.concat(found, rechunk=True)


def _from_sqlite(name: str, values: tuple[Any, ...], dtype: PolarsDataType) -> pl.Series:
    if dtype == pl.Date:
        return pl.Series(name, values, pl.String).str.to_date("%Y-%m-%d")
    if dtype == MOMENT:
        moments = pl.Series(name, values, pl.String).str.to_datetime(MOMENT_TEXT, time_unit="us")
        return moments.dt.replace_time_zone("UTC")
    if dtype == pl.Boolean:
        return pl.Series(name, values, pl.Int8).cast(pl.Boolean)
    return _from_postgresql(name, values, dtype)


def _from_postgresql(name: str, values: tuple[Any, ...], dtype: PolarsDataType) -> pl.Series:
    # Not strict for text alone, so that an identifier may be asked for as text.
    return pl.Series(name, values, dtype, strict=dtype != pl.String)


def add(connection: Connection, table: Table, frame: pl.DataFrame) -> None:
    """Insert every row of `frame`, whose columns are named as the table's."""
    if frame.is_empty():
        return
    if connection.dialect.name == "postgresql":
        copy_in(connection, table.name, frame)
        return
    marks = ", ".join("?" * frame.width)
    run_many(connection, f"INSERT INTO {table.name} ({_names(frame)}) VALUES ({marks})", frame)  # noqa: S608


def run_many(connection: Connection, sql: str, frame: pl.DataFrame) -> None:
    """Run a prepared SQLite statement once for each row of `frame`, whose columns are the parameters."""
    cursor: Any = connection.connection.cursor()
    try:
        for part in _plain(frame).iter_slices(SLICE):
            cursor.executemany(sql, zip(*(part[name].to_list() for name in part.columns), strict=True))
    finally:
        cursor.close()


def copy_in(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    """Copy `frame` into a PostgreSQL table by the server's own bulk load, within the transaction."""
    cursor: Any = connection.connection.cursor()
    try:
        with cursor.copy(f"COPY {table} ({_names(frame)}) FROM STDIN (FORMAT csv)") as copy:
            for part in _plain(frame).iter_slices(SLICE):
                copy.write(part.write_csv(include_header=False))
    finally:
        cursor.close()


def _names(frame: pl.DataFrame) -> str:
    return ", ".join(f'"{name}"' for name in frame.columns)


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    # Both databases read these texts as exactly the moment and day meant.
    return frame.with_columns(
        pl.col(MOMENT).dt.strftime(MOMENT_TEXT),
        pl.col(pl.Date).dt.strftime("%Y-%m-%d"),
    )
