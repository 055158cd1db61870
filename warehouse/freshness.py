"""How fresh each feed is, by what was last accepted."""

import polars as pl
from sqlalchemy import func, select

from warehouse import frames, records
from warehouse.home import Home
from warehouse.submissions import REFUSED
from warehouse.tables import submission, submission_period

COLUMNS: frames.Schema = {
    "feed": pl.String,
    "newest_month": pl.Date,
    "months": pl.Int64,
    "rows": pl.Int64,
    "last_received": frames.MOMENT,
}

MONTHS: frames.Schema = {
    "feed": pl.String,
    "period": pl.Date,
    "submission_id": pl.Int64,
    "file_name": pl.String,
    "received_at": frames.MOMENT,
    "outcome": pl.String,
}

_taken = submission.c.feed.is_not(None) & (submission.c.outcome != REFUSED)


def read(home: Home) -> pl.DataFrame:
    """One row a feed that was ever accepted, in COLUMNS, ordered: newest month, months and rows held.

    A snapshot has no months: `newest_month` is null and `months` 0.
    """
    wanted = (
        select(
            submission.c.feed,
            func.max(submission_period.c.period),
            func.count(submission_period.c.period.distinct()),
            func.max(submission.c.received_at),
        )
        .outerjoin(submission_period)
        .where(_taken)
        .group_by(submission.c.feed)
    )
    schema = {name: dtype for name, dtype in COLUMNS.items() if name != "rows"}
    with home.reading() as connection:
        found = frames.fetch(connection, wanted, schema)
    held = pl.Series("rows", [records.rows(home, feed) for feed in found["feed"]], pl.Int64)
    return found.with_columns(held).select(*COLUMNS).sort("feed")


def months(home: Home) -> pl.DataFrame:
    """One row a feed and month: the submission it is held from now, in MONTHS, ordered."""
    wanted = (
        select(
            submission.c.feed,
            submission_period.c.period,
            submission.c.id,
            *(submission.c[name] for name in ("file_name", "received_at", "outcome")),
        )
        .join(submission_period)
        .where(_taken)
    )
    with home.reading() as connection:
        found = frames.fetch(connection, wanted, MONTHS)
    return found.sort("submission_id").unique(["feed", "period"], keep="last").sort("feed", "period")
