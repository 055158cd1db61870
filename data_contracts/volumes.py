"""Is a month's number of rows plausible, against the feed's own last months?"""

from collections.abc import Mapping
from datetime import date
from statistics import median

import polars as pl

from data_contracts.contract import Contract, Rule
from data_contracts.faults import Fault
from data_contracts.gate_engine import judge

SHARE = "share_of_usual_rows"


def faults(typed: pl.DataFrame, contract: Contract, held: Mapping[date, int]) -> list[Fault]:
    """Return a fault for each month whose rows are outside the contract's bounds, judged by GX."""
    rules = [rule for rule in contract.rules if rule.judged_on == "months"]
    if not rules:
        return []
    months = shares(typed, contract, held)
    as_rows = [Rule(**{**rule.__dict__, "judged_on": "rows"}) for rule in rules]
    return [
        Fault(
            verdict.rule.name,
            None,
            verdict.rule.severity,
            f"{verdict.rule.reason}: {_month(month['period'])} has {month['rows']:,} rows where "
            f"{month['usual']:,.0f} are usual",
            None,
            month["rows"],
        )
        for verdict in judge(months, as_rows, {})
        for month in months[verdict.rows].iter_rows(named=True)
    ]


def shares(typed: pl.DataFrame, contract: Contract, held: Mapping[date, int]) -> pl.DataFrame:
    """Return period, rows, usual, share_of_usual_rows: one row a month of the file (a snapshot: one row).

    Usual is the median of up to `volumes.months` months before, of which there must be `at_least_months`;
    failing that, what is held for the month itself. Months of the file stand before those held. No usual, or
    a difference too small to matter, gives a share of 1.
    """
    if contract.grain == "snapshot":
        here: dict[date | None, int] = {None: typed.height}
        usual = {None: float(median(held.values())) if held else None}
    else:
        counted = typed.group_by(contract.period().alias("period")).len().drop_nulls().sort("period")
        here = dict(counted.iter_rows())
        usual = {month: _usual(month, {**held, **here}, held, contract) for month in here}
    least = contract.volumes.ignore_differences_under_rows
    rows = [(month, count, usual[month], _share(count, usual[month], least)) for month, count in here.items()]
    schema = {"period": pl.Date, "rows": pl.Int64, "usual": pl.Float64, SHARE: pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _usual(
    month: date, known: Mapping[date | None, int], held: Mapping[date, int], contract: Contract
) -> float | None:
    def months_before(other: date) -> int:
        return (month.year - other.year) * 12 + month.month - other.month

    before = [
        rows for other, rows in known.items() if other and 0 < months_before(other) <= contract.volumes.months
    ]
    if len(before) >= contract.volumes.at_least_months:
        return float(median(before))
    return float(held[month]) if month in held else None


def _share(rows: int, usual: float | None, least: int) -> float:
    if not usual or abs(rows - usual) < least:
        return 1.0
    return rows / usual


def _month(period: date | None) -> str:
    return f"{period:%B %Y}" if period else "the file"
