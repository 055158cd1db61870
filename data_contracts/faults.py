"""Faults: what was found wrong, in which rows, and how it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from data_contracts.contract import Contract, Rule, Severity
from data_contracts.types import TypeFault
from data_contracts.verdicts import Judge, Verdict
from data_contracts.views import NOT_NULL

ROW = "row "  # no contract's column ends in a space


@dataclass(frozen=True)
class Fault:
    """One finding. `rows` are row positions from 0, or None where the fault is the file's.

    `row_reasons` gives each row its own reason, where the value is no longer in the row to be seen.
    `example` shows the first.
    """

    rule: str
    column: str | None
    severity: Severity
    reason: str
    rows: pl.Series | None = None
    file_rows: int = 0
    row_reasons: pl.Series | None = None
    example: str = ""

    @property
    def count(self) -> int:
        """How many rows it touches."""
        return self.file_rows if self.rows is None else self.rows.len()

    def sentence(self) -> str:
        """Say it to the supplier, with the first row it was found in."""
        return self._told(f"; {self.example}")

    def kept(self) -> str:
        """Say it without the row: what is stored and shown holds no value from a record."""
        return self._told("")

    def _told(self, example: str) -> str:
        if self.rows is None:
            return self.reason
        return f"{self.reason} ({self.count:,} {'row' if self.count == 1 else 'rows'}{example})"


def of_types(found: Sequence[TypeFault], numbers: pl.Series) -> list[Fault]:
    """Return a fault for each column with values that are not of its type."""
    return [
        Fault(
            rule="type",
            column=fault.column,
            severity="warning",
            reason=f"{fault.column} is not {fault.wanted}",
            rows=fault.rows,
            row_reasons=fault.reasons,
            example=f"row {numbers[fault.rows[0]]}: {fault.reasons[0]}",
        )
        for fault in found
    ]


def of_rules(
    typed: pl.DataFrame,
    contract: Contract,
    judge: Judge,
    parameters: Mapping[str, Any],
    numbers: pl.Series,
    uncastable: Sequence[TypeFault] = (),
) -> list[Fault]:
    """Return a fault for each rule that failed, and a note for each that could not be asked.

    A value that would not go to its type is told once, as that, and not again as missing.
    """
    rules = [rule for rule in contract.rules if rule.judged_on != "months"]
    faults = []
    for verdict in judge(typed, rules, parameters):
        if not verdict.held:
            fault = _of_rule(typed, verdict, numbers, uncastable)
            faults += [fault] if fault else []
    return faults + [
        Fault(rule.name, rule.columns[0], "info", f"not checked, as no codes are known yet: {rule.reason}")
        for rule in rules
        if not rule.parameters <= parameters.keys()
    ]


def reasons_by_row(faults: Sequence[Fault]) -> pl.DataFrame:
    """Return row (from 0), rule, reason: one row for each faulty row, in file order, joined by '; '."""
    told = [
        pl.DataFrame({ROW: fault.rows.cast(pl.UInt32)}).with_columns(
            pl.lit(fault.rule).alias("rule"),
            (pl.lit(fault.reason) if fault.row_reasons is None else fault.row_reasons).alias("reason"),
        )
        for fault in faults
        if fault.rows is not None
    ]
    if not told:
        return pl.DataFrame(schema={ROW: pl.UInt32, "rule": pl.String, "reason": pl.String})
    joined = pl.col("rule", "reason").str.join("; ")
    return pl.concat(told).group_by(ROW, maintain_order=True).agg(joined).sort(ROW)


def _of_rule(
    typed: pl.DataFrame, verdict: Verdict, numbers: pl.Series, uncastable: Sequence[TypeFault]
) -> Fault | None:
    rule = verdict.rule
    column = ", ".join(rule.columns)
    if rule.judged_on == "file":
        return Fault(rule.name, column, rule.severity, rule.reason, file_rows=typed.height)
    rows = verdict.rows.sort()
    if rule.expectation == NOT_NULL:
        for fault in uncastable:
            if fault.column == rule.columns[0]:
                rows = rows.filter(~rows.is_in(fault.rows.implode()))
    if rule.keep_first_exact_repeat:
        rows = _without_first_copies(typed, rows, rule)
    if rows.is_empty():
        return None
    example = f"row {numbers[rows[0]]}: {_shown(typed, rule, rows[0])}"
    return Fault(rule.name, column, rule.severity, rule.reason, rows, example=example)


def _without_first_copies(typed: pl.DataFrame, rows: pl.Series, rule: Rule) -> pl.Series:
    """Let back the first of rows alike in every column; rows that only share a key all stay out."""
    repeated = typed[rows].with_columns(rows.alias(ROW))
    versions = repeated.unique(subset=typed.columns, keep="first", maintain_order=True)
    alone = versions.filter(~versions.select(rule.columns).is_duplicated()).get_column(ROW)
    return rows.filter(~rows.is_in(alone.implode()))


def _shown(typed: pl.DataFrame, rule: Rule, row: int) -> str:
    """Show the values a rule read in one row."""
    values = ((name, typed.item(row, name)) for name in rule.columns)
    return ", ".join(f"{name} is {_quoted(value)}" for name, value in values)


def _quoted(value: object) -> str:
    return "missing" if value is None else f"'{str(value)[:60]}'"
