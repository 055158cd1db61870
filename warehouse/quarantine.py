"""Rows that broke a rule: kept with the rule and the reason, countable, never silently dropped."""

import polars as pl
from sqlalchemy import select

from warehouse import delta, frames
from warehouse.home import Home
from warehouse.tables import submission

FOLDER = "quarantine"
KEPT = {"submission_id": pl.Int64, "feed": pl.String, "rule": pl.String, "reason": pl.String}
COUNTS = {"feed": pl.String, "submission_id": pl.Int64, "rule": pl.String, "rows": pl.Int64}


def keep(home: Home, submission_id: int, feed: str, frame: pl.DataFrame) -> None:
    """Keep a submission's quarantined rows (the feed's columns, and `rule` and `reason`), in one commit.

    Every value is kept as text: a row may be here because a value was not of its column's type. Keeping the
    same submission again replaces what was kept.
    """
    if frame.is_empty():
        return
    rows = frame.select(
        pl.lit(submission_id, pl.Int64).alias("submission_id"),
        *(pl.col(name).cast(pl.String) for name in ("rule", "reason")),
        pl.exclude("submission_id", "feed", "rule", "reason").cast(pl.String),
    )
    delta.replace(
        home, f"{FOLDER}/{feed}", rows, ["submission_id"], f"submission_id IN ({int(submission_id)})"
    )


def read(home: Home, feed: str | None = None, submission_id: int | None = None) -> pl.DataFrame:
    """Quarantined rows: KEPT, then the feed's columns as text; of every feed, their columns side by side."""
    found = [
        part.select(*KEPT, pl.exclude(*KEPT))
        for name in _feeds(home, feed)
        if (part := _rows(home, name, submission_id)) is not None
    ]
    return pl.concat(found, how="diagonal") if found else pl.DataFrame(schema=KEPT)


def count(home: Home, feed: str | None = None, submission_id: int | None = None) -> pl.DataFrame:
    """How many rows broke each rule, in COUNTS, ordered; a row that broke two rules counts under each."""
    parts = [
        part.with_columns(pl.col("rule").str.split("; "))
        .explode("rule")
        .group_by("feed", "submission_id", "rule")
        .agg(pl.len().cast(pl.Int64).alias("rows"))
        for name in _feeds(home, feed)
        if (part := _rows(home, name, submission_id)) is not None
    ]
    counted = pl.concat(parts) if parts else pl.DataFrame(schema=COUNTS)
    return counted.select(*COUNTS).sort("feed", "submission_id", "rule")


def _rows(home: Home, feed: str, submission_id: int | None) -> pl.DataFrame | None:
    table = delta.stored(home, f"{FOLDER}/{feed}")
    if table is None:
        return None
    files = table.files if submission_id is None else table.files.filter(submission_id=submission_id)
    rows = delta.scan(table, files.join(_recorded(home, feed), on="submission_id", how="semi")).collect()
    return rows.with_columns(pl.lit(feed).alias("feed"), pl.col("submission_id").cast(pl.Int64))


def _recorded(home: Home, feed: str) -> pl.DataFrame:
    """The submissions of a feed that set rows aside.

    A load killed after its rows were kept and before it was recorded leaves rows of a number that the next
    submission takes; those are no rows of that one.
    """
    wanted = select(submission.c.id).where(submission.c.feed == feed, submission.c.quarantined > 0)
    with home.reading() as connection:
        return frames.fetch(connection, wanted, {"submission_id": pl.Int64})


def _feeds(home: Home, feed: str | None) -> list[str]:
    if feed is not None:
        return [feed]
    wanted = select(submission.c.feed).where(submission.c.quarantined > 0, submission.c.feed.is_not(None))
    with home.reading() as connection:
        return sorted(connection.execute(wanted.distinct()).scalars())
