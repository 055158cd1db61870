"""Tables of what people say of series (notes, plans) and of what is read off them (signals, forecasts)."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, text

from warehouse.columns import Moment, key, metadata, numbers, text_column

note = Table(
    "note",
    metadata,
    Column("id", Integer, primary_key=True),
    text_column("kind"),
    text_column("indicator"),
    # Null stands for every one of them.
    *(text_column(name, null=True) for name in ("basis", "level", "organisation", "breakdown", "category")),
    Column("period", Date, nullable=False),
    text_column("reason"),
    text_column("author"),
    Column("created_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    text_column("withdrawn_by", null=True),
    # The last month of a fixed baseline; null where limits start afresh at `period`.
    Column("until", Date),
    Index(None, "indicator"),
)

plan = Table(
    "plan",
    metadata,
    text_column("indicator", primary_key=True),
    text_column("level", primary_key=True),
    text_column("organisation", primary_key=True),
    Column("period", Date, primary_key=True),
    Column("known_from", Moment, primary_key=True),
    Column("known_to", Moment),
    *numbers("value"),
    text_column("set_by", null=True),
    text_column("file_name"),
)

Index(
    "uq_plan_current",
    *(plan.c[name] for name in ("indicator", "level", "organisation", "period")),
    unique=True,
    sqlite_where=text("known_to IS NULL"),
    postgresql_where=text("known_to IS NULL"),
)

derived = Table(
    "derived",
    metadata,
    text_column("indicator", primary_key=True),
    text_column("basis", primary_key=True),
    text_column("fingerprint"),
)

signal = Table(
    "signal",
    metadata,
    key("series_id", "series.id"),
    text_column("profile"),
    text_column("profile_version"),
    Column("points", Integer, nullable=False),
    Column("gaps", Integer, nullable=False),
    *numbers("mean", "lower_limit", "upper_limit"),
    Column("latest_period", Date),
    *numbers("latest_value", "target"),
    text_column("state", null=True),
    text_column("variation"),
    text_column("assurance"),
    text_column("reason"),
    text_column("rules"),
    Column("signalled", Integer, nullable=False),
    Column("recalculated", Date),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
)

forecast = Table(
    "forecast",
    metadata,
    key("series_id", "series.id"),
    Column("period", Date, primary_key=True),
    Column("months_ahead", Integer, nullable=False),
    *numbers("mean", "lower_80", "upper_80", "lower_95", "upper_95"),
    text_column("model"),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
)

forecast_record = Table(
    "forecast_record",
    metadata,
    key("series_id", "series.id"),
    Column("last_period", Date),
    Column("usable_months", Integer, nullable=False),
    Column("filled_months", Integer),
    text_column("model", null=True),
    text_column("verdict", null=True),
    *(Column(name, Integer) for name in ("tests", "tested_months", "tested_ahead")),
    *numbers("smoothing_error", "naive_error", "relative_error", "coverage_80"),
    text_column("reason", null=True),
    text_column("fingerprint"),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
)

chance = Table(
    "chance",
    metadata,
    key("series_id", "series.id"),
    Column("target_due", Date, primary_key=True),
    *numbers("target"),
    Column("months_ahead", Integer),
    text_column("model", null=True),
    *numbers("chance"),
    text_column("reason", null=True),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
)

further_chance = Table(
    "further_chance",
    metadata,
    key("series_id", "series.id"),
    # What it is the chance of: the organisation's own plan, or enough categories at the target.
    text_column("aim", primary_key=True),
    Column("target_due", Date, primary_key=True),
    *numbers("target"),
    Column("months_ahead", Integer),
    *numbers("chance", "chance_together"),
    text_column("reason", null=True),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
)

calibration = Table(
    "calibration",
    metadata,
    key("series_id", "series.id"),
    Column("tenth", Integer, primary_key=True),
    Column("questions", Integer, nullable=False),
    *numbers("chance_sum"),
    Column("met", Integer, nullable=False),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
)
