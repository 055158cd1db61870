"""Revisions, read back from observations: what a later issue changed, when, and from which file."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Select, select, tuple_

from metrics import revisions as measure
from metrics.footprint import AS_WAS
from metrics.indicator import Indicator
from warehouse import frames, notes, plans, restated, series
from warehouse.home import Home
from warehouse.moments import as_known_at
from warehouse.tables import observation, submission, submission_period
from warehouse.tables import series as series_table

NUMBERS = ("numerator", "denominator", "value")
HISTORY: frames.Schema = {
    "series_id": pl.Int64,
    "period": pl.Date,
    "known_from": frames.MOMENT,
    "known_to": frames.MOMENT,
    **dict.fromkeys((*NUMBERS, "target"), pl.Float64),
    "status": pl.String,
}
FILES: frames.Schema = {
    "period": pl.Date,
    "submission_id": pl.Int64,
    "feed": pl.String,
    "file_name": pl.String,
    "sha256": pl.String,
    "received_at": frames.MOMENT,
}
TURNED = tuple(f"{name}_{side}" for name in measure.SIGNALS for side in measure.SIDES)
COLUMNS = (
    *(*series.KEYS, "organisation_name", "period", "known_before", "known_at", "kind"),
    *("value_before", "value_after", "change", "share"),
    *("numerator_before", "numerator_after", "denominator_before", "denominator_after"),
    *("denominator_change", "denominator_share", "status_before", "status_after", "flagged"),
    *(*TURNED, "points_turned", "turned"),
    *("submission_id", "feed", "file_name", "sha256", "received_at", "files"),
)
"""Columns of `read`, which `metrics.revisions` explains. `known_before` is when the figure before came to be
known. The file is the newest that can have brought the change, and `files` how many can have."""


def read(
    home: Home,
    indicator: Indicator,
    *,
    basis: str | None = None,
    levels: Collection[str] | None = None,
    organisations: Collection[str] | None = None,
    breakdown: str | None = "all",
    start: date | None = None,
    end: date | None = None,
    as_known_on: date | datetime | None = None,
    signals: bool = True,
) -> pl.DataFrame:
    """Every revision of one indicator's chosen series and months, in COLUMNS, the newest first.

    `as_known_on`: those that had been made by then. Without `signals` what they turned is not worked out, and
    null: much the quicker where only their number is wanted. What a merger alone moved is no revision. Plans
    and recalculations are those in force now, so that what is told is what the figures turned.
    """
    choice = series.chosen(
        indicator=indicator.id, basis=basis, levels=levels, organisations=organisations, breakdown=breakdown
    )
    choice_was = series.chosen(
        indicator=indicator.id,
        basis=basis,
        levels=levels,
        organisations=organisations,
        breakdown=breakdown,
        footprint=AS_WAS,
    )
    with home.reading() as connection:
        history = frames.fetch(connection, _history(choice, signals), HISTORY)
        lines = frames.fetch(connection, series.named(choice), series.NAMED)
        apart = frames.fetch(connection, _rows(choice_was), HISTORY)
        apart = apart.join(frames.fetch(connection, series.named(choice_was), series.NAMED), on="series_id")
        files = frames.fetch(connection, _files(indicator), FILES)
    history = history.join(lines, on="series_id")
    months = [
        *([pl.col("period") >= start] if start else []),
        *([pl.col("period") <= end] if end else []),
        *([pl.col("known_at") <= as_known_at(as_known_on)] if as_known_on else []),
    ]
    steps = restated.left_out(_steps(history).filter(*months), apart)
    changes = measure.sized(steps, indicator)
    if not signals:
        history = history.clear()
    again = notes.read(home, indicator.id, notes.RECALCULATION)
    plan = plans.read(home, indicator.id).select("level", "organisation", "period", "value")
    told = _with_files(measure.turned(changes, history, indicator, again, plan), files, indicator)
    order = ("known_at", "basis", "level", "organisation", "breakdown", "category", "period")
    return told.select(COLUMNS).sort(order, descending=[True, *[False] * 6])


def _history(choice: Collection[ColumnElement[bool]], whole: bool) -> Select[Any]:
    """Every row ever known of the chosen series that changed; without `whole`, of the months that did."""
    point = (observation.c.series_id, *([] if whole else [observation.c.period]))
    touched = select(*point).join(series_table).where(*choice, observation.c.known_to.is_not(None))
    return select(*(observation.c[name] for name in HISTORY)).where(tuple_(*point).in_(touched.distinct()))


def _rows(choice: Collection[ColumnElement[bool]]) -> Select[Any]:
    """Every row ever known of the chosen series."""
    return select(*(observation.c[name] for name in HISTORY)).join(series_table).where(*choice)


def _steps(history: pl.DataFrame) -> pl.DataFrame:
    """Each change of a point's numbers: series keys, period, known_at, and NUMBERS and status on both sides.

    A row followed by none was withdrawn; a row after a time with none begins again from nothing.
    """
    kept = (*NUMBERS, "status")
    point = ["series_id", "period"]
    rows = history.sort(*point, "known_from")
    next_known = pl.col("known_from").shift(-1).over(point)
    unbroken = pl.col("known_to").shift(1).over(point) == pl.col("known_from")
    followed = rows.with_columns(
        *(pl.when(unbroken).then(pl.col(name).shift(1).over(point)).alias(f"{name}_before") for name in kept),
        *(pl.col(name).alias(f"{name}_after") for name in kept),
        pl.col("known_from").shift(1).over(point).alias("known_before"),
        pl.col("known_from").alias("known_at"),
    ).filter(pl.col("known_before").is_not_null())
    gone = rows.filter(pl.col("known_to").is_not_null(), next_known.ne_missing(pl.col("known_to")))
    gone = gone.with_columns(
        *(pl.col(name).alias(f"{name}_before") for name in kept),
        *(pl.lit(None, history.schema[name]).alias(f"{name}_after") for name in kept),
        pl.col("known_from").alias("known_before"),
        pl.col("known_to").alias("known_at"),
    )
    differs = [pl.col(f"{name}_before").ne_missing(pl.col(f"{name}_after")) for name in NUMBERS]
    steps = pl.concat([followed, gone.select(followed.columns)]).filter(pl.any_horizontal(differs))
    return steps.drop("series_id", "known_from", "known_to", "target", *kept)


def _files(indicator: Indicator) -> Select[Any]:
    """The accepted files of the indicator's feeds, once for each month they held; a snapshot has no month."""
    feeds = {*indicator.feeds, *indicator.published_feeds}
    columns = [submission.c[name] for name in FILES if name not in ("period", "submission_id")]
    return (
        select(submission_period.c.period, submission.c.id, *columns)
        .select_from(submission.outerjoin(submission_period))
        .where(submission.c.feed.in_(sorted(feeds)), submission.c.outcome != "refused")
    )


