"""Rows that belong to series and are replaced whole: written by series keys, read with names."""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, Table, delete, select

from warehouse import frames, series
from warehouse.home import Home
from warehouse.tables import series as series_table

AT_ONCE = 10_000
"""Series named in one statement: fewer than the parameters that SQLite allows."""


def replace(
    home: Home,
    table: Table,
    frame: pl.DataFrame,
    indicator: str,
    basis: str,
    run_id: int,
    *,
    whole: bool = True,
) -> None:
    """Make `frame` (series keys and columns of `table`) what it says of an indicator and basis.

    Without `whole`, only of the series in the frame; a series' rows are always replaced together.
    """
    with home.writing() as connection:
        numbered = series.with_ids(connection, frame, indicator, basis)
        if whole:
            clear(connection, table, indicator, basis)
        else:
            clear_series(connection, table, numbered["series_id"].unique().to_list())
        rows = numbered.drop(series.KEYS).with_columns(pl.lit(run_id).alias("run_id"))
        frames.add(connection, table, rows.sort([column.name for column in table.primary_key]))


def clear(connection: Connection, table: Table, indicator: str, basis: str) -> None:
    """Forget what `table` says of an indicator and basis."""
    mine = select(series_table.c.id).where(
        series_table.c.indicator == indicator, series_table.c.basis == basis
    )
    connection.execute(delete(table).where(table.c.series_id.in_(mine)))


def clear_series(connection: Connection, table: Table, ids: Collection[int]) -> None:
    """Forget what `table` says of some series."""
    numbers = sorted(ids)
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        connection.execute(delete(table).where(table.c.series_id.in_(some)))


def read(
    home: Home,
    table: Table,
    measures: frames.Schema,
    *,
    indicator: str | None = None,
    levels: Collection[str] | None = None,
    organisations: Collection[str] | None = None,
    breakdown: str | None = None,
    basis: str | None = None,
) -> pl.DataFrame:
    """The rows chosen: series keys, organisation_name and `measures`, in order; None chooses everything."""
    choice = series.chosen(
        indicator=indicator, basis=basis, levels=levels, organisations=organisations, breakdown=breakdown
    )
    wanted = select(table.c.series_id, *(table.c[name] for name in measures))
    if choice:
        wanted = wanted.join(series_table).where(*choice)
    with home.reading() as connection:
        found = frames.fetch(connection, wanted, {"series_id": pl.Int64, **measures})
        lines = frames.fetch(connection, series.named(choice), series.NAMED)
    also = [column.name for column in table.primary_key if column.name in measures]
    return (
        found.join(lines, on="series_id", how="inner")
        .select(*series.KEYS, "organisation_name", *measures)
        .sort(*series.KEYS, *also, nulls_last=True)
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one table by `read`: series keys, organisation_name and `measures`."""

    table: Table
    measures: frames.Schema

    def __call__(
        self,
        home: Home,
        indicator: str | None = None,
        levels: Collection[str] | None = None,
        organisations: Collection[str] | None = None,
        basis: str | None = None,
    ) -> pl.DataFrame:
        """Give the rows chosen; None chooses everything."""
        choice = {"indicator": indicator, "basis": basis}
        return read(home, self.table, self.measures, levels=levels, organisations=organisations, **choice)
