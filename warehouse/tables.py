"""The shape of the results database, as SQLAlchemy Core tables; `migrations/` must lead to exactly this."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    text,
)

from warehouse import fetched_table, signal_tables
from warehouse.columns import Moment, key, metadata, text_column

__all__ = ["fetched_table", "metadata", "signal_tables"]
# Importing them is what makes `metadata` whole.

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    text_column("command"),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    text_column("outcome"),
    text_column("detail"),
)

submission = Table(
    "submission",
    metadata,
    Column("id", Integer, primary_key=True),
    text_column("feed", null=True),
    text_column("file_name"),
    text_column("sha256"),
    Column("received_at", Moment, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("quarantined", Integer, nullable=False),
    text_column("outcome"),
    text_column("reasons"),
    text_column("contract_version", null=True),
    Index(None, "sha256"),
    Index(None, "feed", "received_at"),
)

submission_period = Table(
    "submission_period",
    metadata,
    key("submission_id", "submission.id"),
    Column("period", Date, primary_key=True),
)

finding = Table(
    "finding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission_id", Integer, ForeignKey("submission.id"), nullable=False),
    text_column("rule"),
    text_column("column", null=True),
    text_column("severity"),
    Column("rows", Integer),
    text_column("reason"),
    Index(None, "submission_id"),
)

organisation = Table(
    "organisation",
    metadata,
    text_column("source", primary_key=True),
    text_column("level", primary_key=True),
    text_column("code", primary_key=True),
    Column("valid_from", Date, primary_key=True),
    text_column("name"),
    text_column("parent", null=True),
    Column("valid_to", Date),
    text_column("successor", null=True),
)

definition = Table(
    "definition",
    metadata,
    text_column("indicator", primary_key=True),
    text_column("version", primary_key=True),
    Column("current", Boolean, nullable=False),
    text_column("title"),
    text_column("role"),
    text_column("kind"),
    text_column("better"),
    text_column("unit"),
    text_column("definition_status"),
    text_column("source"),
    text_column("owner"),
    text_column("checked_by"),
    Column("next_review", Date, nullable=False),
    text_column("declaration"),
)

series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    text_column("indicator"),
    text_column("level"),
    text_column("organisation"),
    text_column("breakdown"),
    text_column("category"),
    text_column("basis"),
    text_column("definition_version"),
    # "today", or "as_was" for the points at which history differs from it.
    text_column("footprint"),
    # In this order the uniqueness also serves the question every page asks.
    UniqueConstraint(
        "indicator",
        "level",
        "organisation",
        "breakdown",
        "category",
        "basis",
        "definition_version",
        "footprint",
    ),
    # And this one the question of the summary pages: everything about one organisation.
    Index("ix_series_organisation", "organisation", "level"),
)

observation = Table(
    "observation",
    metadata,
    key("series_id", "series.id"),
    Column("period", Date, primary_key=True),
    Column("known_from", Moment, primary_key=True),
    Column("known_to", Moment),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("value", Float),
    Column("target", Float),
    Column("path", Float),
    # Of how many organisations below it the figure is made, where that is known.
    Column("reporting", Float),
    Column("expected", Float),
    text_column("status"),
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

Index(
    "ix_observation_history",
    observation.c.series_id,
    sqlite_where=text("known_to IS NOT NULL"),
    postgresql_where=text("known_to IS NOT NULL"),
)

standing = Table(
    "standing",
    metadata,
    key("series_id", "series.id"),
    Column("baseline_value", Float),
    Column("latest_period", Date),
    Column("latest_value", Float),
    Column("latest_numerator", Float),
    Column("latest_denominator", Float),
    text_column("latest_status", null=True),
    Column("target", Float),
    Column("target_due", Date),
    Column("path_now", Float),
    Column("gap", Float),
    Column("gap_events", Float),
    Column("required_pace", Float),
    Column("change_from_baseline", Float),
    text_column("status_words"),
    text_column("sparkline"),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
)

counted = Table(
    "counted",
    metadata,
    text_column("indicator", primary_key=True),
    text_column("basis", primary_key=True),
    Column("period", Date, primary_key=True),
    text_column("fingerprint"),
)
