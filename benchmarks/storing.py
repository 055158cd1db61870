"""How fast results and records are written and read.

Run: `python benchmarks/storing.py [--observations 1000000] [--records 4000000] [--runs 3]`, with
TARGETS_DATABASE_URL for an empty PostgreSQL database. Prints medians of wall seconds and of this process's
processor seconds (which a busy machine does not stretch; on PostgreSQL they leave out the server's own).
"""

import argparse
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl

from warehouse import observations, records, runs
from warehouse.home import Home

MONTHS = pl.date_range(date(2023, 4, 1), date(2026, 9, 1), "1mo", eager=True).alias("period")
START = datetime(2026, 1, 1, tzinfo=UTC)
Taken = dict[str, list[tuple[float, float]]]


def observed(rows: int, indicator: str) -> pl.DataFrame:
    """About that many observations: 42 months of as many series as it takes."""
    number = pl.int_range(max(1, rows // len(MONTHS)), eager=True).alias("number")
    return (
        number.to_frame()
        .join(MONTHS.to_frame(), how="cross")
        .with_columns(
            pl.lit(indicator).alias("indicator"),
            pl.lit("1").alias("definition_version"),
            pl.lit("local").alias("basis"),
            pl.lit("neighbourhood").alias("level"),
            pl.format("N{}", pl.col("number") % 240).alias("organisation"),
            pl.lit("all").alias("breakdown"),
            pl.format("category {}", pl.col("number") // 240).alias("category"),
            pl.int_range(pl.len()).cast(pl.Float64).alias("numerator"),
            pl.lit(70.0).alias("denominator"),
            (pl.int_range(pl.len()) / 70).alias("value"),
            pl.lit(0.82).alias("target"),
            pl.lit(0.8).alias("path"),
            pl.lit("final").alias("status"),
        )
        .drop("number")
    )


def attended(rows: int) -> pl.DataFrame:
    """That many emergency attendances, evenly over the months, in a feed's own dtypes."""
    number = pl.int_range(rows, eager=True).alias("number")
    month = (pl.col("number") * len(MONTHS) // rows).alias("month")
    return (
        number.to_frame()
        .with_columns(month)
        .with_columns(MONTHS.gather(number.to_frame().select(month).to_series()).alias("period"))
        .select(
            pl.format("A{}", "number").alias("attendance_id"),
            pl.format("P{}", pl.col("number") * 7919 % 900_000).alias("person_id"),
            (pl.col("period").cast(pl.Datetime("us")) + pl.duration(seconds="number")).alias("arrival"),
            pl.lit("01").alias("department_type"),
            (pl.col("number") % 9 == 0).alias("booked"),
            pl.format("R{}", pl.col("number") % 6).alias("provider_code"),
            pl.format("Y{}", pl.col("number") % 170).alias("practice_code"),
            (pl.col("number") % 95).cast(pl.Int16).alias("age"),
            "period",
        )
    )


@contextmanager
def clock(taken: Taken, what: str) -> Iterator[None]:
    wall, processor = time.perf_counter(), time.process_time()
    yield
    taken[what].append((time.perf_counter() - wall, time.process_time() - processor))


def results(home: Home, rows: int, run: int, taken: Taken) -> None:
    # A new indicator for each run, so that every run begins with nothing of its own.
    indicator = f"benchmark_{run}"
    frame = observed(rows, indicator)
    run_id = runs.start(home, "benchmark")

    def write(whole: pl.DataFrame, hours: int) -> None:
        observations.write(home, whole, indicator, "local", None, run_id, START + timedelta(hours=hours))

    newest = pl.col("period") == MONTHS[-1]
    changed = frame.with_columns(pl.when(newest).then(pl.col("value") + 1).otherwise("value").alias("value"))
    steps: dict[str, Callable[[], object]] = {
        f"write {frame.height:,} new observations": lambda: write(frame, 0),
        "write them again, nothing changed": lambda: write(frame, 1),
        "write them again, one month changed": lambda: write(changed, 2),
        "read them all": lambda: observations.read(home, indicator),
        "read one organisation": lambda: observations.read(home, indicator, ["neighbourhood"], ["N7"]),
        "read one organisation as known before": lambda: observations.read(
            home, indicator, ["neighbourhood"], ["N7"], as_known_on=START
        ),
    }
    for what, step in steps.items():
        with clock(taken, what):
            step()


def stored(home: Home, rows: int, taken: Taken) -> None:
    frame = attended(rows)
    month = frame.filter(period=MONTHS[-1])
    with clock(taken, f"store {rows:,} records, 42 months"):
        records.replace_months(home, "benchmark", frame)
    with clock(taken, f"replace one month of {month.height:,}"):
        records.replace_months(home, "benchmark", month)
    with clock(taken, "fingerprints"):
        records.fingerprints(home, "benchmark")
    with clock(taken, "scan and add up one column"):
        found = records.scan(home, "benchmark")
        if found is not None:
            found.select(pl.col("age").sum()).collect()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--observations", type=int, default=1_000_000)
    arguments.add_argument("--records", type=int, default=4_000_000)
    arguments.add_argument("--runs", type=int, default=3)
    asked = arguments.parse_args()
    taken: Taken = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        with clock(taken, "open a new home"):
            home = Home.open(Path(folder) / "home")
        with clock(taken, "open it again"):
            Home.open(Path(folder) / "home").close()
        for run in range(asked.runs):
            results(home, asked.observations, run, taken)
            stored(home, asked.records, taken)
        print(f"{home.engine.dialect.name}, {asked.runs} runs, medians\n")
        home.close()
    print(f"{'what':45} {'wall s':>8} {'cpu s':>8}")
    for what, times in taken.items():
        wall, processor = (statistics.median(column) for column in zip(*times, strict=True))
        print(f"{what:45} {wall:8.3f} {processor:8.3f}")


if __name__ == "__main__":
    main()
