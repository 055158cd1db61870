"""Forecasts with their back tests: series a second, by length of history.

Run: .venv/bin/python -m benchmarks.forecast [SERIES]   (default 200; made series, seeded)

Timed whole: history, three back tests, the forecast three years ahead. statsforecast is imported before the
clock starts, and its import is told apart. Processor seconds are what one core needs, whatever else runs.
"""

import sys
import time
from datetime import date

import numpy as np
import polars as pl

from metrics.forecast import forecast
from metrics.indicators import all_indicators

LENGTHS = (24, 36, 48, 60, 72)
YEARS_AHEAD = 3


def month(number: int) -> date:
    """Month 0 is January 2020."""
    return date(2020 + number // 12, number % 12 + 1, 1)


def made(series: int, months: int) -> pl.DataFrame:
    """Shares with a season and a drifting level, counted in 2,000 patients."""
    chance = np.random.default_rng(months)
    season = 0.03 * np.cos(2 * np.pi * np.arange(months) / 12 + chance.uniform(0, 6, (series, 1)))
    drift = np.cumsum(chance.normal(0, 0.006, (series, months)), axis=1)
    true = np.clip(chance.uniform(0.6, 0.9, (series, 1)) + season + drift, 0.02, 0.99)
    numerator = chance.binomial(2000, true).ravel().astype(float)
    return pl.DataFrame({"numerator": numerator}).select(
        indicator=pl.lit("made"),
        definition_version=pl.lit("1"),
        basis=pl.lit("local"),
        level=pl.lit("provider"),
        organisation=pl.format("P{}", pl.int_range(pl.len()) // months),
        breakdown=pl.lit("all"),
        category=pl.lit("all"),
        period=pl.Series([month(number) for number in range(months)] * series),
        numerator="numerator",
        denominator=pl.lit(2000.0),
        value=pl.col("numerator") / 2000,
        status=pl.lit("final"),
    )


def main() -> None:
    series = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    indicator = next(one for one in all_indicators().values() if one.kind == "proportion" and one.targets)
    start = time.perf_counter()
    forecast(made(1, 60), indicator, month(70))
    print(f"first forecast, import included: {time.perf_counter() - start:.1f} s")
    print("months series  seconds  series/s  processor s  series/processor s")
    for months in LENGTHS:
        observed = made(series, months)
        wall, cpu = time.perf_counter(), time.process_time()
        result = forecast(observed, indicator, month(months - 1 + 12 * YEARS_AHEAD))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        assert result.records.height == series
        print(f"{months:6} {series:6} {wall:8.2f} {series / wall:9.0f} {cpu:12.2f} {series / cpu:19.0f}")


if __name__ == "__main__":
    main()
