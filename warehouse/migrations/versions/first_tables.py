"""The first tables, and the views that analysts read."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Float())


def _whole(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _date(name: str, *, null: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=null)


def _moment(name: str, *, null: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _points_to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")


ORGANISATION_NAMES = """
CREATE VIEW organisation_names AS
SELECT source, level, code, name, parent
FROM (
    SELECT source, level, code, name, parent,
           row_number() OVER (PARTITION BY source, level, code ORDER BY valid_from DESC) AS newest
    FROM organisation
    WHERE level <> 'practice'
) AS named
WHERE newest = 1
"""

OBSERVATIONS = """
CREATE VIEW observations AS
SELECT s.indicator, s.definition_version, s.basis, s.level, s.organisation,
       coalesce(own.name, other.name,
                CASE WHEN s.organisation = 'unattributed' THEN 'Unattributed' END) AS organisation_name,
       o.period, s.breakdown, s.category, o.numerator, o.denominator, o.value, o.target, o.path, o.status,
       o.known_from
FROM observation AS o
JOIN series AS s ON s.id = o.series_id
LEFT JOIN organisation_names AS own
       ON own.source = s.basis AND own.level = s.level AND own.code = s.organisation
LEFT JOIN organisation_names AS other
       ON other.source <> s.basis AND other.level = s.level AND other.code = s.organisation
WHERE o.known_to IS NULL
"""


def upgrade() -> None:
    """Make everything."""
    op.create_table(
        "run",
        _whole("id"),
        _text("command"),
        _moment("started_at", null=False),
        _moment("finished_at"),
        _text("outcome"),
        _text("detail"),
        _key("run", "id"),
    )
    _submissions()
    op.create_table(
        "organisation",
        _text("source"),
        _text("level"),
        _text("code"),
        _date("valid_from", null=False),
        _text("name"),
        _text("parent", null=True),
        _date("valid_to"),
        _text("successor", null=True),
        _key("organisation", "source", "level", "code", "valid_from"),
    )
    op.create_table(
        "definition",
        _text("indicator"),
        _text("version"),
        sa.Column("current", sa.Boolean(), nullable=False),
        *(_text(name) for name in ("title", "role", "kind", "better", "unit", "definition_status")),
        *(_text(name) for name in ("source", "owner", "checked_by")),
        _date("next_review", null=False),
        _text("declaration"),
        _key("definition", "indicator", "version"),
    )
    _results()
    op.execute(ORGANISATION_NAMES)
    op.execute(OBSERVATIONS)


def _submissions() -> None:
    op.create_table(
        "submission",
        _whole("id"),
        _text("feed", null=True),
        _text("file_name"),
        _text("sha256"),
        _moment("received_at", null=False),
        _whole("rows"),
        _whole("accepted"),
        _whole("quarantined"),
        _text("outcome"),
        _text("reasons"),
        _text("contract_version", null=True),
        _key("submission", "id"),
    )
    op.create_index("ix_submission_sha256", "submission", ["sha256"])
    op.create_index("ix_submission_feed_received_at", "submission", ["feed", "received_at"])
    op.create_table(
        "submission_period",
        _whole("submission_id"),
        _date("period", null=False),
        _points_to("submission_period", "submission_id", "submission.id"),
        _key("submission_period", "submission_id", "period"),
    )
    op.create_table(
        "finding",
        _whole("id"),
        _whole("submission_id"),
        _text("rule"),
        _text("column", null=True),
        _text("severity"),
        _whole("rows", null=True),
        _text("reason"),
        _points_to("finding", "submission_id", "submission.id"),
        _key("finding", "id"),
    )
    op.create_index("ix_finding_submission_id", "finding", ["submission_id"])


def _results() -> None:
    keys = ("indicator", "level", "organisation", "breakdown", "category", "basis", "definition_version")
    op.create_table(
        "series",
        _whole("id"),
        *(_text(name) for name in keys),
        sa.UniqueConstraint(*keys, name="uq_series"),
        _key("series", "id"),
    )
    op.create_table(
        "observation",
        _whole("series_id"),
        _date("period", null=False),
        _moment("known_from", null=False),
        _moment("known_to"),
        *(_number(name) for name in ("numerator", "denominator", "value", "target", "path")),
        _text("status"),
        _whole("run_id"),
        _points_to("observation", "series_id", "series.id"),
        _points_to("observation", "run_id", "run.id"),
        _key("observation", "series_id", "period", "known_from"),
        sqlite_with_rowid=False,
    )
    current = sa.text("known_to IS NULL")
    op.create_index(
        "uq_observation_current",
        "observation",
        ["series_id", "period"],
        unique=True,
        sqlite_where=current,
        postgresql_where=current,
    )
    op.create_table(
        "standing",
        _whole("series_id"),
        _number("baseline_value"),
        _date("latest_period"),
        *(_number(name) for name in ("latest_value", "latest_numerator", "latest_denominator")),
        _text("latest_status", null=True),
        _number("target"),
        _date("target_due"),
        *(_number(name) for name in ("path_now", "gap", "gap_events", "required_pace")),
        _number("change_from_baseline"),
        _text("status_words"),
        _text("sparkline"),
        _whole("run_id"),
        _points_to("standing", "series_id", "series.id"),
        _points_to("standing", "run_id", "run.id"),
        _key("standing", "series_id"),
    )
    op.create_table(
        "counted",
        _text("indicator"),
        _text("basis"),
        _date("period", null=False),
        _text("fingerprint"),
        _key("counted", "indicator", "basis", "period"),
    )
