"""What is held already: which submission each month rests on, and whether a file's content is still it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import polars as pl

from warehouse import freshness, submissions
from warehouse.home import Home

PART = "part_of_a_file"
"""The finding that says of a submission that it is a part of a published file."""

Month = tuple[str, date | None]
"""A feed and a month; a snapshot feed's month is None."""


@dataclass(frozen=True)
class Known:
    """A submission that accepted a file's content, and the months it brought (none: a snapshot)."""

    submission_id: int
    feed: str
    months: tuple[date, ...]


class Holdings:
    """The submission that each feed's months rest on, kept up to date as files are taken in.

    A file is already loaded when every month it brought still rests on it, or on a file that comes later in
    the same command (both issues of a month, given together twice, end as they did). After a correction the
    first file, sent again alone, is a return to it, and is loaded.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        taken = submissions.read(home).filter(pl.col("outcome") != submissions.REFUSED).sort("id")
        self._snapshots = dict(taken.filter(pl.col("feed").is_not_null()).select("feed", "id").iter_rows())
        self._files = dict(taken.select("id", "file_name").iter_rows())
        months = freshness.months(home).select("feed", "period", "submission_id")
        self._months = {(feed, period): number for feed, period, number in months.iter_rows()}
        found = submissions.findings(home).filter(pl.col("rule") == PART)
        self._parts = set(found["submission_id"])
        self._unfinished = Unfinished(home)

    def known(self, sha256: str, feed: str) -> Known | None:
        """The newest submission of the feed that accepted this content; None when it is new."""
        found = submissions.find_by_hash(self._home, sha256, feed)
        if found is None or found["outcome"] == submissions.REFUSED:
            return None
        return Known(found["id"], feed, tuple(submissions.periods_of(self._home, found["id"])))

    def rest_on(self, known: Known, later: Collection[int]) -> bool:
        """Whether all it brought rests on it still, or on one of the submissions that come `later`."""
        holders = [self._months.get((known.feed, month)) for month in known.months]
        if not known.months:
            holders = [self._snapshots.get(known.feed)]
        doubtful = self._unfinished.months & {(known.feed, month) for month in (*known.months, None)}
        return set(holders) <= {known.submission_id, *later} and not doubtful

    def files(self, feed: str) -> dict[date, str]:
        """The name of the whole file that each month of a feed rests on, where it rests on one."""
        return {
            month: self._files.get(number, "")
            for month, number in self._of(feed).items()
            if number not in self._parts
        }

    def parts(self, feed: str) -> set[date]:
        """The months of a feed that rest on a part of a published file."""
        return {month for month, number in self._of(feed).items() if number in self._parts}

    def _of(self, feed: str) -> dict[date, int]:
        return {month: number for (name, month), number in self._months.items() if name == feed and month}

    def begin(self, feed: str, months: Collection[date]) -> None:
        """Say that the records of these months are about to be replaced."""
        self._unfinished.add({(feed, month) for month in months} or {(feed, None)})

    def note(
        self, feed: str, months: Collection[date], submission_id: int, file_name: str, part: bool = False
    ) -> None:
        """Say that these months (none: the snapshot) rest on a recorded submission, which may be a part."""
        self._parts |= {submission_id} if part else set()
        self._snapshots[feed] = submission_id
        self._files[submission_id] = file_name
        self._months.update({(feed, month): submission_id for month in months})
        self._unfinished.remove({(feed, month) for month in months} or {(feed, None)})


class Unfinished:
    """Months whose records were replaced by a file that is not yet recorded, remembered on disk.

    A process killed between the two leaves them here, so that no earlier file passes for what is held.
    """

    def __init__(self, home: Home) -> None:
        self._path = home.path / "loading.json"
        self.months: frozenset[Month] = frozenset()
        if self._path.exists():
            written = json.loads(self._path.read_text(encoding="utf-8"))
            self.months = frozenset((feed, date.fromisoformat(day) if day else None) for feed, day in written)

    def add(self, months: Collection[Month]) -> None:
        """Remember these months."""
        self._write(self.months | set(months))

    def remove(self, months: Collection[Month]) -> None:
        """Forget these months: they are recorded."""
        self._write(self.months - set(months))

    def _write(self, months: frozenset[Month]) -> None:
        self.months = months
        if not months:
            self._path.unlink(missing_ok=True)
            return
        rows = sorted([feed, month.isoformat() if month else ""] for feed, month in months)
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(rows), encoding="utf-8")
        beside.replace(self._path)
