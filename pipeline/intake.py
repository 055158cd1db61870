"""The way of one command's files from reading through the gate to the store, and what became of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl

from data_contracts.contract import Contract, load_contract
from data_contracts.gate import FINDINGS, GateResult
from pipeline.arrivals import Arrival, Turned
from pipeline.holdings import Holdings, Known
from pipeline.judging import Judge
from pipeline.loading_order import later_issue, later_list
from pipeline.reading import Limits, RefusedFile
from pipeline.sources.published import Published
from pipeline.storing import AfterPublished, Store, Taken
from warehouse import records, submissions
from warehouse.home import Home

ALREADY_LOADED = "already loaded"
EARLIER_ISSUE = "earlier issue"
PART_HELD = "part of what is held"
_JUDGED_TOGETHER = 64
_UNCHECKED = "codes of organisations were not checked, because no organisations are loaded yet"


@dataclass(frozen=True)
class LoadReport:
    """What became of one file. Rows are the feed's: for a published file, those of its tidy frame.

    outcome: accepted, accepted_with_quarantine, refused, already loaded, earlier issue, part of what is held.
    """

    file: str
    feed: str | None
    periods: tuple[date, ...]
    rows: int
    accepted: int
    quarantined: int
    outcome: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Read:
    """A file whose rows were read: its place in the command, its rows, and when it came."""

    at: int
    arrival: Arrival
    frame: pl.DataFrame
    published: Published | None
    received_at: datetime


class Intake:
    """Takes one command's files in; `finish` after the last one, then `reports` has each by its place."""

    def __init__(
        self,
        home: Home,
        received_at: datetime | None,
        after_published: AfterPublished | None,
        limits: Limits,
        earlier_issues: bool = False,
    ) -> None:
        self.reports: dict[int, LoadReport] = {}
        self._home = home
        self._limits = limits
        self._earlier_issues = earlier_issues
        self._holdings = Holdings(home)
        self._judge = Judge(home)
        self._store = Store(home, self._holdings, after_published)
        self._received_at = received_at
        self._latest: datetime | None = None
        self._unjudged: list[_Read] = []

    def known(self, arrival: Arrival | Turned) -> Known | None:
        """The submission that accepted this very content before, if any."""
        return self._holdings.known(arrival.sha256, arrival.feed) if isinstance(arrival, Arrival) else None

    def take(self, at: int, arrival: Arrival | Turned, later: Collection[int] = ()) -> None:
        """Take one file in, or refuse it; a published file may wait for others of its feed.

        `later` are the submissions that accepted, before now, the content of files still to come.
        """
        received_at = self._moment()
        if isinstance(arrival, Turned):
            self._refuse(at, arrival.path, None, arrival.sha256, received_at, arrival.reasons)
            return
        known = self.known(arrival)
        if self._waits(arrival.sha256, known.months if known else ()):
            self.finish()
            known = self.known(arrival)
        if known and self._holdings.rest_on(known, later):
            self.reports[at] = LoadReport(
                arrival.path.name, arrival.feed, known.months, 0, 0, 0, ALREADY_LOADED, ()
            )
            return
        self._judge.prepare()
        try:
            content = arrival.read(self._limits)
        except RefusedFile as error:
            self._refuse(at, arrival.path, arrival.feed, arrival.sha256, received_at, error.reasons)
            return
        published = content if isinstance(content, Published) else None
        if published and (later_file := self._later_issue(arrival, published)):
            name = arrival.path.name
            why = f"{name}: by its name an earlier issue than {later_file}, which is held."
            self.reports[at] = LoadReport(
                name, arrival.feed, published.periods, 0, 0, 0, EARLIER_ISSUE, (why,)
            )
            return
        if published and (why := self._later_list(published)):
            name = arrival.path.name
            why = f"{name}: {why}. Nothing of it was stored; with --earlier-issues it takes that one's place."
            self.reports[at] = LoadReport(name, arrival.feed, (), 0, 0, 0, EARLIER_ISSUE, (why,))
            return
        if published and published.part:
            self.finish()
            held = self._holdings.files(arrival.feed)
            if whole := [held[month] for month in published.periods if month in held]:
                name = arrival.path.name
                why = f"{name}: a part of what is held whole, from {whole[0]}. Nothing of it was stored."
                self.reports[at] = LoadReport(
                    name, arrival.feed, published.periods, 0, 0, 0, PART_HELD, (why,)
                )
                return
        frame = content.frame if isinstance(content, Published) else content
        read = _Read(at, arrival, frame, published, received_at)
        if not self._fits(read):
            self._admit()
        self._unjudged.append(read)
        if published is None:
            self._admit()
        elif published.part:
            self.finish()

    def finish(self) -> None:
        """Judge and store all that waits."""
        self._admit()
        self._store.flush()

    def _later_issue(self, arrival: Arrival, published: Published) -> str | None:
        """The later issue that the file's months rest on, unless earlier ones are wanted."""
        if self._earlier_issues:
            return None
        return later_issue(arrival.path.name, published.periods, self._holdings.files(arrival.feed))

    def _later_list(self, published: Published) -> str | None:
        """Why the list held, which has no month, is later, unless earlier ones are wanted."""
        if self._earlier_issues or published.periods:
            return None
        self.finish()
        held = records.scan(self._home, published.feed)
        return later_list(published.feed, published.frame, None if held is None else held.collect())

    def _waits(self, sha256: str, months: Sequence[date]) -> bool:
        """Whether a file with this content, or with one of these months, waits to be judged or stored."""
        unjudged = any(
            read.arrival.sha256 == sha256 or (read.published and set(months) & set(read.published.periods))
            for read in self._unjudged
        )
        return unjudged or self._store.waits(sha256, months)

    def _fits(self, read: _Read) -> bool:
        """Whether a published file can be judged together with those that wait."""
        waiting = [one.published for one in self._unjudged if one.published]
        return (
            read.published is not None
            and not read.published.part
            and len(waiting) < _JUDGED_TOGETHER
            and all(one.feed == read.published.feed for one in waiting)
            and {month for one in waiting for month in one.periods}.isdisjoint(read.published.periods)
        )

    def _admit(self) -> None:
        """Hold the files that wait to their contract; store or refuse each."""
        reads, self._unjudged = self._unjudged, []
        if not reads:
            return
        contract = load_contract(reads[0].arrival.feed)
        part = reads[0].published is not None and reads[0].published.part
        parts = None if part else self._holdings.parts(contract.feed)
        results = self._judge.many([read.frame for read in reads], contract, parts)
        for read, result in zip(reads, results, strict=True):
            # A published file is whole or nothing: a row set aside would be missing from England's sum.
            if result.outcome == "refused" or (read.published and result.quarantined.height):
                name = read.arrival.path.name
                reasons = [_sentence(name, reason) for reason in result.reasons]
                kept = [_sentence(name, reason) for reason in result.kept_reasons]
                self._refuse(
                    read.at, read.arrival.path, contract.feed, read.arrival.sha256, read.received_at, reasons,
                    read.frame.height, contract.version, result.findings, kept,
                )  # fmt: skip
                continue
            taken = _taken(read, contract, result)
            self._judge.remember(contract, taken.frame)
            self._store.put(taken)
            rows = (read.frame.height, taken.frame.height, taken.quarantined.height)
            self.reports[read.at] = LoadReport(
                taken.file, taken.feed, taken.periods, *rows, taken.outcome, taken.reasons
            )

    def _refuse(
        self,
        at: int,
        path: Path,
        feed: str | None,
        sha256: str,
        received_at: datetime,
        reasons: Sequence[str],
        rows: int = 0,
        contract_version: str | None = None,
        findings: pl.DataFrame | None = None,
        kept_reasons: Sequence[str] | None = None,
    ) -> None:
        self.reports[at] = LoadReport(path.name, feed, (), rows, 0, 0, submissions.REFUSED, tuple(reasons))
        # What is not a file was never sent: it is reported, but is no submission.
        if sha256 or _is_file(path):
            submissions.record(
                self._home,
                feed=feed,
                file_name=path.name,
                sha256=sha256,
                rows=rows,
                accepted=0,
                quarantined=0,
                outcome=submissions.REFUSED,
                reasons=reasons if kept_reasons is None else kept_reasons,
                contract_version=contract_version,
                findings=findings,
                received_at=received_at,
            )

    def _moment(self) -> datetime:
        """When the file at hand came: after the one before, for its observations are known from then."""
        moment = self._received_at or datetime.now(UTC)
        if self._latest is not None and moment <= self._latest:
            moment = self._latest + timedelta(microseconds=1)
        self._latest = moment
        return moment


