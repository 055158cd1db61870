"""Holding what was read to its contract, with what the gate must know: the codes, and the usual rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from threading import Thread

import polars as pl

from data_contracts import gate
from data_contracts.contract import Contract
from data_contracts.gate import GateContext, GateResult, hold
from warehouse import records
from warehouse.home import Home

# The columns of codes that the feed `organisations` knows, and the level they belong to.
_CODES = {
    "practice_code": "practice",
    "neighbourhood_code": "neighbourhood",
    "provider_code": "provider",
    "ambulance_service_code": "ambulance_service",
}


class Judge:
    """Holds files to their contracts, each judged by those accepted before it."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._today = datetime.now(UTC).date()
        self._usual: dict[str, dict[date, int]] = {}
        self._codes: dict[str, frozenset[str]] | None = None
        self._preparing: Thread | None = None

    def prepare(self) -> None:
        """Load the validation engine beside whatever is done next; once, however often it is asked."""
        if self._preparing is None:
            self._preparing = Thread(target=gate.prepare)
            self._preparing.start()

    def one(self, frame: pl.DataFrame, contract: Contract, parts: Collection[date] | None = ()) -> GateResult:
        """What the gate says of one file. Of the months in `parts` only some rows are held: they tell nothing
        of how many are usual. None: the file is itself a part.
        """
        return hold(frame, contract, self._context(contract, parts))

    def many(
        self, frames: Sequence[pl.DataFrame], contract: Contract, parts: Collection[date] | None = ()
    ) -> list[GateResult]:
        """What the gate says of files of one feed, each of other months than the rest; `parts` as in `one`.

        They are judged together, because the engine's fixed cost is more than that of a small file's rows.
        Where anything at all is found, each is judged alone, so that what was found is told of its own file.
        """
        if len(frames) > 1:
            together = self.one(pl.concat(frames), contract, parts)
            if together.outcome == "accepted" and together.findings.is_empty():
                ends = [0, *pl.Series([frame.height for frame in frames]).cum_sum()]
                parts = zip(ends, frames, strict=False)
                return [
                    GateResult(
                        "accepted",
                        together.accepted.slice(start, frame.height),
                        together.quarantined,
                        together.findings,
                        (),
                        (),
                    )
                    for start, frame in parts
                ]
        results = []
        for frame in frames:
            result = self.one(frame, contract, parts)
            if result.outcome != "refused" and contract.grain == "month":
                self.remember(contract, result.accepted.with_columns(contract.period().alias("period")))
            results.append(result)
        return results

    def remember(self, contract: Contract, accepted: pl.DataFrame) -> None:
        """Judge the next files by this one too; a month's frame has its `period`."""
        if contract.feed == "organisations":
            self._codes = None
        if contract.grain == "snapshot":
            self._usual[contract.feed] = {self._today: accepted.height}
        else:
            self._held(contract).update(accepted.group_by("period").len().iter_rows())

    def _context(self, contract: Contract, parts: Collection[date] | None) -> GateContext:
        if self._codes is None:
            self._codes = self._known_codes(_CODES)
        held = {} if parts is None else self._held(contract)
        usual = {month: rows for month, rows in held.items() if month not in (parts or ())}
        return GateContext(self._today, self._codes, usual)

    def _held(self, contract: Contract) -> dict[date, int]:
        feed = contract.feed
        if feed not in self._usual:
            self._usual[feed] = records.rows_by_period(self._home, feed)
            if contract.grain == "snapshot" and (rows := records.rows(self._home, feed)):
                self._usual[feed] = {self._today: rows}
        return self._usual[feed]

    def _known_codes(self, columns: Collection[str]) -> dict[str, frozenset[str]]:
        held = records.scan(self._home, "organisations")
        if held is None:
            return {}
        known = held.select("code", "level").unique().collect()
        return {
            column: frozenset(known.filter(pl.col("level") == _CODES[column])["code"]) for column in columns
        }
