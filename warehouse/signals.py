"""Signals: what each series' SPC chart says, one row a series, ready for a scorecard or a matrix."""

from collections.abc import Collection

import polars as pl

from warehouse import frames, of_series, series
from warehouse.home import Home
from warehouse.signal_tables import signal

MEASURES: frames.Schema = {
    "profile": pl.String,
    "profile_version": pl.String,
    "points": pl.Int64,
    "gaps": pl.Int64,
    "mean": pl.Float64,
    "lower_limit": pl.Float64,
    "upper_limit": pl.Float64,
    "latest_period": pl.Date,
    "latest_value": pl.Float64,
    "target": pl.Float64,
    "state": pl.String,
    "variation": pl.String,
    "assurance": pl.String,
    "reason": pl.String,
    "rules": pl.String,
    "signalled": pl.Int64,
    "recalculated": pl.Date,
}

COLUMNS = (*series.KEYS, "organisation_name", *MEASURES)
"""Columns that `read` returns; `metrics.series_signals.summed` says what each means."""


def write(home: Home, frame: pl.DataFrame, indicator: str, basis: str, run_id: int) -> None:
    """Make `frame` (the series keys and MEASURES) the signals of an indicator on a basis."""
    kept = frame.select(*series.KEYS, *(pl.col(name).cast(dtype) for name, dtype in MEASURES.items()))
    of_series.replace(home, signal, kept, indicator, basis, run_id)


def read(
    home: Home,
    indicator: str | None = None,
    levels: Collection[str] | None = None,
    organisations: Collection[str] | None = None,
    breakdown: str | None = "all",
    basis: str | None = None,
) -> pl.DataFrame:
    """The signals chosen, in COLUMNS, ordered by them; None chooses everything."""
    return of_series.read(
        home,
        signal,
        MEASURES,
        indicator=indicator,
        levels=levels,
        organisations=organisations,
        breakdown=breakdown,
        basis=basis,
    )
