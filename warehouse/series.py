"""Series: the lines that observations are points on."""

from collections.abc import Collection
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, select
from sqlalchemy.sql import FromClause
from sqlalchemy.sql.expression import column, table

from metrics.footprint import ABSENT, TODAY
from warehouse import frames
from warehouse.tables import observation, series

KEYS = ("indicator", "definition_version", "basis", "level", "organisation", "breakdown", "category")
"""What makes two observations points of the same line, on one footprint."""

NAMED = {
    "series_id": pl.Int64,
    **dict.fromkeys(KEYS, pl.String),
    "organisation_name": pl.String,
}


def with_ids(
    connection: Connection, frame: pl.DataFrame, indicator: str, basis: str, footprint: str = TODAY
) -> pl.DataFrame:
    """`frame` with `series_id` for its series keys; series not met before are added.

    All of the frame's rows are of the one `indicator`, `basis` and `footprint`.
    """
    keys = frame.select(KEYS).unique()
    known = _known(connection, indicator, basis, footprint)
    new = keys.join(known, on=KEYS, how="anti").sort(KEYS)
    if not new.is_empty():
        frames.add(connection, series, new.with_columns(footprint=pl.lit(footprint)))
        known = _known(connection, indicator, basis, footprint)
    return frame.join(known, on=KEYS, how="left")


def _known(connection: Connection, indicator: str, basis: str, footprint: str) -> pl.DataFrame:
    wanted = select(series.c.id, *(series.c[name] for name in KEYS)).where(
        series.c.indicator == indicator, series.c.basis == basis, series.c.footprint == footprint
    )
    return frames.fetch(connection, wanted, {"series_id": pl.Int64, **dict.fromkeys(KEYS, pl.String)})


def chosen(
    *,
    indicator: str | None = None,
    basis: str | None = None,
    levels: Collection[str] | None = None,
    organisations: Collection[str] | None = None,
    breakdown: str | None = None,
    category: str | None = None,
    footprint: str | None = TODAY,
) -> list[ColumnElement[bool]]:
    """The conditions on `series` that these choices make; None chooses everything.

    Without a word about the footprint it is today's: a merged trust and its parts are never read together.
    """
    conditions: list[ColumnElement[bool]] = []
    for name, value in (
        ("indicator", indicator),
        ("basis", basis),
        ("breakdown", breakdown),
        ("category", category),
        ("footprint", footprint),
    ):
        if value is not None:
            conditions.append(series.c[name] == value)
    for name, values in (("level", levels), ("organisation", organisations)):
        if values is not None:
            conditions.append(series.c[name].in_(sorted(set(values))))
    return conditions


def with_figures(*footprints: str) -> list[ColumnElement[bool]]:
    """The conditions for series that have a figure now, on any of these footprints (none named: today's).

    A series whose every observation is closed has none: so it is with a trust that was merged into another.
    """
    held = (observation.c.series_id == series.c.id, observation.c.known_to.is_(None))
    there = select(observation.c.series_id).where(*held, observation.c.status != ABSENT).exists()
    return [series.c.footprint.in_(footprints or (TODAY,)), there]


def named(conditions: Collection[ColumnElement[bool]]) -> Select[Any]:
    """The chosen series with their organisations' newest names, in the columns of NAMED.

    A name comes from the organisations of the series' own basis, failing that from the other's.
    """
    own, other = _names("own"), _names("other")

    def same(names: FromClause) -> ColumnElement[bool]:
        return and_(names.c.level == series.c.level, names.c.code == series.c.organisation)

    unattributed = case((series.c.organisation == "unattributed", literal("Unattributed")))
    return (
        select(
            series.c.id,
            *(series.c[name] for name in KEYS),
            func.coalesce(own.c.name, other.c.name, unattributed),
        )
        .select_from(
            series.outerjoin(own, and_(own.c.source == series.c.basis, same(own))).outerjoin(
                other, and_(other.c.source != series.c.basis, same(other))
            )
        )
        .where(*conditions)
    )


def _names(alias: str) -> FromClause:
    return table("organisation_names", *map(column, ("source", "level", "code", "name"))).alias(alias)
