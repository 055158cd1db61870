"""Counting an indicator, against the time Polars takes only to scan its columns and the same count in DuckDB SQL.

Run: .venv/bin/python -m benchmarks.counting HOME [RUNS]   (HOME: a data folder with the demo region loaded)
What the columns mean, and the figures so far: benchmarks/counting.md
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import duckdb
import polars as pl

from metrics import counting, geography
from metrics.indicators import all_indicators
from pipeline import inputs
from pipeline.engines import open_feeds
from warehouse import records
from warehouse.home import Home

COLUMNS = {
    "four_hour_ed": (
        "emergency_care_attendances",
        "department_type arrival_datetime departure_datetime practice_code provider_code period",
    ),
    "outpatient_follow_ups": (
        "outpatient_appointments",
        "appointment_date first_attendance attendance_status healthcare_resource_group administrative_category "
        "treatment_function_code practice_code provider_code period",
    ),
    "discharged_on_ready_date": (
        "inpatient_spells",
        "admission_date discharge_date discharge_ready_date discharge_method discharge_destination age "
        "patient_classification practice_code provider_code period",
    ),
}
"""The feed of each indicator and the columns its headline is counted from."""
PEOPLE = ("age", "sex", "ethnic_group", "lsoa_code")
"""The columns that its breakdowns need besides."""

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
        treatment_function_code AS split,
        {BAND} AS age_band, sex, coalesce(deprivation_quintile::VARCHAR, 'not known') AS quintile, {ETHNIC} AS ethnic
      FROM outpatient_appointments LEFT JOIN deprivation USING (lsoa_code)
      WHERE first_attendance IN ('2', '4') AND attendance_status IN ('5', '6')
        AND healthcare_resource_group LIKE 'WF%' AND administrative_category = '01'
        AND treatment_function_code NOT IN ('812','501','560','700','710','711','712','713','715','720','721',
          '722','723','724','725','726','727','199','499')""",
    "discharged_on_ready_date": f"""
      SELECT date_trunc('month', discharge_date) AS month, practice_code, provider_code,
        CASE WHEN valid AND discharge_ready_date = discharge_date THEN 1 ELSE 0 END AS numerator,
        CASE WHEN valid THEN 1 ELSE 0 END AS valid,
        {BAND} AS age_band, sex, coalesce(deprivation_quintile::VARCHAR, 'not known') AS quintile, {ETHNIC} AS ethnic
      FROM (SELECT *, coalesce(discharge_ready_date BETWEEN greatest(admission_date, DATE '2023-04-01')
          AND discharge_date, FALSE) AS valid FROM inpatient_spells) LEFT JOIN deprivation USING (lsoa_code)
      WHERE age >= 16 AND discharge_date > admission_date AND patient_classification = '1'
        AND discharge_method NOT IN ('4', '5')
        AND discharge_destination NOT IN ('49','50','51','52','53','84','87')""",
}
SUMS = {
    "four_hour_ed": "sum(numerator) AS n, count(*) AS d",
    "outpatient_follow_ups": "count(*) AS n",
    "discharged_on_ready_date": "sum(numerator) AS n, sum(valid) AS d, count(*) AS eligible",
}


NO_PEOPLE = pl.DataFrame(schema=counting.SCHEMA)
"""Given as the population, so that events alone are counted: the rivals count nothing else."""


def sql(name: str, breakdowns: bool) -> str:
    """The count as an analyst would write it by hand: one pass, with grouping sets where it is broken down."""
    keys = "month, practice_code, provider_code"
    if not breakdowns:
        return f"SELECT {keys}, {SUMS[name]} FROM ({EVENTS[name]}) GROUP BY {keys}"
    of_its_own = ["split"] if len(all_indicators()[name].breakdowns) > len(PEOPLE) else []
    splits = [*of_its_own, "age_band", "sex", "quintile", "ethnic"]
    sets = ", ".join([f"({keys})", *(f"({keys}, {split})" for split in splits)])
    return f"SELECT {keys}, {', '.join(splits)}, {SUMS[name]} FROM ({EVENTS[name]}) GROUP BY GROUPING SETS ({sets})"


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of processor time (all threads) that one call takes."""
    start, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - busy


def rivals(home: Home, name: str, breakdowns: bool) -> dict[str, Callable[[], pl.DataFrame]]:
    """The scan, ours on Polars, by hand in DuckDB SQL, and ours on DuckDB: each from the files on disk."""
    declared = all_indicators()[name]
    indicator = declared if breakdowns else replace(declared, breakdowns=())
    feed, columns = COLUMNS[name]
    wanted = [*columns.split(), *(one for one in PEOPLE if breakdowns and one not in columns.split())]
    periods = sorted(inputs.fingerprints(home, declared, "local")["period"])
    changes = geography.change_dates(records.read(home, "neighbourhood_map"))
    people = None if declared.at_risk is None else NO_PEOPLE

    def scan() -> pl.DataFrame:
        frame = records.scan(home, feed, periods)
        assert frame is not None
        return frame.select(wanted).collect()

    def ours(engine: str) -> pl.DataFrame:
        feeds = open_feeds(home, list(indicator.all_feeds), engine, periods)
        return counting.count(indicator, feeds, periods, changes, people)

    def by_hand() -> pl.DataFrame:
        connection = duckdb.connect()
        for one in (feed, "deprivation"):
            files = records.files(home, one, periods)
            connection.register(
                one, connection.read_parquet(files, hive_partitioning=True, union_by_name=True)
            )
        return connection.sql(sql(name, breakdowns)).pl()

    return {"scan": scan, "polars": lambda: ours("polars"), "sql": by_hand, "duckdb": lambda: ours("duckdb")}


COUNTS = {"polars": "numerator", "sql": "n", "duckdb": "numerator"}


def check(found: dict[str, pl.DataFrame]) -> None:
    """Stop unless all three counts have the same number of rows and the same sum of numerators."""
    sums = {rival: (found[rival].height, found[rival][column].sum()) for rival, column in COUNTS.items()}
    if len(set(sums.values())) > 1:
        raise SystemExit(f"The counts differ: {sums}")


def main(path: str, runs: int) -> None:
    """Print, for each indicator without and with its breakdowns, medians of runs taken in turn."""
    home = Home.open(path)
    print(f"{'':34}{'clock: times the':>28}{'processor: times the':>28}")
    print(
        f"{'indicator':26}{'rows':>8}" + f"{'seconds':>10}{'scan':>9}{'SQL':>9}" * 2 + f"{'on DuckDB s':>13}"
    )
    for name in COLUMNS:
        for breakdowns in (False, True):
            works = rivals(home, name, breakdowns)
            found = {rival: work() for rival, work in works.items()}
            check(found)
            taken = [{rival: timed(work) for rival, work in works.items()} for _ in range(runs)]
            line = f"{name if not breakdowns else '  with all breakdowns':26}{found['scan'].height:8}"
            for kind in (0, 1):
                ours = statistics.median(run["polars"][kind] for run in taken)
                ratios = [
                    statistics.median(run["polars"][kind] / run[rival][kind] for run in taken)
                    for rival in ("scan", "sql")
                ]
                line += f"{ours:10.3f}" + "".join(f"{ratio:9.2f}" for ratio in ratios)
            print(line + f"{statistics.median(run['duckdb'][0] for run in taken):13.3f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5)
