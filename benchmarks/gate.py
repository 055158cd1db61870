"""How fast the gate is: rows a second against the same rules written in plain Polars.

Run: `python -m benchmarks.gate [rows]` (default one million). Typed frames are already in memory, as after
reading Parquet; one process. The gate does more than the rival: it looks for untrimmed text and NHS numbers,
counts months and parts the rows. Runs are paired and alternate; medians are shown, and the CPU seconds,
which a busy machine disturbs less.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from statistics import median
from typing import Any

import numpy as np
import polars as pl

from data_contracts.contract import Contract, Rule, is_parameter, load_contract
from data_contracts.gate import GateContext, hold, parameters

TODAY = date(2026, 10, 5)
RUNS = 7
TEN = (
    "attendance_id_present",
    "attendance_id_unique",
    "person_id_present",
    "arrival_datetime_not_in_future",
    "department_type_known",
    "provider_code_in_organisations",
    "practice_code_shape",
    "age_plausible",
    "ethnic_group_known",
    "departure_after_arrival",
)


def attendances(rows: int, bad: float, seed: int = 1) -> pl.DataFrame:
    """Make typed attendances of one month, a share `bad` of them leaving before they came."""
    rng = np.random.default_rng(seed)
    start = int(datetime(2026, 9, 1).timestamp())
    arrival = rng.integers(start, start + 30 * 86_400, rows)
    minutes = np.where(rng.random(rows) < bad, -30, rng.integers(5, 600, rows))

    def pick(*codes: str) -> pl.Series:
        return pl.Series(codes).gather(rng.integers(0, len(codes), rows))

    frame = pl.DataFrame(
        {
            "attendance_id": pl.select(pl.format("A{}", pl.int_range(10**8, 10**8 + rows))).to_series(),
            "person_id": pl.select(
                pl.format("P{}", pl.Series(rng.integers(10**7, 2 * 10**7, rows)))
            ).to_series(),
            "arrival_datetime": pl.Series(arrival * 10**6).cast(pl.Datetime("us")),
            "departure_datetime": pl.Series((arrival + 60 * minutes) * 10**6).cast(pl.Datetime("us")),
            "department_type": pick("01", "02", "03", "05"),
            "booked": pl.Series(rng.random(rows) < 0.1),
            "arrival_mode": pick("1048031000000100", "1048071000000103"),
            "acuity": pick("1064901000000108", "1077241000000103"),
            "provider_code": pick(*(f"RX{i}" for i in range(6))),
            "practice_code": pick(*(f"A{81_000 + i}" for i in range(300))),
            "age": pl.Series(rng.integers(0, 100, rows)).cast(pl.Int16),
            "sex": pick("1", "2"),
            "ethnic_group": pick(*"ABCDEFGHJKLMNPRSZ"),
            "lsoa_code": pick(*(f"E01{i:06d}" for i in range(1_500))),
        }
    )
    return frame.select(load_contract("emergency_care_attendances").names)


def context(frame: pl.DataFrame) -> GateContext:
    """Know every organisation of the frame."""
    codes = {name: frozenset(frame[name].unique()) for name in ("provider_code", "practice_code")}
    return GateContext(TODAY, codes, {date(2026, month, 1): frame.height for month in range(1, 9)})


def rival(frame: pl.DataFrame, contract: Contract, filled: dict[str, Any]) -> pl.DataFrame:
    """The same row and file rules in plain Polars, in one pass: how many rows break each."""
    return frame.select(
        _plain(rule, filled).alias(rule.name) for rule in contract.rules if rule.judged_on != "months"
    )


def _plain(rule: Rule, filled: dict[str, Any]) -> pl.Expr:  # noqa: PLR0911 - one a kind of rule
    said = {
        name: filled[value["$PARAMETER"]] if is_parameter(value) else value
        for name, value in rule.kwargs.items()
    }
    column = pl.col(rule.columns[0])
    match rule.expectation.removeprefix("expect_column_"):
        case "values_to_not_be_null":
            return column.null_count()
        case "values_to_be_unique":
            return column.is_duplicated().sum()
        case "values_to_be_in_set":
            return (~column.is_in(said["value_set"])).sum()
        case "values_to_match_regex":
            return (~column.str.contains(said["regex"])).sum()
        case "values_to_be_between":
            low = column < said["min_value"] if "min_value" in said else pl.lit(False)
            return (low | (column > said["max_value"])).sum()
        case "pair_values_a_to_be_greater_than_b":
            return (column < pl.col(rule.columns[1])).sum()
        case "proportion_of_non_null_values_to_be_between":
            return column.null_count()
        case other:
            raise NotImplementedError(other)


def paired(*runs: Callable[[], object]) -> list[tuple[float, float]]:
    """Return the median (wall, CPU) seconds of each, run alternately after one warm-up."""
    taken: list[list[tuple[float, float]]] = [[] for _ in runs]
    for turn in range(RUNS + 1):
        for place, run in enumerate(runs):
            wall, cpu = time.perf_counter(), time.process_time()
            run()
            if turn:
                taken[place].append((time.perf_counter() - wall, time.process_time() - cpu))
    return [(median(wall for wall, _ in one), median(cpu for _, cpu in one)) for one in taken]


def main(rows: int) -> None:
    """Print a table."""
    whole = load_contract("emergency_care_attendances")
    ten = replace(whole, rules=tuple(rule for rule in whole.rules if rule.name in TEN))
    started = time.perf_counter()
    import data_contracts.gate_engine  # noqa: F401

    print(f"loading the engine, once a run: {time.perf_counter() - started:.1f} s\n")
    print("| contract | file | gate s (CPU) | rows a second | plain Polars s (CPU) | gate / Polars |")
    print("|---|---|---|---|---|---|")
    for label, contract, count, bad in (
        ("ten rules", ten, rows, 0.0),
        ("ten rules", ten, rows, 0.01),
        (f"{len(whole.rules)} rules, as shipped", whole, rows, 0.0),
        (f"{len(whole.rules)} rules, as shipped", whole, rows, 0.01),
        (f"{len(whole.rules)} rules, as shipped", whole, 1_000, 0.0),
    ):
        frame = attendances(count, bad)
        told = context(frame)
        filled = parameters(told, frame)
        gate, polars = paired(
            lambda f=frame, c=contract, t=told: hold(f, c, t),
            lambda f=frame, c=contract, p=filled: rival(f, c, p),
        )
        print(
            f"| {label} | {count:,} rows, {bad:.0%} at fault | {gate[0]:.2f} ({gate[1]:.2f}) "
            f"| {count / gate[0]:,.0f} | {polars[0]:.2f} ({polars[1]:.2f}) | {gate[0] / polars[0]:.1f} |"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
