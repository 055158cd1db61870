"""In which order one command's files are taken in, and when an earlier issue of a month is left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import polars as pl

from data_contracts.contract import load_contract
from pipeline.arrivals import Arrival, Turned
from pipeline.issue_names import issue
from pipeline.sources import ods_trusts


def in_turn(arrivals: Sequence[Arrival | Turned]) -> list[int]:
    """The places of `arrivals` in the order to take them: reference tables first, then feed by feed.

    What says which organisation is part of which must be there before figures are rolled up.

    Within a feed the earlier issues come first (docs/decisions/0033), and of one issue a workbook before the
    text; otherwise the order given stands.
    """

    def turn(at: int) -> tuple[object, ...]:
        one = arrivals[at]
        if isinstance(one, Turned):
            return one.rank, False, "", (False, date.min), False
        monthly = load_contract(one.feed).grain == "month"
        return one.rank, monthly, one.feed, issue(one.path.name).turn, one.examined.kind == "text"

    return sorted(range(len(arrivals)), key=turn)


def later_issue(name: str, months: Collection[date], held: Mapping[date, str]) -> str | None:
    """The file that all `months` rest on by now where names say that it is a later issue than `name`.

    `held` is the file's name by month. None where any month is new, or rests on an issue not surely later.
    """
    mine = issue(name)
    holders = [held.get(month) for month in sorted(months)]
    if not holders or not all(holder and mine.surely_before(issue(holder)) for holder in holders):
        return None
    return holders[-1]


def later_list(feed: str, frame: pl.DataFrame, held: pl.DataFrame | None) -> str | None:
    """Why the list of trusts that is held is later than `frame`; None where it is not, or of another feed.

    A list has no month and its name need not say one, so the days in it tell.
    """
    if feed != ods_trusts.FEED or held is None or held.is_empty():
        return None
    mine, theirs = ods_trusts.newest_day(frame), ods_trusts.newest_day(held)
    if mine >= theirs:
        return None
    days = f"the newest day in it is {_day(mine)}, in the one held {_day(theirs)}"
    return f"an earlier list than the one held: {days}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
