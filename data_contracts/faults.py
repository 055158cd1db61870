"""Faults: what was found wrong, in which rows, and how it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from data_contracts.contract import Contract, Rule, Severity
from data_contracts.gate_engine import Verdict, judge, parameters_of
from data_contracts.types import TypeFault
from data_contracts.views import NOT_NULL


@dataclass(frozen=True)
class Fault:
    """One finding. `rows` are row numbers from 0, or None where the fault is the file's.

    `row_reasons` gives each row its own reason, where the value is no longer in the row to be seen.
    """

    rule: str
    column: str | None
    severity: Severity
    reason: str
    rows: pl.Series | None
    file_rows: int = 0
    row_reasons: pl.Series | None = None
    example: str = ""

    @property
    def count(self) -> int:
        """How many rows it touches."""
        return self.file_rows if self.rows is None else self.rows.len()

    def sentence(self) -> str:
        """Say it to the supplier, with the first row it was found in."""
        if self.rows is None:
            return self.reason
        many = "1 row" if self.count == 1 else f"{self.count:,} rows"
        return f"{self.reason} ({many}; {self.example})"


def of_types(found: Sequence[TypeFault]) -> list[Fault]:
    """Return a fault for each column with values that are not of its type."""
    return [
        Fault(
            "type",
            fault.column,
            "warning",
            f"{fault.column} holds values that are not {fault.wanted}",
            fault.rows,
            row_reasons=fault.reasons,
            example=f"row {fault.rows[0] + 1}: {fault.reasons[0]}",
        )
        for fault in found
    ]


def of_rules(
    typed: pl.DataFrame, contract: Contract, parameters: Mapping[str, object], uncastable: Sequence[TypeFault]
) -> list[Fault]:
    """Return a fault for each rule that failed, and a note for each that could not be asked."""
    rules = [rule for rule in contract.rules if rule.judged_on != "months"]
    faults = []
    for verdict in judge(typed, rules, parameters):
        if not verdict.held:
            faults += _of_rule(typed, verdict, uncastable)
    unasked = [rule for rule in rules if not parameters_of(rule) <= parameters.keys()]
    return faults + [
        Fault(
            rule.name, rule.columns[0], "info", f"not checked ({rule.reason}): no codes are known yet", None
        )
        for rule in unasked
    ]


def reasons_by_row(faults: Sequence[Fault]) -> pl.DataFrame:
    """Return row, rule, reason: one row for each faulty row, in file order, several joined by '; '."""
    schema = {"row": pl.UInt32, "rule": pl.String, "reason": pl.String}
    told = [
        pl.DataFrame({"row": fault.rows.cast(pl.UInt32)}).with_columns(
            pl.lit(fault.rule).alias("rule"),
            (pl.lit(fault.reason) if fault.row_reasons is None else fault.row_reasons).alias("reason"),
        )
        for fault in faults
        if fault.rows is not None
    ]
    if not told:
        return pl.DataFrame(schema=schema)
    joined = pl.col("rule", "reason").str.join("; ")
    return pl.concat(told).group_by("row", maintain_order=True).agg(joined).sort("row")


def _of_rule(typed: pl.DataFrame, verdict: Verdict, uncastable: Sequence[TypeFault]) -> list[Fault]:
    rule = verdict.rule
    column = ", ".join(rule.columns)
    if rule.judged_on == "file":
        return [Fault(rule.name, column, rule.severity, rule.reason, None, typed.height)]
    rows = verdict.rows.sort()
    if rule.expectation == NOT_NULL:
        # A value that would not go to its type is told once, as that.
        for fault in uncastable:
            if fault.column == rule.columns[0]:
                rows = rows.filter(~rows.is_in(fault.rows.implode()))
    if rule.keep_first_exact_repeat:
        rows = _without_first_copies(typed, rows, rule)
    if rows.is_empty():
        return []
    return [
        Fault(rule.name, column, rule.severity, rule.reason, rows, example=examples(typed, rule, rows[0]))
    ]


def _without_first_copies(typed: pl.DataFrame, rows: pl.Series, rule: Rule) -> pl.Series:
    """Let back the first of rows that are alike in every column; rows that share only a key all stay out."""
    repeated = typed[rows].with_columns(rows.alias("row "))
    versions = repeated.unique(subset=typed.columns, keep="first", maintain_order=True)
    alone = versions.filter(~versions.select(rule.columns).is_duplicated()).get_column("row ")
    return rows.filter(~rows.is_in(alone.implode()))


def examples(typed: pl.DataFrame, rule: Rule, row: int) -> str:
    """Show one failing row: its number in the file and the values the rule read."""
    values = (f"{name} is {_shown(typed.item(row, name))}" for name in rule.columns)
    return f"row {row + 1}: {', '.join(values)}"


def _shown(value: object) -> str:
    return "missing" if value is None else f"'{str(value)[:60]}'"
