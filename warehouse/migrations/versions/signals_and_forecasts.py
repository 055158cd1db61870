"""Notes, plans, signals and forecasts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def _numbers(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Float()) for name in names]


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


def upgrade() -> None:
    """Make everything."""
    _said_by_people()
    _table_of_series(
        "signal",
        [
            *(_text(name) for name in ("profile", "profile_version")),
            *(_whole(name) for name in ("points", "gaps")),
            *_numbers("mean", "lower_limit", "upper_limit"),
            _date("latest_period"),
            *_numbers("latest_value", "target"),
            _text("state", null=True),
            *(_text(name) for name in ("variation", "assurance", "reason", "rules")),
            _whole("signalled"),
            _date("recalculated"),
        ],
    )
    op.create_table(
        "derived",
        *(_text(name) for name in ("indicator", "basis", "fingerprint")),
        _key("derived", "indicator", "basis"),
    )
    _forecasts()


def _said_by_people() -> None:
    op.create_table(
        "note",
        _whole("id"),
        _text("kind"),
        _text("indicator"),
        *(_text(name, null=True) for name in ("basis", "level", "organisation", "breakdown", "category")),
        _date("period", null=False),
        _text("reason"),
        _text("author"),
        _moment("created_at", null=False),
        _moment("withdrawn_at"),
        _text("withdrawn_by", null=True),
        _key("note", "id"),
    )
    op.create_index("ix_note_indicator", "note", ["indicator"])
    op.create_table(
        "plan",
        *(_text(name) for name in ("indicator", "level", "organisation")),
        _date("period", null=False),
        _moment("known_from", null=False),
        _moment("known_to"),
        *_numbers("value"),
        _text("set_by", null=True),
        _text("file_name"),
        _key("plan", "indicator", "level", "organisation", "period", "known_from"),
    )
    current = sa.text("known_to IS NULL")
    op.create_index(
        "uq_plan_current",
        "plan",
        ["indicator", "level", "organisation", "period"],
        unique=True,
        sqlite_where=current,
        postgresql_where=current,
    )


def _forecasts() -> None:
    _table_of_series(
        "forecast",
        [
            _whole("months_ahead"),
            *_numbers("mean", "lower_80", "upper_80", "lower_95", "upper_95"),
            _text("model"),
        ],
        _date("period", null=False),
    )
    _table_of_series(
        "forecast_record",
        [
            _date("last_period"),
            _whole("usable_months"),
            _whole("filled_months", null=True),
            *(_text(name, null=True) for name in ("model", "verdict")),
            *(_whole(name, null=True) for name in ("tests", "tested_months", "tested_ahead")),
            *_numbers("smoothing_error", "naive_error", "relative_error", "coverage_80"),
            _text("reason", null=True),
            _text("fingerprint"),
        ],
    )
    _table_of_series(
        "chance",
        [
            *_numbers("target"),
            _whole("months_ahead", null=True),
            _text("model", null=True),
            *_numbers("chance"),
            _text("reason", null=True),
        ],
        _date("target_due", null=False),
    )
    _table_of_series(
        "calibration",
        [_whole("questions"), *_numbers("chance_sum"), _whole("met")],
        _whole("tenth"),
    )


def _table_of_series(name: str, columns: list[sa.Column[Any]], *also_key: sa.Column[Any]) -> None:
    """A table whose rows belong to a series, and to the run that wrote them."""
    op.create_table(
        name,
        _whole("series_id"),
        *also_key,
        *columns,
        _whole("run_id"),
        _points_to(name, "series_id", "series.id"),
        _points_to(name, "run_id", "run.id"),
        _key(name, "series_id", *(column.name for column in also_key)),
    )
