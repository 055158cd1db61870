"""Looking at files before anything is stored: what each is, what is wrong with it, what it would replace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from data_contracts.contract import Contract, load_contract
from data_contracts.gate import GateResult
from pipeline.arrivals import Arrival, Turned, arrive
from pipeline.judging import Judge
from pipeline.reading import LIMITS, Limits, RefusedFile
from pipeline.sources.published import Published
from warehouse import records, submissions
from warehouse.home import Home

EXAMPLES = 3
"""Rows shown for each rule that was broken: enough to recognise the fault, few enough to read."""

PERSONAL = frozenset({"person_id", "lsoa_code", "age", "sex", "ethnic_group"})
"""Columns about the person, which are never shown: of a row at fault, its number says where to look."""


@dataclass(frozen=True)
class Checked:
    """What would become of one file. Nothing was stored.

    `faults` has one row for each rule broken: rule, column, severity, rows, reason and `examples`, the first
    few rows' numbers with the values the rule reads (none about a person, nor a record's own key). `reasons`
    are for whoever sent the file and may quote a row; `kept_reasons` are fit for a page.
    `replaces` are the months of the file that are held already.
    """

    file: str
    sha256: str
    feed: str | None
    title: str | None
    periods: tuple[date, ...]
    rows: int
    accepted: int
    quarantined: int
    outcome: str
    reasons: tuple[str, ...]
    kept_reasons: tuple[str, ...]
    faults: tuple[dict[str, Any], ...]
    replaces: tuple[date, ...]
    loaded_before: bool


def check_files(
    home: Home, paths: Iterable[str | Path], feed: str | None = None, limits: Limits = LIMITS
) -> list[Checked]:
    """Hold files to their contracts and say what would become of each; nothing is stored.

    One row for each feed a file holds (a workbook may hold several). Each is judged by what is held now, not
    by the files beside it.
    """
    arrivals = [one for path in paths for one in arrive(Path(path), feed, limits)]
    return [_check(home, one, limits) for one in arrivals]


def _check(home: Home, arrival: Arrival | Turned, limits: Limits) -> Checked:
    if isinstance(arrival, Turned):
        return _refused(arrival.path.name, arrival.sha256, None, arrival.reasons)
    try:
        content = arrival.read(limits)
    except RefusedFile as error:
        return _refused(arrival.path.name, arrival.sha256, arrival.feed, error.reasons)
    frame = content.frame if isinstance(content, Published) else content
    contract = load_contract(content.feed if isinstance(content, Published) else arrival.feed)
    result = Judge(home).one(frame, contract)
    outcome = result.outcome
    if isinstance(content, Published) and result.quarantined.height:
        outcome = submissions.REFUSED  # a published file is whole or nothing
    periods = _periods(contract, result.accepted if outcome != submissions.REFUSED else frame)
    held = records.rows_by_period(home, contract.feed)
    before = submissions.find_by_hash(home, arrival.sha256)
    refused = outcome == submissions.REFUSED
    return Checked(
        file=arrival.path.name,
        sha256=arrival.sha256,
        feed=contract.feed,
        title=contract.title,
        periods=periods,
        rows=frame.height,
        accepted=0 if refused else result.accepted.height,
        quarantined=0 if refused else result.quarantined.height,
        outcome=outcome,
        reasons=result.reasons,
        kept_reasons=result.kept_reasons,
        faults=(*_faults(contract, result), *_noticed(content)),
        replaces=tuple(month for month in periods if month in held),
        loaded_before=before is not None and before["outcome"] != submissions.REFUSED,
    )


def _refused(file: str, sha256: str, feed: str | None, reasons: Sequence[str]) -> Checked:
    title = load_contract(feed).title if feed else None
    return Checked(
        file,
        sha256,
        feed,
        title,
        (),
        0,
        0,
        0,
        submissions.REFUSED,
        tuple(reasons),
        tuple(reasons),
        (),
        (),
        False,
    )


def _periods(contract: Contract, frame: pl.DataFrame) -> tuple[date, ...]:
    if contract.grain != "month" or not set(contract.period_columns) <= set(frame.columns):
        return ()
    if any(frame.schema[name] == pl.String for name in contract.period_columns):
        return ()  # text of a refused file: its months are not known to be months
    return tuple(frame.select(contract.period()).to_series().drop_nulls().unique().sort())


def _faults(contract: Contract, result: GateResult) -> Iterable[dict[str, Any]]:
    """Each rule that was broken, with a few of the rows it set aside."""
    read = {rule.name: rule.columns for rule in contract.rules}
    hidden = PERSONAL | set(contract.key)
    for found in result.findings.iter_rows(named=True):
        columns = read.get(found["rule"]) or tuple(filter(None, [found["column"]]))
        shown = [name for name in columns if name in contract.names and name not in hidden]
        mine = result.quarantined.filter(pl.col("rule").str.split("; ").list.contains(found["rule"])).head(
            EXAMPLES
        )
        yield {**found, "examples": mine.select("row_number", *shown).to_dicts()}


def _noticed(content: pl.DataFrame | Published) -> Iterable[dict[str, Any]]:
    """What the adapter of a published file noticed on its way."""
    for one in content.notices if isinstance(content, Published) else ():
        yield {
            "rule": one.rule,
            "column": one.column,
            "severity": one.severity,
            "rows": one.rows,
            "reason": one.reason,
            "examples": [],
        }
