"""Rows written to standard output for analysts: observations, quarantine, freshness."""

from datetime import UTC, date, datetime, time
from typing import BinaryIO

import polars as pl

from data_contracts.contract import all_contracts
from metrics.footprint import TODAY
from metrics.indicators import all_indicators
from pipeline import public
from warehouse import freshness as freshness_store
from warehouse import observations as observation_store
from warehouse import quarantine as quarantine_store
from warehouse.home import Home

COLUMNS = (
    "indicator",
    "definition_version",
    "basis",
    "level",
    "organisation",
    "organisation_name",
    "period",
    "breakdown",
    "category",
    "numerator",
    "denominator",
    "value",
    "target",
    "status",
)
"""Columns of `targets observations`, in order."""


def month(text: str | None, option: str) -> date | None:
    """`2025-06` as the first day of that month. Raises ValueError with a sentence."""
    if text is None:
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise ValueError(f"{option} {text!r} is not a month: write it as YYYY-MM, such as 2025-06") from None


def moment(text: str | None) -> datetime | None:
    """A date as the end of that day (UTC), or an exact moment as given. Raises ValueError with a sentence."""
    if text is None:
        return None
    try:
        if len(text) == len("YYYY-MM-DD"):
            return datetime.combine(date.fromisoformat(text), time.max, tzinfo=UTC)
        exact = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"--as-known-on {text!r} is not a date: write it as YYYY-MM-DD") from None
    return exact if exact.tzinfo else exact.replace(tzinfo=UTC)


def observations(
    home: Home,
    *,
    indicator: str,
    level: str | None,
    organisation: str | None,
    start: date | None,
    end: date | None,
    breakdown: str,
    basis: str | None,
    as_known_on: datetime | None,
    audience: str = "restricted",
    progress: public.Tick | None = None,
    footprint: str = TODAY,
) -> pl.DataFrame:
    """Observations in `COLUMNS`, sorted; for the audience "public" with small numbers suppressed and covered.

    Raises ValueError when the indicator or breakdown does not exist, and for public figures that are earlier
    or on another footprint than today's.
    """
    known = all_indicators()
    if indicator not in known:
        raise ValueError(f"there is no indicator {indicator!r}; there are {', '.join(known)}")
    splits = ["all", *(split.name for split in known[indicator].breakdowns)]
    if breakdown not in splits:
        raise ValueError(f"{indicator} has no breakdown {breakdown!r}; it has {', '.join(splits)}")
    if audience == "public" and as_known_on is not None:
        raise ValueError(
            "--as-known-on is not for the public: two editions of a month can be subtracted from each other"
        )
    if audience == "public" and footprint != TODAY:
        raise ValueError(
            "--footprint is not for the public: a merged organisation less one of its parts is the other part"
        )
    if audience == "public":
        frame = public.observations(home, known[indicator], basis, progress).filter(
            *(
                pl.col(name) == value
                for name, value in (("level", level), ("organisation", organisation))
                if value
            ),
            *([pl.col("period") >= start] if start else []),
            *([pl.col("period") <= end] if end else []),
            breakdown=breakdown,
        )
        return frame.select(COLUMNS).sort("basis", "level", "organisation", "category", "period")
    frame = observation_store.read(
        home,
        indicator=indicator,
        levels=[level] if level else None,
        organisations=[organisation] if organisation else None,
        start=start,
        end=end,
        breakdown=breakdown,
        basis=basis,
        as_known_on=as_known_on,
        footprint=footprint,
    )
    return frame.select(COLUMNS).sort("basis", "level", "organisation", "category", "period")


def quarantined(home: Home, feed: str | None, submission: int | None) -> pl.DataFrame:
    """Quarantined rows with the rule and the reason."""
    return quarantine_store.read(home, feed=feed, submission_id=submission)


def freshness(home: Home, today: date) -> pl.DataFrame:
    """One row a feed: newest month, months held, rows, days since the newest month ended, last run.

    With them the newest month that the feed's contract promises by now, and whether the one held is older.
    """
    frame = freshness_store.read(home)
    if frame.is_empty():
        return frame
    ended = pl.col("newest_month").dt.month_end()
    due = {feed: one.due(today) for feed, one in all_contracts().items()}
    expected = pl.col("feed").replace_strict(due, default=None, return_dtype=pl.Date)
    return frame.with_columns(
        days_since_month_end=(pl.lit(today) - ended).dt.total_days(), expected_month=expected
    ).with_columns(older_than_expected=pl.col("newest_month") < pl.col("expected_month"))


def write(frame: pl.DataFrame, format_: str, out: BinaryIO) -> None:
    """Write a frame as csv, json (a list of objects) or parquet; dates are ISO, numbers at full precision."""
    if format_ == "parquet":
        frame.write_parquet(out)
    elif format_ == "json":
        frame.write_json(out)
    else:
        frame.write_csv(out)