def _taken(read: _Read, contract: Contract, result: GateResult) -> Taken:
    """The accepted file as it is stored: its rows with their period, and all that was said of it."""
    frame, periods = result.accepted, ()
    if contract.grain == "month":
        frame = frame.with_columns(contract.period().alias("period"))
        periods = tuple(frame["period"].unique().sort())
    notices = read.published.notices if read.published else ()
    warnings = [notice.reason for notice in notices if notice.severity == "warning"]
    if result.findings["reason"].str.contains("no codes are known yet", literal=True).any():
        warnings.append(_UNCHECKED)
    noticed = [(one.rule, one.column, one.severity, one.rows, one.reason) for one in notices]
    name, notes = read.arrival.path.name, read.arrival.examined.notes
    return Taken(
        file=name,
        sha256=read.arrival.sha256,
        feed=contract.feed,
        contract_version=contract.version,
        periods=periods,
        frame=frame,
        quarantined=result.quarantined,
        findings=pl.concat([result.findings, pl.DataFrame(noticed, schema=FINDINGS, orient="row")]),
        outcome=result.outcome,
        reasons=tuple(_sentence(name, reason) for reason in (*notes, *result.reasons, *warnings)),
        kept_reasons=tuple(_sentence(name, reason) for reason in (*notes, *result.kept_reasons, *warnings)),
        received_at=read.received_at,
        companions=read.published.companions if read.published else {},
        part=read.published is not None and read.published.part,
    )


def _sentence(name: str, reason: str) -> str:
    """The reason as a sentence that names the file."""
    whole = reason if reason.startswith(name) else f"{name}: {reason}"
    return whole if whole.endswith(".") else f"{whole}."


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
