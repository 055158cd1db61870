"""Observations as the metrics hand them over, made short."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import polars as pl

from warehouse.series import KEYS

JUNE, JULY, AUGUST = date(2025, 6, 1), date(2025, 7, 1), date(2025, 8, 1)
START = datetime(2026, 5, 14, 9, 30, tzinfo=UTC)

SCHEMA = {
    **dict.fromkeys(KEYS, pl.String),
    "period": pl.Date,
    **dict.fromkeys(("numerator", "denominator", "value", "target", "path"), pl.Float64),
    "status": pl.String,
}


def at(minutes: int) -> datetime:
    """A moment that many minutes after START."""
    return START + timedelta(minutes=minutes)


def observed(values: Mapping[tuple[str, date], float | None], **same: object) -> pl.DataFrame:
    """One observation for each (organisation, period); `same` sets other columns throughout."""
    rows = [
        {
            "indicator": "made_up",
            "definition_version": "1",
            "basis": "local",
            "level": "place",
            "organisation": organisation,
            "breakdown": "all",
            "category": "all",
            "period": period,
            "numerator": value,
            "denominator": 8.0,
            "value": None if value is None else value / 8,
            "target": 0.82,
            "path": None,
            "status": "no_denominator" if value is None else "final",
            **same,
        }
        for (organisation, period), value in values.items()
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def values(frame: pl.DataFrame) -> dict[tuple[str, date], float | None]:
    """The numerators of what was read, by organisation and period."""
    return {(org, period): n for org, period, n in frame.select("organisation", "period", "numerator").rows()}
