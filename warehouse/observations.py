"""Observations, remembered as they were known: what changed is closed and added to, never overwritten."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl
from sqlalchemy import ColumnElement, Connection, and_, false, or_, select

from metrics.footprint import AS_WAS, FOOTPRINTS, TODAY, as_it_was
from warehouse import bitemporal, frames, series
from warehouse.home import Home
from warehouse.moments import as_known_at, in_utc
from warehouse.tables import counted as counted_table
from warehouse.tables import observation
from warehouse.tables import series as series_table

MEASURES = {
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "value": pl.Float64,
    "target": pl.Float64,
    "path": pl.Float64,
    "reporting": pl.Float64,
    "expected": pl.Float64,
    "status": pl.String,
}
"""What is compared: an observation in which all of these are the same is left untouched."""

REACH = ("reporting", "expected")
"""Of how many organisations below it a figure is made, and of how many it should be; null where not known.
In a frame to be written the columns may be absent."""

COLUMNS = (
    *("indicator", "definition_version", "basis", "level", "organisation", "organisation_name", "period"),
    *("breakdown", "category", "numerator", "denominator", "value", "target", "status", "path"),
    *REACH,
)
"""The columns that `read` returns: those of `targets observations`, the trajectory's `path`, and REACH."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many observations a write closed, added, and found unchanged."""

    closed: int
    added: int
    unchanged: int


def write(
    home: Home,
    frame: pl.DataFrame,
    scope_indicator: str,
    scope_basis: str,
    scope_periods: Collection[date] | None,
    run_id: int,
    known_at: datetime,
    fingerprints: pl.DataFrame | None = None,
    footprint: str = TODAY,
) -> Written:
    """Make `frame` what is known, from `known_at` on, of one indicator and basis in the periods (None: all).

    On the footprint "as_was" it is only what differs from today's (`metrics.footprint.apart`).

    `frame`: the series keys, `period` and the MEASURES, one row for each series and period. Rows of the
    scope that are absent from it are closed. `fingerprints` (period, fingerprint) are what it was counted
    from, kept in the same transaction. Raises ValueError for a frame that is not of the scope, repeats itself
    or holds a value that is not a number, and WarehouseError where `known_at` is earlier than what the change
    would follow.
    """
    absent = [pl.lit(None, pl.Float64).alias(name) for name in REACH if name not in frame.columns]
    wanted = bitemporal.checked(
        frame.with_columns(absent), scope_indicator, scope_basis, scope_periods, MEASURES
    )
    known_at = in_utc(known_at)
    with home.writing() as connection:
        wanted = series.with_ids(connection, wanted, scope_indicator, scope_basis, footprint)
        held = _held(connection, scope_indicator, scope_basis, scope_periods, footprint)
        change = bitemporal.compare(held, wanted, tuple(MEASURES), known_at)
        bitemporal.close(connection, change.closed, known_at)
        frames.add(connection, observation, bitemporal.opened(change.added, known_at, run_id))
        if fingerprints is not None:
            _keep_fingerprints(connection, scope_indicator, scope_basis, scope_periods, fingerprints)
    return Written(change.closed.height, change.added.height, change.unchanged)


def _held(
    connection: Connection, indicator: str, basis: str, periods: Collection[date] | None, footprint: str
) -> pl.DataFrame:
    columns = ("series_id", "period", "known_from", "known_to", *MEASURES)
    statement = (
        select(*(observation.c[name] for name in columns))
        .join(series_table)
        .where(*series.chosen(indicator=indicator, basis=basis, footprint=footprint))
    )
    if periods is not None:
        if not periods:
            statement = statement.where(false())
        else:
            statement = statement.where(observation.c.period.between(min(periods), max(periods)))
    held = frames.fetch(
        connection,
        statement,
        {
            "series_id": pl.Int64,
            "period": pl.Date,
            "known_from": frames.MOMENT,
            "known_to": frames.MOMENT,
            **MEASURES,
        },
    )
    return held if periods is None else held.filter(pl.col("period").is_in(sorted(periods)))


def _keep_fingerprints(
    connection: Connection,
    indicator: str,
    basis: str,
    periods: Collection[date] | None,
    fingerprints: pl.DataFrame,
) -> None:
    gone = counted_table.delete().where(
        counted_table.c.indicator == indicator, counted_table.c.basis == basis
    )
    if periods is not None:
        gone = gone.where(counted_table.c.period.in_(sorted(set(periods))))
    connection.execute(gone)
    rows = fingerprints.select(
        pl.lit(indicator).alias("indicator"), pl.lit(basis).alias("basis"), "period", "fingerprint"
    )
    frames.add(connection, counted_table, rows)


def read(
    home: Home,
    indicator: str | None = None,
    levels: Collection[str] | None = None,
    organisations: Collection[str] | None = None,
    start: date | None = None,
    end: date | None = None,
    breakdown: str | None = "all",
    basis: str | None = None,
    as_known_on: date | datetime | None = None,
    footprint: str = TODAY,
) -> pl.DataFrame:
    """The observations chosen, in COLUMNS, ordered by them; None chooses everything, `end` is included.

    `as_known_on` gives them as they were known at that moment, or at the end of that day in UTC. The
    organisation's name is its newest. `footprint`: organisations as they are "today" (the history of merged
    ones together), or "as_was". Raises ValueError for another.
    """
    if footprint not in FOOTPRINTS:
        raise ValueError(f"there is no footprint '{footprint}': it is {' or '.join(FOOTPRINTS)}")
    choices = {
        one: series.chosen(
            indicator=indicator,
            basis=basis,
            levels=levels,
            organisations=organisations,
            breakdown=breakdown,
            footprint=one,
        )
        for one in FOOTPRINTS
    }
    when = (_known(as_known_on), start, end)
    with home.reading() as connection:
        found = _read(connection, choices[TODAY], *when)
        if footprint == AS_WAS:
            found = as_it_was(found, _read(connection, choices[AS_WAS], *when))
    return found.sort(COLUMNS[:9], nulls_last=True)


def _read(
    connection: Connection,
    choice: Collection[ColumnElement[bool]],
    known: ColumnElement[bool],
    start: date | None,
    end: date | None,
) -> pl.DataFrame:
    measures = (observation.c[name] for name in MEASURES)
    points = select(observation.c.series_id, observation.c.period, *measures).join(series_table)
    points = points.where(*choice, known)
    if start is not None:
        points = points.where(observation.c.period >= start)
    if end is not None:
        points = points.where(observation.c.period <= end)
    found = frames.fetch(connection, points, {"series_id": pl.Int64, "period": pl.Date, **MEASURES})
    lines = frames.fetch(connection, series.named(choice), series.NAMED)
    return found.join(lines, on="series_id", how="inner").select(COLUMNS)


def _known(as_known_on: date | datetime | None) -> ColumnElement[bool]:
    if as_known_on is None:
        return observation.c.known_to.is_(None)
    moment = as_known_at(as_known_on)
    still = or_(observation.c.known_to.is_(None), observation.c.known_to > moment)
    return and_(observation.c.known_from <= moment, still)
