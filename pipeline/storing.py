"""Storing what the gate let through: records first, the submission last, so a killed load only repeats."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from pipeline.holdings import Holdings
from pipeline.sources import SOURCES, icb_mergers, ods_successions
from pipeline.sources.everyone import together
from pipeline.sources.place_regions import in_regions
from pipeline.sources.successions import follow
from warehouse import organisations, quarantine, records, submissions
from warehouse.home import Home

AfterPublished = Callable[[str, Sequence[date], datetime], None]
"""Told a published feed, its months that were just replaced, and when their file was received."""

_ROWS_AT_ONCE = 500_000
_FILES_AT_ONCE = 64


@dataclass(frozen=True)
class Taken:
    """One accepted file. `periods` is empty and `frame` has no period for a snapshot.

    `reasons` are told to whoever sent it and may quote a row; `kept_reasons` are stored and quote none.
    """

    file: str
    sha256: str
    feed: str
    contract_version: str
    periods: tuple[date, ...]
    frame: pl.DataFrame
    quarantined: pl.DataFrame
    findings: pl.DataFrame
    outcome: str
    reasons: tuple[str, ...]
    kept_reasons: tuple[str, ...]
    received_at: datetime
    companions: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    part: bool = False


class Store:
    """Puts accepted files away, small ones of one feed together: one commit for many months.

    `put` may keep a file waiting; `flush` after the last one. Each file still has its own submission, its own
    quarantine and its own call of `after_published`, and a month is never in two waiting files.
    """

    def __init__(self, home: Home, holdings: Holdings, after_published: AfterPublished | None) -> None:
        self._home = home
        self._holdings = holdings
        self._after_published = after_published
        self._waiting: list[Taken] = []
        self._named: dict[str, pl.DataFrame] = {}

    def put(self, taken: Taken) -> None:
        """Store a file, now or together with the next ones."""
        if self._waiting and not self._fits(taken):
            self.flush()
        self._waiting.append(taken)
        if not taken.periods or taken.frame.height >= _ROWS_AT_ONCE:
            self.flush()

    def waits(self, sha256: str, months: Collection[date]) -> bool:
        """Whether a file with this content, or with one of these months, is waiting."""
        return any(taken.sha256 == sha256 or set(taken.periods) & set(months) for taken in self._waiting)

    def flush(self) -> None:
        """Store all that waits."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        feed = waiting[0].feed
        months = [month for taken in waiting for month in taken.periods]
        self._holdings.begin(feed, months)
        for name in waiting[0].companions:
            records.replace_months(self._home, name, pl.concat([taken.companions[name] for taken in waiting]))
        if months:
            records.replace_months(self._home, feed, pl.concat([taken.frame for taken in waiting]))
        else:
            records.replace_all(self._home, feed, waiting[0].frame)
        if feed in SOURCES:
            organisations.write(self._home, self._named_by_published(feed), "published")
        elif feed == "organisations":
            organisations.write(self._home, waiting[0].frame, "local")
        for taken in waiting:
            if feed in (*SOURCES, icb_mergers.FEED) and self._after_published:
                self._after_published(feed, taken.periods, taken.received_at)
            self._holdings.note(feed, taken.periods, self._record(taken), taken.file, taken.part)

    def _named_by_published(self, changed: str) -> pl.DataFrame:
        """The organisations that all published feeds held name."""
        for feed, source in SOURCES.items():
            if feed == changed or feed not in self._named:
                held = records.scan(self._home, feed)
                if held is not None:
                    self._named[feed] = source.organisations(held.collect())
        named = together([self._named[feed] for feed in SOURCES if feed in self._named])
        lookups = [records.scan(self._home, feed) for feed in ("authority_places", "authority_regions")]
        tiers, of_regions = (None if held is None else held.collect() for held in lookups)
        if tiers is not None and of_regions is not None:
            named = in_regions(named, tiers, of_regions)
        listed = records.scan(self._home, ods_successions.FEED)
        return follow(named, None if listed is None else listed.collect())

    def _fits(self, taken: Taken) -> bool:
        """Whether the file can wait together with those that wait."""
        first = self._waiting[0]
        months = {month for waiting in self._waiting for month in waiting.periods}
        rows = taken.frame.height + sum(waiting.frame.height for waiting in self._waiting)
        return (
            taken.feed == first.feed
            and taken.companions.keys() == first.companions.keys()
            and taken.frame.schema == first.frame.schema
            and months.isdisjoint(taken.periods)
            and rows <= _ROWS_AT_ONCE
            and len(self._waiting) < _FILES_AT_ONCE
        )

    def _record(self, taken: Taken) -> int:
        # One transaction: a submission is not seen before its quarantined rows are.
        with self._home.writing():
            number = submissions.record(
                self._home,
                feed=taken.feed,
                file_name=taken.file,
                sha256=taken.sha256,
                rows=taken.frame.height + taken.quarantined.height,
                accepted=taken.frame.height,
                quarantined=taken.quarantined.height,
                outcome=taken.outcome,
                reasons=taken.kept_reasons,
                contract_version=taken.contract_version,
                periods=taken.periods,
                findings=taken.findings,
                received_at=taken.received_at,
            )
            quarantine.keep(self._home, number, taken.feed, taken.quarantined)
        return number
