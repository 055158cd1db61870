"""Definitions as they were when the figures were counted: every declared field, every version."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import delete, false, select, update

from metrics.indicator import Indicator
from warehouse import frames
from warehouse.home import Home
from warehouse.tables import definition

COLUMNS: frames.Schema = {
    "indicator": pl.String,
    "version": pl.String,
    "current": pl.Boolean,
    "title": pl.String,
    "role": pl.String,
    "kind": pl.String,
    "better": pl.String,
    "unit": pl.String,
    "definition_status": pl.String,
    "source": pl.String,
    "owner": pl.String,
    "checked_by": pl.String,
    "next_review": pl.Date,
    "declaration": pl.String,
}
"""`declaration` is the whole declaration as JSON, the fields that have columns of their own included."""


def write(home: Home, indicators: Iterable[Indicator]) -> None:
    """Make these the current definitions; other versions, and indicators no longer declared, stay as past."""
    rows = pl.DataFrame([_row(one) for one in indicators], schema=COLUMNS)
    with home.writing() as connection:
        if read(home).equals(rows.sort("indicator")):
            return
        connection.execute(update(definition).values(current=false()))
        for indicator, version in rows.select("indicator", "version").iter_rows():
            connection.execute(
                delete(definition).where(definition.c.indicator == indicator, definition.c.version == version)
            )
        frames.add(connection, definition, rows)


def read(home: Home, *, past: bool = False) -> pl.DataFrame:
    """The current definitions (and with `past` the earlier ones) in COLUMNS, by indicator and version."""
    wanted = select(*(definition.c[name] for name in COLUMNS))
    if not past:
        wanted = wanted.where(definition.c.current)
    with home.reading() as connection:
        return frames.fetch(connection, wanted, COLUMNS).sort("indicator", "version")


def declarations(home: Home) -> dict[str, dict[str, Any]]:
    """The current declarations by indicator, as they were written; dates are ISO text."""
    return {row["indicator"]: json.loads(row["declaration"]) for row in read(home).iter_rows(named=True)}


def _row(one: Indicator) -> dict[str, Any]:
    whole = declared(one)
    own = {name: whole[name] for name in COLUMNS if name in whole}
    return {
        **own,
        "indicator": one.id,
        "current": True,
        "next_review": one.next_review,
        "declaration": json.dumps(whole, ensure_ascii=False),
    }


def declared(one: Indicator) -> dict[str, Any]:
    """Every declared field of an indicator but its counting rules, as JSON can hold it."""
    whole: dict[str, Any] = _plain(one)
    return whole


def _plain(value: Any) -> Any:  # noqa: ANN401 - a declaration holds values of every kind
    if is_dataclass(value):
        # Counting rules are code, and are declared out of sight of repr for that reason.
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value) if field.repr}
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
