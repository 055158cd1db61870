"""Notes on series: annotations, and recalculations of limits. A person's, with a reason; never automatic."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import insert, select, update

from metrics.series_signals import SCOPE
from warehouse import frames
from warehouse.home import Home
from warehouse.moments import as_known_at, now
from warehouse.signal_tables import note

ANNOTATION, RECALCULATION = "annotation", "recalculation"
COLUMNS: frames.Schema = {
    "id": pl.Int64,
    "kind": pl.String,
    "indicator": pl.String,
    **dict.fromkeys(SCOPE, pl.String),
    "period": pl.Date,
    "reason": pl.String,
    "author": pl.String,
    "created_at": frames.MOMENT,
    "withdrawn_at": frames.MOMENT,
    "withdrawn_by": pl.String,
    "until": pl.Date,
}
"""`until`: the last month of a fixed baseline from `period` on; null where limits start afresh there."""


def add(
    home: Home,
    kind: str,
    indicator: str,
    period: date,
    reason: str,
    author: str,
    scope: Mapping[str, str | None] | None = None,
    until: date | None = None,
) -> int:
    """Keep a note; returns its number. Raises ValueError without a reason and an author."""
    if not reason.strip() or not author.strip():
        raise ValueError(f"{'an' if kind == ANNOTATION else 'a'} {kind} needs a reason and an author")
    row: dict[str, Any] = {name: (scope or {}).get(name) for name in SCOPE}
    row |= {"kind": kind, "indicator": indicator, "period": period, "until": until}
    row |= {"reason": reason.strip(), "author": author.strip(), "created_at": now()}
    with home.writing() as connection:
        made = connection.execute(insert(note).values(row))
        return int((made.inserted_primary_key or (0,))[0])


def withdraw(home: Home, number: int, author: str) -> str:
    """Take a note back; it stays, as withdrawn. Returns its indicator. ValueError where there is none."""
    if not author.strip():
        raise ValueError("withdrawing a note needs an author")
    with home.writing() as connection:
        standing = note.c.withdrawn_at.is_(None)
        indicator = connection.execute(select(note.c.indicator).where(note.c.id == number, standing)).scalar()
        if indicator is None:
            raise ValueError(f"there is no note {number} to withdraw")
        withdrawn = update(note).where(note.c.id == number)
        connection.execute(withdrawn.values(withdrawn_at=now(), withdrawn_by=author.strip()))
        return str(indicator)


def read(
    home: Home, indicator: str | None = None, kind: str | None = None, *, past: bool = False
) -> pl.DataFrame:
    """The notes in COLUMNS, by period and number; with `past` the withdrawn ones too."""
    wanted = select(*(note.c[name] for name in COLUMNS))
    if indicator is not None:
        wanted = wanted.where(note.c.indicator == indicator)
    if kind is not None:
        wanted = wanted.where(note.c.kind == kind)
    if not past:
        wanted = wanted.where(note.c.withdrawn_at.is_(None))
    with home.reading() as connection:
        return frames.fetch(connection, wanted, COLUMNS).sort("period", "id")


def about(frame: pl.DataFrame, series: Mapping[str, str]) -> pl.DataFrame:
    """Of the notes of one indicator, those about a series: each named part of their scope is the series'."""
    return frame.filter(
        *((pl.col(name).is_null() | (pl.col(name) == series[name])) for name in SCOPE if name in series)
    )


def in_force(frame: pl.DataFrame, known_on: date | None = None) -> pl.DataFrame:
    """Of notes read with `past`, those standing now, or at the end of a day: written and not withdrawn."""
    if known_on is None:
        return frame.filter(pl.col("withdrawn_at").is_null())
    moment = as_known_at(known_on)
    withdrawn = (pl.col("withdrawn_at") <= moment).fill_null(value=False)
    return frame.filter(pl.col("created_at") <= moment, ~withdrawn)
