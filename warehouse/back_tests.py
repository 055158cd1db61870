"""How back-tested forecasts did and how the chances they gave came true, summed over series."""

import polars as pl
from sqlalchemy import case, func, select

from warehouse import frames, series
from warehouse.home import Home
from warehouse.signal_tables import calibration as calibration_table
from warehouse.signal_tables import forecast_record as record_table


def chances(home: Home) -> pl.DataFrame:
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


def forecasts(home: Home) -> pl.DataFrame:
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
