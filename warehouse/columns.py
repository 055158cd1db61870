"""Kinds of column that every table of the results database is made of, and the names of its constraints."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, Float, ForeignKey, Integer, MetaData, Text, TypeDecorator

from warehouse.moments import in_utc

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: a timestamp with time zone on PostgreSQL, UTC text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment as the database keeps it."""
        if value is None:
            return None
        moment = in_utc(value)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        """The moment with its zone."""
        return None if value is None else in_utc(value).astimezone(UTC)


def key(name: str, target: str) -> Column[Any]:
    """A part of the primary key that points to another table."""
    return Column(name, Integer, ForeignKey(target), primary_key=True)


def text_column(name: str, *, primary_key: bool = False, null: bool = False) -> Column[Any]:
    """Text, which is there unless `null`."""
    return Column(name, Text, primary_key=primary_key, nullable=null)


def numbers(*names: str) -> list[Column[Any]]:
    """Numbers, each of which may be absent."""
    return [Column(name, Float) for name in names]
