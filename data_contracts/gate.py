"""The gate: hold a file to its contract, before any of it is kept.

A fault of one row (severity `warning`) sets the row aside with the rule and the reason; a fault of the file
(`critical`, a wrong layout, an identifier, an implausible number of rows, too many rows set aside) refuses
the whole file; `info` is noted. Every row of a file that is not refused is either accepted or set aside.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

import polars as pl

from data_contracts import volumes
from data_contracts.contract import Contract
from data_contracts.faults import Fault, of_rules, of_types, reasons_by_row
from data_contracts.identifiers import holding_nhs_numbers, named_like_identifiers
from data_contracts.recognise import describe
from data_contracts.types import to_types

Outcome = Literal["accepted", "accepted_with_quarantine", "refused"]

FINDINGS = pl.Schema(
    {"rule": pl.String, "column": pl.String, "severity": pl.String, "rows": pl.Int64, "reason": pl.String}
)


@dataclass(frozen=True)
class GateContext:
    """What the gate must be told: today's date, the codes known for a column (a column that is absent or has
    none is not checked), and how many rows are held for each month (for a snapshot: under any one date).
    """

    today: date
    known_codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    usual_rows: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True)
class GateResult:
    """What became of a file.

    accepted: the contract's columns and types. quarantined: the same with row_number (from 1, in the file),
    rule and reason (several joined by '; '). findings: rule, column, severity, rows, reason. reasons: the
    sentences for the submission. A refused file has no accepted and no quarantined rows.
    """

    outcome: Outcome
    accepted: pl.DataFrame
    quarantined: pl.DataFrame
    findings: pl.DataFrame
    reasons: tuple[str, ...]


def hold(frame: pl.DataFrame, contract: Contract, context: GateContext) -> GateResult:
    """Hold a frame to its contract. Text columns (as read from CSV) are brought to the contract's types."""
    if layout := _layout(frame, contract):
        return _refused(contract, layout)
    typed, uncastable = to_types(frame, contract)
    hidden = [
        Fault("no_identifiers", found.column, "critical", found.reason, None)
        for found in holding_nhs_numbers(frame.select(contract.names))
    ]
    if hidden:
        return _refused(contract, hidden)
    faults = [
        *of_types(uncastable),
        *of_rules(typed, contract, parameters(context, typed), uncastable),
        *volumes.faults(typed, contract, context.usual_rows),
    ]
    critical = [fault for fault in faults if fault.severity == "critical"]
    if critical:
        return _refused(contract, faults, critical)
    return _part(typed, contract, faults)


def parameters(context: GateContext, typed: pl.DataFrame) -> dict[str, object]:
    """Fill in the suite parameters that contracts may name.

    end_of_today; months (the first days of months, 2000 to today); known_codes.<column>; in_this_file.<column>.
    """
    filled: dict[str, object] = {
        "end_of_today": datetime.combine(context.today, time.max),
        "months": pl.date_range(date(2000, 1, 1), context.today, "1mo", eager=True).to_list(),
    }
    for column, codes in context.known_codes.items():
        if codes:
            filled[f"known_codes.{column}"] = sorted(codes)
    if "code" in typed.columns:
        filled["in_this_file.code"] = typed["code"].drop_nulls().unique().sort().to_list()
    return filled


def _layout(frame: pl.DataFrame, contract: Contract) -> list[Fault]:
    named = named_like_identifiers(frame.columns, contract.names)
    if named:
        return [Fault("no_identifiers", found.column, "critical", found.reason, None) for found in named]
    if differs := describe(frame.columns, contract):
        reason = f"the columns are not those of {contract.feed}: {differs}"
        return [Fault("layout", None, "critical", reason, None)]
    if frame.is_empty():
        return [Fault("not_empty", None, "critical", "the file has a header but no rows", None)]
    return []


def _refused(contract: Contract, faults: list[Fault], because: list[Fault] | None = None) -> GateResult:
    return GateResult(
        "refused",
        contract.empty(),
        _quarantine_of(contract.empty(), []),
        _findings(faults),
        tuple(fault.sentence() for fault in (because or faults)),
    )


def _part(typed: pl.DataFrame, contract: Contract, faults: list[Fault]) -> GateResult:
    """Part the rows into accepted and quarantined; refuse the file when too few are left."""
    setting_aside = [fault for fault in faults if fault.severity == "warning" and fault.rows is not None]
    quarantined = _quarantine_of(typed, setting_aside)
    share = quarantined.height / typed.height
    if share > contract.max_quarantine_share:
        reason = (
            f"{quarantined.height:,} of {typed.height:,} rows ({share:.1%}) break a rule, and the contract "
            f"allows {contract.max_quarantine_share:.0%}"
        )
        many = Fault("quarantine_share", None, "critical", reason, None)
        return _refused(contract, [many, *faults], [many, *setting_aside])
    aside = quarantined.get_column("row_number") - 1
    accepted = typed if aside.is_empty() else typed.filter(~pl.int_range(pl.len()).is_in(aside.implode()))
    return GateResult(
        "accepted_with_quarantine" if quarantined.height else "accepted",
        accepted,
        quarantined,
        _findings(faults),
        tuple(fault.sentence() for fault in setting_aside),
    )


def _quarantine_of(typed: pl.DataFrame, faults: list[Fault]) -> pl.DataFrame:
    told = reasons_by_row(faults)
    rows = typed[told.get_column("row")] if told.height else typed.clear()
    return rows.with_columns(
        (told.get_column("row").cast(pl.Int64) + 1).alias("row_number"),
        told.get_column("rule"),
        told.get_column("reason"),
    )


def _findings(faults: list[Fault]) -> pl.DataFrame:
    told = [(f.rule, f.column, f.severity, f.count, f.reason) for f in faults]
    return pl.DataFrame(told, schema=FINDINGS, orient="row")
