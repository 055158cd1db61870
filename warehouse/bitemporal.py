"""The difference between what is held and what is now known, and the closing of what changed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection

from warehouse import frames
from warehouse.errors import WarehouseError
from warehouse.series import KEYS

POINT = ["series_id", "period"]


@dataclass(frozen=True, slots=True)
class Change:
    """`closed`: POINT and known_from of rows no longer so; `added`: POINT and measures of rows newly so."""

    closed: pl.DataFrame
    added: pl.DataFrame
    unchanged: int


def checked(
    frame: pl.DataFrame,
    indicator: str,
    basis: str,
    periods: Collection[date] | None,
    measures: Mapping[str, Any],
) -> pl.DataFrame:
    """The frame's own columns in the dtypes they are kept in, or ValueError in words."""
    point = [*KEYS, "period"]
    wanted = frame.select(
        pl.col(KEYS), "period", *(pl.col(name).cast(dtype) for name, dtype in measures.items())
    )
    outside = (pl.col("indicator") != indicator) | (pl.col("basis") != basis)
    if periods is not None:
        outside |= ~pl.col("period").is_in(sorted(set(periods)))
    if strays := wanted.filter(outside).height:
        raise ValueError(f"{strays} observations are outside the scope {indicator}, {basis} and its periods")
    if wanted.select(point).null_count().sum_horizontal().item() or wanted["status"].null_count():
        raise ValueError("an observation's keys, period and status are never empty")
    if wanted.select(point).is_duplicated().any():
        raise ValueError("a series has two observations for one period")
    numbers = [name for name, dtype in measures.items() if dtype == pl.Float64]
    if not wanted.select(pl.all_horizontal(pl.col(numbers).is_finite().fill_null(True)).all()).item():
        raise ValueError("an observation is a finite number or empty, and never NaN")
    return wanted


def compare(
    held: pl.DataFrame, wanted: pl.DataFrame, measures: tuple[str, ...], known_at: datetime
) -> Change:
    """What must be closed and added so that, from `known_at` on, exactly `wanted` is known.

    `held`: POINT, known_from, known_to and measures, history included; `wanted`: POINT and measures.
    """
    current = held.filter(pl.col("known_to").is_null())
    same = [pl.col(name).eq_missing(pl.col(f"{name}_wanted")) for name in measures]
    kept = (
        current.join(wanted, on=POINT, how="inner", suffix="_wanted")
        .filter(pl.all_horizontal(same))
        .select(POINT)
    )
    closed = current.join(kept, on=POINT, how="anti").select(*POINT, "known_from")
    added = wanted.join(kept, on=POINT, how="anti").select(*POINT, *measures)
    touched = pl.concat([closed.select(POINT), added.select(POINT)]).unique()
    later = held.filter((pl.col("known_from") >= known_at) | (pl.col("known_to") > known_at))
    if not later.join(touched, on=POINT, how="semi").is_empty():
        raise WarehouseError(
            f"The clock went back: observations to be changed as of {known_at:%Y-%m-%d %H:%M:%S} UTC were "
            "already changed at that time or later. Nothing was changed."
        )
    return Change(closed, added, kept.height)


def opened(added: pl.DataFrame, known_at: datetime, run_id: int) -> pl.DataFrame:
    """The added rows as the observation table keeps them, in the order of its key."""
    return added.sort(POINT).with_columns(
        pl.lit(known_at).cast(frames.MOMENT).alias("known_from"), pl.lit(run_id).alias("run_id")
    )


def close(connection: Connection, closed: pl.DataFrame, known_at: datetime) -> None:
    """Set `known_to` on the rows at `closed` (POINT, known_from)."""
    if closed.is_empty():
        return
    rows = closed.sort(POINT).with_columns(pl.lit(known_at).cast(frames.MOMENT).alias("known_to"))
    if connection.dialect.name == "sqlite":
        frames.run_many(
            connection,
            "UPDATE observation SET known_to = ? WHERE series_id = ? AND period = ? AND known_from = ?",
            rows.select("known_to", *POINT, "known_from"),
        )
        return
    connection.exec_driver_sql(
        "CREATE TEMPORARY TABLE closing (series_id integer, period date, known_from timestamptz, "
        "known_to timestamptz) ON COMMIT DROP"
    )
    frames.copy_in(connection, "closing", rows.select(*POINT, "known_from", "known_to"))
    # A table made a moment ago has no statistics, and the planner would guess it small.
    connection.exec_driver_sql("ANALYZE closing")
    connection.exec_driver_sql(
        "UPDATE observation AS o SET known_to = c.known_to FROM closing AS c "
        "WHERE o.series_id = c.series_id AND o.period = c.period AND o.known_from = c.known_from"
    )
    connection.exec_driver_sql("DROP TABLE closing")
