"""Loading files: each is examined, told apart, held to its contract, and stored or refused with reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from data_contracts.contract import feeds
from pipeline.arrivals import arrive
from pipeline.intake import ALREADY_LOADED, EARLIER_ISSUE, PART_HELD, Intake, LoadReport
from pipeline.loading_order import in_turn
from pipeline.reading import LIMITS, Limits
from pipeline.storing import AfterPublished
from warehouse.home import Home

__all__ = ["ALREADY_LOADED", "EARLIER_ISSUE", "PART_HELD", "LoadReport", "Progress", "load_files"]

Progress = Callable[[str, int, int], None]
"""Told the file at hand, how many are done and how many there are."""


def load_files(
    home: Home,
    paths: Iterable[str | Path],
    feed: str | None = None,
    progress: Progress | None = None,
    received_at: datetime | None = None,
    after_published: AfterPublished | None = None,
    limits: Limits = LIMITS,
    earlier_issues: bool = False,
) -> list[LoadReport]:
    """Load files; one report for each (a workbook: for each feed in it), in the order given.

    Organisations are loaded before what names them; within a feed earlier issues before later ones, and where
    a later one is held already they are left out unless `earlier_issues`.

    A refused file changes nothing but leaves a submission with its reasons. Raises ValueError where `feed` is
    not a feed; WarehouseError, or whatever went wrong, where the failure is ours: files recorded until then
    stay loaded, and loading the same files again finishes the rest.
    """
    if feed is not None and feed not in feeds():
        raise ValueError(f"there is no feed '{feed}'; the feeds are {', '.join(feeds())}")
    arrivals = [arrival for path in paths for arrival in arrive(Path(path), feed, limits)]
    intake = Intake(home, received_at, after_published, limits, earlier_issues)
    order = in_turn(arrivals)
    known = [intake.known(arrivals[at]) for at in order]
    for done, at in enumerate(order):
        if progress:
            progress(arrivals[at].path.name, done, len(order))
        intake.take(at, arrivals[at], {one.submission_id for one in known[done + 1 :] if one})
    intake.finish()
    if progress:
        progress("done", len(order), len(order))
    return [intake.reports[at] for at in range(len(arrivals))]
