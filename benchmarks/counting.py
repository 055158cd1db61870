"""Counting an indicator, against the time Polars takes only to scan its columns and the same count in DuckDB SQL.

Run: .venv/bin/python -m benchmarks.counting HOME [RUNS]   (HOME: a data folder with the demo region loaded)
"""

import statistics
import sys
import time
from collections.abc import Callable

import duckdb
import polars as pl

from metrics import counting, geography
from metrics.indicators import all_indicators
from pipeline import inputs
from pipeline.engines import open_feeds
from warehouse import records
from warehouse.home import Home

COLUMNS = {
    "four_hour_ed": {
        "emergency_care_attendances": (
            "department_type arrival_datetime departure_datetime practice_code provider_code age sex ethnic_group "
            "lsoa_code period"
        )
    },
    "outpatient_follow_ups": {
        "outpatient_appointments": (
            "appointment_date first_attendance attendance_status healthcare_resource_group practice_code "
            "administrative_category treatment_function_code provider_code age sex ethnic_group lsoa_code period"
        )
    },
    "discharged_on_ready_date": {
        "inpatient_spells": (
            "admission_date discharge_date discharge_ready_date discharge_method discharge_destination age sex "
            "patient_classification practice_code provider_code ethnic_group lsoa_code period"
        )
    },
}
"""The columns each indicator reads, breakdowns included."""

BAND = """CASE WHEN age IS NULL OR age < 0 THEN 'not known' WHEN age < 15 THEN '0-14' WHEN age < 45 THEN '15-44'
  WHEN age < 65 THEN '45-64' WHEN age < 75 THEN '65-74' WHEN age < 85 THEN '75-84' ELSE '85+' END"""
ETHNIC = """CASE WHEN ethnic_group IN ('A','B','C') THEN 'white' WHEN ethnic_group IN ('D','E','F','G') THEN 'mixed'
  WHEN ethnic_group IN ('H','J','K','L') THEN 'asian' WHEN ethnic_group IN ('M','N','P') THEN 'black'
  WHEN ethnic_group IN ('R','S') THEN 'other' ELSE 'not known' END"""
EVENTS = {
    "four_hour_ed": f"""
      SELECT date_trunc('month', arrival_datetime) AS month, practice_code, provider_code, department_type AS split,
        CASE WHEN departure_datetime <= arrival_datetime + INTERVAL 4 HOUR THEN 1 ELSE 0 END AS numerator,
        {BAND} AS age_band, sex, coalesce(deprivation_quintile::VARCHAR, 'not known') AS quintile, {ETHNIC} AS ethnic
      FROM emergency_care_attendances LEFT JOIN deprivation USING (lsoa_code)
      WHERE department_type IN ('01', '02', '03')""",
    "outpatient_follow_ups": f"""
      SELECT date_trunc('month', appointment_date) AS month, practice_code, provider_code,
        treatment_function_code AS split, 1 AS numerator,
        {BAND} AS age_band, sex, coalesce(deprivation_quintile::VARCHAR, 'not known') AS quintile, {ETHNIC} AS ethnic
      FROM outpatient_appointments LEFT JOIN deprivation USING (lsoa_code)
      WHERE first_attendance IN ('2', '4') AND attendance_status IN ('5', '6')
        AND healthcare_resource_group LIKE 'WF%' AND administrative_category = '01'
        AND treatment_function_code NOT IN ('812','501','560','700','710','711','712','713','715','720','721',
          '722','723','724','725','726','727','199','499')""",
    "discharged_on_ready_date": f"""
      SELECT date_trunc('month', discharge_date) AS month, practice_code, provider_code, 'all' AS split,
        CASE WHEN discharge_ready_date = discharge_date THEN 1 ELSE 0 END AS numerator,
        {BAND} AS age_band, sex, coalesce(deprivation_quintile::VARCHAR, 'not known') AS quintile, {ETHNIC} AS ethnic
      FROM inpatient_spells LEFT JOIN deprivation USING (lsoa_code)
      WHERE age >= 16 AND discharge_date > admission_date AND patient_classification = '1'
        AND discharge_method NOT IN ('4', '5')
        AND discharge_destination NOT IN ('49','50','51','52','53','84','87')
        AND discharge_ready_date BETWEEN greatest(admission_date, DATE '2023-04-01') AND discharge_date""",
}


def sql(name: str) -> str:
    """The count as an analyst would write it by hand: one pass, grouping sets."""
    keys = "month, practice_code, provider_code"
    sets = ", ".join(
        f"({keys}{extra})" for extra in ("", ", split", ", age_band", ", sex", ", quintile", ", ethnic")
    )
    return (
        f"SELECT {keys}, split, age_band, sex, quintile, ethnic, sum(numerator) AS n, count(*) AS d "
        f"FROM ({EVENTS[name]}) GROUP BY GROUPING SETS ({sets})"
    )


def timed(work: Callable[[], object]) -> float:
    """Seconds one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(path: str, runs: int) -> None:
    """Print medians of paired runs: scan, ours on Polars, ours on DuckDB, DuckDB by hand."""
    home = Home.open(path)
    connection = duckdb.connect()
    for feed in ("emergency_care_attendances", "outpatient_appointments", "inpatient_spells", "deprivation"):
        files = records.files(home, feed)
        connection.register(feed, connection.read_parquet(files, hive_partitioning=True, union_by_name=True))
    changes = geography.change_dates(records.read(home, "neighbourhood_map"))
    print(
        f"{'indicator':26} {'scan s':>8} {'polars s':>9} {'x scan':>7} {'sql s':>7} {'x sql':>6} {'duckdb s':>9}"
    )
    for name, wanted in COLUMNS.items():
        indicator = all_indicators()[name]
        periods = sorted(inputs.fingerprints(home, indicator, "local")["period"])

        def scan(wanted: dict[str, str] = wanted) -> list[pl.DataFrame]:
            frames = [(records.scan(home, feed), columns.split()) for feed, columns in wanted.items()]
            return [frame.select(columns).collect() for frame, columns in frames if frame is not None]

        def ours(engine: str, one=indicator, months=periods) -> pl.DataFrame:
            return counting.count(
                one, open_feeds(home, inputs.feeds_of(one), engine, months), months, changes
            )

        rivals: dict[str, Callable[[], object]] = {
            "scan": scan,
            "polars": lambda: ours("polars"),
            "sql": lambda name=name: connection.sql(sql(name)).to_arrow_table(),
            "duckdb": lambda: ours("duckdb"),
        }
        for work in rivals.values():
            work()
        taken = {rival: [] for rival in rivals}
        for _ in range(runs):
            for rival, work in rivals.items():
                taken[rival].append(timed(work))
        median = {rival: statistics.median(values) for rival, values in taken.items()}
        print(
            f"{name:26} {median['scan']:8.3f} {median['polars']:9.3f} {median['polars'] / median['scan']:7.2f} "
            f"{median['sql']:7.3f} {median['polars'] / median['sql']:6.2f} {median['duckdb']:9.3f}"
        )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5)
