"""Submissions: every file that came to the gate, what became of it, and what was found in it."""

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import polars as pl
from sqlalchemy import desc, insert, select, true

from warehouse import frames
from warehouse.home import Home
from warehouse.moments import in_utc, now
from warehouse.tables import finding, submission, submission_period

COLUMNS: frames.Schema = {
    "id": pl.Int64,
    "feed": pl.String,
    "file_name": pl.String,
    "sha256": pl.String,
    "received_at": frames.MOMENT,
    "rows": pl.Int64,
    "accepted": pl.Int64,
    "quarantined": pl.Int64,
    "outcome": pl.String,
    "reasons": pl.String,
    "contract_version": pl.String,
}
"""Columns of a submission; `reasons` is a JSON list of sentences."""

FINDINGS: frames.Schema = {
    "submission_id": pl.Int64,
    "feed": pl.String,
    "file_name": pl.String,
    "received_at": frames.MOMENT,
    "rule": pl.String,
    "column": pl.String,
    "severity": pl.String,
    "rows": pl.Int64,
    "reason": pl.String,
}

REFUSED = "refused"


def record(
    home: Home,
    *,
    feed: str | None,
    file_name: str,
    sha256: str,
    rows: int,
    accepted: int,
    quarantined: int,
    outcome: str,
    reasons: Collection[str] = (),
    contract_version: str | None = None,
    periods: Collection[date] = (),
    findings: pl.DataFrame | None = None,
    received_at: datetime | None = None,
) -> int:
    """Note a submission with its months and findings (rule, column, severity, rows, reason); returns its id.

    Inside `home.writing()` the id can be used (to keep quarantined rows by) before anything is committed.
    """
    with home.writing() as connection:
        made = connection.execute(
            insert(submission).values(
                feed=feed,
                file_name=file_name,
                sha256=sha256,
                received_at=in_utc(received_at) if received_at else now(),
                rows=rows,
                accepted=accepted,
                quarantined=quarantined,
                outcome=outcome,
                reasons=json.dumps(list(reasons), ensure_ascii=False),
                contract_version=contract_version,
            )
        )
        made_id = int((made.inserted_primary_key or (0,))[0])
        number = pl.lit(made_id).alias("submission_id")
        months = pl.DataFrame({"period": sorted(set(periods))}, schema={"period": pl.Date})
        frames.add(connection, submission_period, months.select(number, "period"))
        if findings is not None:
            columns = ("rule", "column", "severity", "rows", "reason")
            frames.add(connection, finding, findings.select(number, *columns))
    return made_id


def find_by_hash(home: Home, sha256: str, feed: str | None = None) -> dict[str, Any] | None:
    """The submission with this very content (of one feed), by COLUMNS, reasons as a list; or None.

    One that was not refused comes before one that was, and a later before an earlier.
    """
    wanted = (
        select(*(submission.c[name] for name in COLUMNS))
        .where(submission.c.sha256 == sha256, submission.c.feed == feed if feed else true())
        .order_by(submission.c.outcome == REFUSED, desc(submission.c.id))
        .limit(1)
    )
    with home.reading() as connection:
        found = connection.execute(wanted).mappings().first()
    return None if found is None else {**found, "reasons": json.loads(found["reasons"])}


def periods_of(home: Home, submission_id: int) -> list[date]:
    """The months a submission held, in order."""
    wanted = select(submission_period.c.period).where(submission_period.c.submission_id == submission_id)
    with home.reading() as connection:
        return sorted(connection.execute(wanted).scalars())


def read(home: Home, feed: str | None = None) -> pl.DataFrame:
    """Every submission (of one feed), newest first, in COLUMNS."""
    wanted = select(*(submission.c[name] for name in COLUMNS)).order_by(desc(submission.c.id))
    if feed is not None:
        wanted = wanted.where(submission.c.feed == feed)
    with home.reading() as connection:
        return frames.fetch(connection, wanted, COLUMNS)


def findings(home: Home, submission_id: int | None = None) -> pl.DataFrame:
    """What the gate found (in one submission), newest submission first, in FINDINGS."""
    wanted = (
        select(
            finding.c.submission_id,
            *(submission.c[name] for name in ("feed", "file_name", "received_at")),
            *(finding.c[name] for name in ("rule", "column", "severity", "rows", "reason")),
        )
        .join(submission)
        .order_by(desc(finding.c.submission_id), finding.c.id)
    )
    if submission_id is not None:
        wanted = wanted.where(finding.c.submission_id == submission_id)
    with home.reading() as connection:
        return frames.fetch(connection, wanted, FINDINGS)
