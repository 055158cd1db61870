"""Is a month's number of rows plausible, against the feed's own last months?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from statistics import median

import polars as pl

from data_contracts.contract import Contract
from data_contracts.faults import Fault
from data_contracts.verdicts import Judge

COUNTED = pl.Schema(
    {"period": pl.Date, "rows": pl.Int64, "usual": pl.Float64, "share_of_usual_rows": pl.Float64}
)


def of_volumes(
    typed: pl.DataFrame, contract: Contract, judge: Judge, held: Mapping[date, int]
) -> list[Fault]:
    """Return a fault for each month whose rows are outside the contract's bounds."""
    rules = [replace(rule, judged_on="rows") for rule in contract.rules if rule.judged_on == "months"]
    months = shares(typed, contract, held)
    faults = []
    for verdict in judge(months, rules, {}) if rules else ():
        for month in months[verdict.rows].iter_rows(named=True):
            when = f"{month['period']:%B %Y}" if month["period"] else "it"
            reason = (
                f"{verdict.rule.reason}: {when} has {month['rows']:,} where {month['usual']:,.0f} are usual"
            )
            faults.append(
                Fault(verdict.rule.name, None, verdict.rule.severity, reason, file_rows=month["rows"])
            )
    return faults


def shares(typed: pl.DataFrame, contract: Contract, held: Mapping[date, int]) -> pl.DataFrame:
    """Return period, rows, usual, share_of_usual_rows: one row a month of the file, or one for a snapshot.

    Usual is the median of the last months before, as many as the contract compares with; where there are too
    few of those, what is held for the month itself. A month of the file counts before what is held for it.
    With no usual, or a difference too small to matter, the share is 1.
    """
    here: dict[date | None, int]
    usual: dict[date | None, float | None]
    if contract.grain == "snapshot":
        here = {None: typed.height}
        usual = {None: float(median(held.values())) if held else None}
    else:
        here = dict(typed.group_by(period=contract.period()).len().drop_nulls().sort("period").iter_rows())
        known = dict(held) | {month: rows for month, rows in here.items() if month}
        usual = {month: _usual(month, known, held, contract) for month in here if month}
    least = contract.volumes.ignore_differences_under_rows
    rows = [(month, count, usual[month], _share(count, usual[month], least)) for month, count in here.items()]
    return pl.DataFrame(rows, schema=COUNTED, orient="row")


def _usual(
    month: date, known: Mapping[date, int], held: Mapping[date, int], contract: Contract
) -> float | None:
    before = [rows for other, rows in known.items() if 0 < _months(other, month) <= contract.volumes.months]
    if len(before) >= contract.volumes.at_least_months:
        return float(median(before))
    return float(held[month]) if month in held else None


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month


def _share(rows: int, usual: float | None, least: int) -> float:
    return 1.0 if not usual or abs(rows - usual) < least else rows / usual
