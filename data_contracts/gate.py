"""The gate: hold a file to its contract, before any of it is kept.

A fault of one row (severity `warning`) sets the row aside with the rule and the reason; a fault of the file
(`critical`, a wrong layout, an identifier, an implausible number of rows, too many rows set aside) refuses
the whole file; `info` is noted. Every row of a file that is not refused is either accepted or set aside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Literal

import polars as pl

from data_contracts.contract import Contract
from data_contracts.faults import ROW, Fault, of_rules, of_types, reasons_by_row
from data_contracts.identifiers import holding_nhs_numbers, named_like_identifiers
from data_contracts.recognise import describe
from data_contracts.types import to_types, unreadable
from data_contracts.volumes import of_volumes

Outcome = Literal["accepted", "accepted_with_quarantine", "refused"]

FINDINGS = pl.Schema(
    {"rule": pl.String, "column": pl.String, "severity": pl.String, "rows": pl.Int64, "reason": pl.String}
)
FIRST_MONTH = datetime(2000, 1, 1)  # noqa: DTZ001 - feeds are in local time


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

    accepted: the contract's columns and types. quarantined: the same, and row_number (Int64), rule and reason
    (several joined by '; '). findings: rule, column, severity, rows, reason. reasons: sentences for whoever
    sent it, with a row to look at; kept_reasons: the same without the row, fit to be stored and shown.
    A refused file has no accepted and no quarantined rows.
    """

    outcome: Outcome
    accepted: pl.DataFrame
    quarantined: pl.DataFrame
    findings: pl.DataFrame
    reasons: tuple[str, ...]
    kept_reasons: tuple[str, ...]


def prepare() -> None:
    """Load the validation engine now: it takes seconds, in which the first file can be read beside it."""
    import data_contracts.gate_engine  # noqa: F401


def hold(
    frame: pl.DataFrame, contract: Contract, context: GateContext, row_numbers: pl.Series | None = None
) -> GateResult:
    """Hold a frame to its contract. Text columns (as read from CSV) are brought to the contract's types.

    `row_numbers` are the rows' numbers as the sender sees them; without them rows count from 1.
    """
    if refusing := _layout(frame, contract) or _identifiers(frame, contract):
        return _refused(contract, refusing, refusing)
    from data_contracts.gate_engine import judge

    numbers = pl.int_range(1, frame.height + 1, eager=True) if row_numbers is None else row_numbers
    typed, uncastable = to_types(frame, contract)
    faults = [
        *of_types(uncastable, numbers),
        *of_rules(typed, contract, judge, parameters(context, typed), numbers, uncastable),
        *of_volumes(typed, contract, judge, context.usual_rows),
    ]
    if critical := [fault for fault in faults if fault.severity == "critical"]:
        return _refused(contract, faults, critical)
    return _parted(typed, contract, faults, numbers)


def parameters(context: GateContext, typed: pl.DataFrame) -> dict[str, Any]:
    """Fill in the suite parameters that contracts may name.

    end_of_today; months (the first days of months, 2000 to today); known_codes.<column>; in_this_file.code.
    """
    filled: dict[str, Any] = {
        "end_of_today": datetime.combine(context.today, time.max),
        "months": pl.datetime_range(FIRST_MONTH, context.today, "1mo", eager=True).to_list(),
    }
    filled |= {f"known_codes.{name}": sorted(codes) for name, codes in context.known_codes.items() if codes}
    if "code" in typed.columns:
        filled["in_this_file.code"] = typed["code"].drop_nulls().unique().to_list()
    return filled


def _layout(frame: pl.DataFrame, contract: Contract) -> list[Fault]:
    if named := named_like_identifiers(frame.columns, contract.names):
        return [Fault("no_identifiers", found.column, "critical", found.reason) for found in named]
    if differs := describe(frame.columns, contract):
        reason = f"the columns are not those of {contract.feed}: {differs}"
        return [Fault("layout", None, "critical", reason)]
    if odd := unreadable(frame):
        told = ", ".join(f"'{name}' ({frame.schema[name].base_type()})" for name in odd)
        return [Fault("layout", odd[0], "critical", f"columns must be text, numbers or dates: {told}")]
    if frame.is_empty():
        return [Fault("not_empty", None, "critical", "the file has column names but no rows")]
    return []


def _identifiers(frame: pl.DataFrame, contract: Contract) -> list[Fault]:
    found = holding_nhs_numbers(frame.select(contract.names))
    return [Fault("no_identifiers", one.column, "critical", one.reason) for one in found]


def _refused(contract: Contract, faults: Sequence[Fault], because: Sequence[Fault]) -> GateResult:
    return GateResult(
        outcome="refused",
        accepted=contract.empty(),
        quarantined=_set_aside(contract.empty(), [], pl.Series(dtype=pl.Int64)),
        findings=_findings(faults),
        reasons=tuple(fault.sentence() for fault in because),
        kept_reasons=tuple(fault.kept() for fault in because),
    )


def _parted(
    typed: pl.DataFrame, contract: Contract, faults: Sequence[Fault], numbers: pl.Series
) -> GateResult:
    """Part the rows into accepted and set aside; refuse the file when too many are set aside."""
    rows_at_fault = [fault for fault in faults if fault.severity == "warning" and fault.rows is not None]
    quarantined = _set_aside(typed, rows_at_fault, numbers)
    if quarantined.height > contract.max_quarantine_share * typed.height:
        reason = (
            f"{quarantined.height:,} of {typed.height:,} rows ({quarantined.height / typed.height:.1%}) "
            f"break a rule, and the contract allows {contract.max_quarantine_share:.0%}"
        )
        many = Fault("quarantine_share", None, "critical", reason, file_rows=quarantined.height)
        return _refused(contract, [many, *faults], [many, *rows_at_fault])
    aside = reasons_by_row(rows_at_fault)[ROW]
    accepted = typed if aside.is_empty() else typed.filter(~pl.int_range(pl.len()).is_in(aside.implode()))
    return GateResult(
        outcome="accepted_with_quarantine" if quarantined.height else "accepted",
        accepted=accepted,
        quarantined=quarantined,
        findings=_findings(faults),
        reasons=tuple(fault.sentence() for fault in rows_at_fault),
        kept_reasons=tuple(fault.kept() for fault in rows_at_fault),
    )


def _set_aside(typed: pl.DataFrame, faults: Sequence[Fault], numbers: pl.Series) -> pl.DataFrame:
    told = reasons_by_row(faults)
    return typed[told[ROW]].with_columns(
        numbers.gather(told[ROW]).cast(pl.Int64).alias("row_number"), told["rule"], told["reason"]
    )


def _findings(faults: Sequence[Fault]) -> pl.DataFrame:
    told = [(fault.rule, fault.column, fault.severity, fault.count, fault.reason) for fault in faults]
    return pl.DataFrame(told, schema=FINDINGS, orient="row")
