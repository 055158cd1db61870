"""Organisations of every level, with dated parents and successions, from local and from published sources."""

import polars as pl
from sqlalchemy import delete, select

from warehouse import frames
from warehouse.home import Home
from warehouse.tables import organisation

COLUMNS: frames.Schema = {
    "code": pl.String,
    "level": pl.String,
    "name": pl.String,
    "parent": pl.String,
    "valid_from": pl.Date,
    "valid_to": pl.Date,
    "successor": pl.String,
    "source": pl.String,
}

KEY = ["source", "level", "code", "valid_from"]


def write(home: Home, frame: pl.DataFrame, source: str = "local") -> None:
    """Make `frame` (COLUMNS without source) all that `source` ("local" or "published") says of organisations.

    One transaction. Raises ValueError where one organisation has two rows from one day.
    """
    rows = frame.select(
        *(pl.col(name).cast(dtype) for name, dtype in COLUMNS.items() if name != "source"),
        pl.lit(source).alias("source"),
    ).sort(KEY)
    if rows.select(KEY).is_duplicated().any():
        raise ValueError("an organisation has two rows valid from the same day")
    with home.writing() as connection:
        connection.execute(delete(organisation).where(organisation.c.source == source))
        frames.add(connection, organisation, rows)


def add(home: Home, frame: pl.DataFrame, source: str = "published") -> None:
    """Add rows to what `source` says; a row for the same organisation and first day replaces the one held.

    For sources that arrive a month at a time, each naming the organisations of its month.
    """
    with home.writing():
        held = read(home, source)
        new = frame.select(
            *(pl.col(name).cast(dtype) for name, dtype in COLUMNS.items() if name != "source"),
            pl.lit(source).alias("source"),
        )
        write(home, pl.concat([held, new]).unique(KEY, keep="last"), source)


def read(home: Home, source: str | None = None, level: str | None = None) -> pl.DataFrame:
    """Organisations in COLUMNS, ordered by source, level, code and first day; None chooses everything."""
    wanted = select(*(organisation.c[name] for name in COLUMNS))
    if source is not None:
        wanted = wanted.where(organisation.c.source == source)
    if level is not None:
        wanted = wanted.where(organisation.c.level == level)
    with home.reading() as connection:
        return frames.fetch(connection, wanted, COLUMNS).sort(KEY)