def _with_files(told: pl.DataFrame, files: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """The newest file of the month, or snapshot, received after the figure before and by the change."""
    bases = [
        pl.DataFrame({"basis": basis, "feed": list(feeds)}, schema={"basis": pl.String, "feed": pl.String})
        for basis, feeds in (("local", indicator.feeds), ("published", indicator.published_feeds))
    ]
    able = files.join(pl.concat(bases), on="feed")
    moments = told.select("basis", "period", "known_before", "known_at").unique()
    monthly = moments.join(able.drop_nulls("period"), on=["basis", "period"])
    whole = moments.join(able.filter(pl.col("period").is_null()).drop("period"), on="basis")
    brought = (
        pl.concat([monthly, whole.select(monthly.columns)])
        .filter(pl.col("received_at") > pl.col("known_before"), pl.col("received_at") <= pl.col("known_at"))
        .sort("received_at", "submission_id")
        .group_by("basis", "period", "known_before", "known_at")
        .agg(
            pl.col(*(name for name in FILES if name != "period")).last(),
            pl.len().cast(pl.Int64).alias("files"),
        )
    )
    by = ["basis", "period", "known_before", "known_at"]
    return told.join(brought, on=by, how="left").with_columns(pl.col("files").fill_null(0))


def indicators(home: Home) -> list[str]:
    """The ids of the indicators of which any figure, target or path is known otherwise than it was."""
    wanted = select(series_table.c.indicator).join(observation).where(observation.c.known_to.is_not(None))
    with home.reading() as connection:
        return sorted(connection.execute(wanted.distinct()).scalars())
