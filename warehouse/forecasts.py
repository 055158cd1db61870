"""Forecasts: months ahead, how such forecasts did before, chances of targets, and how chances came true."""

from collections.abc import Collection
from dataclasses import dataclass, field

import polars as pl
from sqlalchemy import Table, case, func, select

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


def months(
    home: Home,
    indicator: str | None = None,
    levels: Collection[str] | None = None,
    organisations: Collection[str] | None = None,
    basis: str | None = None,
) -> pl.DataFrame:
    """Forecast months: series keys, organisation_name and MONTHS."""
    choice = {"indicator": indicator, "basis": basis}
    return of_series.read(home, month_table, MONTHS, levels=levels, organisations=organisations, **choice)


def records(
    home: Home,
    indicator: str | None = None,
    levels: Collection[str] | None = None,
    organisations: Collection[str] | None = None,
    basis: str | None = None,
) -> pl.DataFrame:
    """How forecasts did in back tests, or why there is none: series keys, organisation_name and RECORDS."""
    choice = {"indicator": indicator, "basis": basis}
    return of_series.read(home, record_table, RECORDS, levels=levels, organisations=organisations, **choice)


def chances(
    home: Home,
    indicator: str | None = None,
    levels: Collection[str] | None = None,
    organisations: Collection[str] | None = None,
    basis: str | None = None,
) -> pl.DataFrame:
    """The chance of each target by its date, or why none is given: series keys, name and CHANCES."""
    choice = {"indicator": indicator, "basis": basis}
    return of_series.read(home, chance_table, CHANCES, levels=levels, organisations=organisations, **choice)


def further(
    home: Home,
    indicator: str | None = None,
    levels: Collection[str] | None = None,
    organisations: Collection[str] | None = None,
    basis: str | None = None,
) -> pl.DataFrame:
    """Chances of own plans and of enough categories: series keys, organisation_name and FURTHER."""
    choice = {"indicator": indicator, "basis": basis}
    return of_series.read(home, further_table, FURTHER, levels=levels, organisations=organisations, **choice)


def back_tested(home: Home) -> pl.DataFrame:
    """What back tests were asked, summed over series: indicator, basis, tenth, and what calibration needs.

    `series`, `questions`, `chance_sum` and `met`, as `metrics.calibration.bands` takes them.
    """
    table, about = calibration_table.c, series.series.c
    sums = (func.sum(table.questions), func.count(), func.sum(table.chance_sum), func.sum(table.met))
    keys = (about.indicator, about.basis, table.tenth)
    wanted = select(*keys, *sums).join(series.series).group_by(*keys).order_by(*keys)
    schema: frames.Schema = {
        "indicator": pl.String,
        "basis": pl.String,
        "tenth": pl.Int64,
        "questions": pl.Int64,
        "series": pl.Int64,
        "chance_sum": pl.Float64,
        "met": pl.Int64,
    }
    with home.reading() as connection:
        return frames.fetch(connection, wanted, schema)


def tested(home: Home) -> pl.DataFrame:
    """How back-tested forecasts did by indicator and basis: `series`, `beaten` (naive was), `held`.

    `held` is the share of tested months inside the 80% interval.
    """
    table, about = record_table.c, series.series.c
    keys = (about.indicator, about.basis)
    held = func.sum(table.coverage_80 * table.tested_months) / func.sum(table.tested_months)
    beaten = func.sum(case((table.verdict == "beats naive", 1), else_=0))
    wanted = (
        select(*keys, func.count(), beaten, held)
        .join(series.series)
        .where(table.tested_months > 0, table.coverage_80.is_not(None))
        .group_by(*keys)
        .order_by(*keys)
    )
    schema: frames.Schema = {
        "indicator": pl.String,
        "basis": pl.String,
        "series": pl.Int64,
        "beaten": pl.Int64,
        "held": pl.Float64,
    }
    with home.reading() as connection:
        return frames.fetch(connection, wanted, schema)


def calibration(home: Home, indicator: str | None = None, basis: str | None = None) -> pl.DataFrame:
    """Of the targets given about 30%, were about 30% met in back tests? Ten rows, empty ones too.

    `chance_from`, `chance_to`, `questions`, `series`, `chance_given` (mean), `share_met`. Months of a series
    are not independent: `series` says how many stand behind the questions.
    """
    table, choice = calibration_table.c, series.chosen(indicator=indicator, basis=basis)
    sums = (func.sum(table.questions), func.count(), func.sum(table.chance_sum), func.sum(table.met))
    wanted = select(table.tenth, *sums).group_by(table.tenth)
    if choice:
        wanted = wanted.join(series.series).where(*choice)
    names = {
        "tenth": pl.Int64,
        "questions": pl.Int64,
        "series": pl.Int64,
        "given": pl.Float64,
        "met": pl.Int64,
    }
    with home.reading() as connection:
        found = frames.fetch(connection, wanted, names)
    return (
        pl.DataFrame({"tenth": range(10)}, schema={"tenth": pl.Int64})
        .join(found, on="tenth", how="left")
        .sort("tenth")
        .select(
            (pl.col("tenth") / 10).alias("chance_from"),
            ((pl.col("tenth") + 1) / 10).alias("chance_to"),
            pl.col("questions", "series").fill_null(0),
            (pl.col("given") / pl.col("questions")).alias("chance_given"),
            (pl.col("met") / pl.col("questions")).alias("share_met"),
        )
    )
