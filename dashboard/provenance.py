"""Cached reads of what stands behind the figures: submissions, findings, freshness, runs."""

from datetime import datetime
from typing import Any

import polars as pl
import streamlit as st
from sqlalchemy import desc, func, select

from dashboard.opening import home
from warehouse import frames, tables
from warehouse import submissions as store

submission, finding, period = tables.submission, tables.finding, tables.submission_period


@st.cache_data(max_entries=4, show_spinner=False)
def submissions(edition: str) -> pl.DataFrame:
    """List every submission, newest first, in the submission table's own columns."""
    return store.read(home()).sort("received_at", "id", descending=True)


@st.cache_data(max_entries=4, show_spinner=False)
def findings(edition: str) -> pl.DataFrame:
    """Count rows by feed and rule: feed, rule, severity, reason, rows, files; most rows first.

    Severity "warning" set the rows aside; "info" only noted them. Of refused files there is nothing here.
    """
    wanted = (
        select(
            submission.c.feed,
            finding.c.rule,
            finding.c.severity,
            func.max(finding.c.reason),
            func.sum(finding.c.rows),
            func.count(finding.c.submission_id.distinct()),
        )
        .join(submission)
        .where(submission.c.outcome != "refused", finding.c.rows > 0)
        .group_by(submission.c.feed, finding.c.rule, finding.c.severity)
        .order_by(desc(func.sum(finding.c.rows)))
    )
    columns: dict[str, Any] = dict.fromkeys(("feed", "rule", "severity", "reason"), pl.String)
    with home().reading() as connection:
        return frames.fetch(connection, wanted, {**columns, "rows": pl.Int64, "files": pl.Int64})


@st.cache_data(max_entries=4, show_spinner=False)
def months_held(edition: str) -> pl.DataFrame:
    """Say what arrived last for each feed and month: outcome, rows, quarantined, received_at."""
    wanted = (
        select(
            submission.c.feed,
            period.c.period,
            submission.c.outcome,
            submission.c.rows,
            submission.c.quarantined,
            submission.c.received_at,
        )
        .join(period, period.c.submission_id == submission.c.id)
        .where(submission.c.outcome != "refused", submission.c.feed.is_not(None))
    )
    columns: dict[str, Any] = {
        "feed": pl.String,
        "period": pl.Date,
        "outcome": pl.String,
        "rows": pl.Int64,
        "quarantined": pl.Int64,
        "received_at": frames.MOMENT,
    }
    with home().reading() as connection:
        found = frames.fetch(connection, wanted, columns)
    return found.sort("received_at").unique(["feed", "period"], keep="last").sort("feed", "period")


@st.cache_data(max_entries=4, show_spinner=False)
def is_synthetic(edition: str) -> bool:
    """Say whether the figures come from the demo: its organisations say "(synthetic)" in their names."""
    named = tables.organisation.c.name
    wanted = select(func.count()).where(func.lower(named).like("%synthetic%"))
    with home().reading() as connection:
        return bool(connection.execute(wanted).scalar())


@st.cache_data(max_entries=4, show_spinner=False)
def has_published(edition: str) -> bool:
    """Say whether any published figures are held, which must then be attributed."""
    wanted = select(tables.series.c.id).where(tables.series.c.basis == "published").limit(1)
    with home().reading() as connection:
        return connection.execute(wanted).first() is not None


@st.cache_data(max_entries=4, show_spinner=False)
def last_run(edition: str) -> datetime | None:
    """Give the moment the newest run ended; None before the first."""
    with home().reading() as connection:
        moment: datetime | None = connection.execute(select(func.max(tables.run.c.finished_at))).scalar()
    return moment
