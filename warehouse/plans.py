"""Organisations' own dated plans. A new plan closes the one before it; nothing is overwritten."""

import polars as pl
from sqlalchemy import bindparam, select, update

from warehouse import frames
from warehouse.home import Home
from warehouse.moments import now
from warehouse.signal_tables import plan

WHOSE = ("indicator", "level", "organisation")
COLUMNS: frames.Schema = {
    **dict.fromkeys(WHOSE, pl.String),
    "period": pl.Date,
    "value": pl.Float64,
    "set_by": pl.String,
    "known_from": frames.MOMENT,
    "known_to": frames.MOMENT,
    "file_name": pl.String,
}


def write(home: Home, frame: pl.DataFrame, file_name: str) -> None:
    """Make `frame` (indicator, level, organisation, period, value, set_by) the plans of all it names.

    An organisation's plan for an indicator is replaced whole; the earlier one stays known as it was.
    """
    moment = now()
    rows = frame.select(*WHOSE, "period", pl.col("value").cast(pl.Float64), "set_by").with_columns(
        pl.lit(moment).cast(frames.MOMENT).alias("known_from"), pl.lit(file_name).alias("file_name")
    )
    with home.writing() as connection:
        mine = [plan.c[name] == bindparam(f"of_{name}") for name in WHOSE]
        replaced = update(plan).where(plan.c.known_to.is_(None), *mine).values(known_to=moment)
        owners = rows.select(pl.col(name).alias(f"of_{name}") for name in WHOSE).unique()
        connection.execute(replaced, owners.to_dicts())
        frames.add(connection, plan, rows.sort(*WHOSE, "period"))


def read(home: Home, indicator: str | None = None, *, past: bool = False) -> pl.DataFrame:
    """The plans in force (with `past` the earlier ones too) in COLUMNS."""
    wanted = select(*(plan.c[name] for name in COLUMNS))
    if indicator is not None:
        wanted = wanted.where(plan.c.indicator == indicator)
    if not past:
        wanted = wanted.where(plan.c.known_to.is_(None))
    with home.reading() as connection:
        return frames.fetch(connection, wanted, COLUMNS).sort(*WHOSE, "period", "known_from")
