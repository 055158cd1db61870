"""The shape of the results database, as SQLAlchemy Core tables; `migrations/` must lead to exactly this."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

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


def _key(name: str, target: str) -> Column[Any]:
    return Column(name, Integer, ForeignKey(target), primary_key=True)


def _text(name: str, *, primary_key: bool = False, null: bool = False) -> Column[Any]:
    return Column(name, Text, primary_key=primary_key, nullable=null)


run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("command"),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    _text("outcome"),
    _text("detail"),
)

submission = Table(
    "submission",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("feed", null=True),
    _text("file_name"),
    _text("sha256"),
    Column("received_at", Moment, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("quarantined", Integer, nullable=False),
    _text("outcome"),
    _text("reasons"),
    _text("contract_version", null=True),
    Index(None, "sha256"),
    Index(None, "feed", "received_at"),
)

submission_period = Table(
    "submission_period",
    metadata,
    _key("submission_id", "submission.id"),
    Column("period", Date, primary_key=True),
)

finding = Table(
    "finding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission_id", Integer, ForeignKey("submission.id"), nullable=False),
    _text("rule"),
    _text("column", null=True),
    _text("severity"),
    Column("rows", Integer),
    _text("reason"),
    Index(None, "submission_id"),
)

organisation = Table(
    "organisation",
    metadata,
    _text("source", primary_key=True),
    _text("level", primary_key=True),
    _text("code", primary_key=True),
    Column("valid_from", Date, primary_key=True),
    _text("name"),
    _text("parent", null=True),
    Column("valid_to", Date),
    _text("successor", null=True),
)

definition = Table(
    "definition",
    metadata,
    _text("indicator", primary_key=True),
    _text("version", primary_key=True),
    Column("current", Boolean, nullable=False),
    _text("title"),
    _text("role"),
    _text("kind"),
    _text("better"),
    _text("unit"),
    _text("definition_status"),
    _text("source"),
    _text("owner"),
    _text("checked_by"),
    Column("next_review", Date, nullable=False),
    _text("declaration"),
)

series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("indicator"),
    _text("level"),
    _text("organisation"),
    _text("breakdown"),
    _text("category"),
    _text("basis"),
    _text("definition_version"),
    # In this order the uniqueness also serves the question every page asks.
    UniqueConstraint(
        "indicator", "level", "organisation", "breakdown", "category", "basis", "definition_version"
    ),
)

observation = Table(
    "observation",
    metadata,
    _key("series_id", "series.id"),
    Column("period", Date, primary_key=True),
    Column("known_from", Moment, primary_key=True),
    Column("known_to", Moment),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("value", Float),
    Column("target", Float),
    Column("path", Float),
    _text("status"),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    # SQLite then keeps the rows in the key's order, so a series' months lie side by side.
    sqlite_with_rowid=False,
)

Index(
    "uq_observation_current",
    observation.c.series_id,
    observation.c.period,
    unique=True,
    sqlite_where=text("known_to IS NULL"),
    postgresql_where=text("known_to IS NULL"),
)

standing = Table(
    "standing",
    metadata,
    _key("series_id", "series.id"),
    Column("baseline_value", Float),
    Column("latest_period", Date),
    Column("latest_value", Float),
    Column("latest_numerator", Float),
    Column("latest_denominator", Float),
    _text("latest_status", null=True),
    Column("target", Float),
    Column("target_due", Date),
    Column("path_now", Float),
    Column("gap", Float),
    Column("gap_events", Float),
    Column("required_pace", Float),
    Column("change_from_baseline", Float),
    _text("status_words"),
    _text("sparkline"),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
)

counted = Table(
    "counted",
    metadata,
    _text("indicator", primary_key=True),
    _text("basis", primary_key=True),
    Column("period", Date, primary_key=True),
    _text("fingerprint"),
)
