"""Forecasts: months ahead, how such forecasts did before, and chances of targets."""

from dataclasses import dataclass, field

import polars as pl
from sqlalchemy import Table

from warehouse import frames, of_series, series
from warehouse.home import Home
from warehouse.signal_tables import calibration as calibration_table
from warehouse.signal_tables import chance as chance_table
from warehouse.signal_tables import forecast as month_table
from warehouse.signal_tables import forecast_record as record_table
from warehouse.signal_tables import further_chance as further_table

MONTHS: frames.Schema = {
    "period": pl.Date,
    "months_ahead": pl.Int64,
    **dict.fromkeys(("mean", "lower_80", "upper_80", "lower_95", "upper_95"), pl.Float64),
    "model": pl.String,
}
RECORDS: frames.Schema = {
    "last_period": pl.Date,
    "usable_months": pl.Int64,
    "filled_months": pl.Int64,
    "model": pl.String,
    "verdict": pl.String,
    **dict.fromkeys(("tests", "tested_months", "tested_ahead"), pl.Int64),
    **dict.fromkeys(("smoothing_error", "naive_error", "relative_error", "coverage_80"), pl.Float64),
    "reason": pl.String,
    "fingerprint": pl.String,
}
CHANCES: frames.Schema = {
    "target_due": pl.Date,
    "target": pl.Float64,
    "months_ahead": pl.Int64,
    "model": pl.String,
    "chance": pl.Float64,
    "reason": pl.String,
}
FURTHER: frames.Schema = {
    "aim": pl.String,
    "target_due": pl.Date,
    "target": pl.Float64,
    "months_ahead": pl.Int64,
    "chance": pl.Float64,
    "chance_together": pl.Float64,
    "reason": pl.String,
}
OWN_PLAN, ENOUGH_CATEGORIES = "own plan", "enough categories"
TENTHS: frames.Schema = {
    "tenth": pl.Int64,
    "questions": pl.Int64,
    "chance_sum": pl.Float64,
    "met": pl.Int64,
}
_TABLES: tuple[tuple[Table, frames.Schema], ...] = (
    (month_table, MONTHS),
    (record_table, RECORDS),
    (chance_table, CHANCES),
    (calibration_table, TENTHS),
    (further_table, FURTHER),
)


_FURTHER_KEYED = {**dict.fromkeys(series.KEYS, pl.String), **FURTHER}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Frames of some series of one indicator and basis, each with the series keys first.

    `months` in MONTHS, `records` in RECORDS (one row for every series, forecast or not), `chances` in CHANCES
    and `tenths` in TENTHS: of the chances between tenth/10 and the next, how many were `met`; `further` in
    FURTHER: chances against an organisation's own plan, or that enough categories meet the target.
    """

    months: pl.DataFrame
    records: pl.DataFrame
    chances: pl.DataFrame
    tenths: pl.DataFrame
    further: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_FURTHER_KEYED))


def write(home: Home, found: Foreseen, indicator: str, basis: str, run_id: int) -> None:
    """Put these in place of all that was foreseen for the series in `found.records`. One transaction."""
    whole = (found.months, found.records, found.chances, found.tenths, found.further)
    named = found.records.select(series.KEYS)
    with home.writing() as connection:
        ids = series.with_ids(connection, named, indicator, basis)["series_id"].to_list()
        for (table, measures), frame in zip(_TABLES, whole, strict=True):
            of_series.clear_series(connection, table, ids)
            kept = frame.select(*series.KEYS, *(pl.col(name).cast(dtype) for name, dtype in measures.items()))
            of_series.replace(home, table, kept, indicator, basis, run_id, whole=False)


def forget(home: Home, gone: pl.DataFrame, indicator: str, basis: str) -> None:
    """Drop what was foreseen for series (by their keys) that have no figures any more."""
    with home.writing() as connection:
        ids = series.with_ids(connection, gone.select(series.KEYS), indicator, basis)["series_id"].to_list()
        for table, _ in _TABLES:
            of_series.clear_series(connection, table, ids)


months = of_series.Reader(month_table, MONTHS)
"""Forecast months: series keys, organisation_name and MONTHS."""
records = of_series.Reader(record_table, RECORDS)
"""How forecasts did in back tests, or why there is none: series keys, organisation_name and RECORDS."""
chances = of_series.Reader(chance_table, CHANCES)
"""The chance of each target by its date, or why none is given: series keys, organisation_name and CHANCES."""
further = of_series.Reader(further_table, FURTHER)
"""Chances of own plans and of enough categories: series keys, organisation_name and FURTHER."""
