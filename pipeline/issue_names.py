"""What a published file's name says of it: the month it is about, and which issue of that month it is.

Names are all there is to go by: neither the content nor the date of a downloaded file says which issue it is
(docs/decisions/0033).
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

_SHORT = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORD = (
    r"(?P<word>january|february|march|april|may|june|july|august|september|october|november|december"
    r"|sept|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)"
)
_GAP = r"[\s_\-–.,'’]*"
_FORMS = (
    # "June 2025", "Jun-25", "mar25"; not "June 20250710", and not the first half of "may-2024-25".
    re.compile(rf"(?<![a-z]){_WORD}(?![a-z]){_GAP}(?P<year>20\d\d|\d\d)(?!\d)", re.IGNORECASE),
    # "2025 June", "AmbSYS-for-2022-Apr"
    re.compile(rf"(?<!\d)(?P<year>20\d\d){_GAP}{_WORD}(?![a-z])", re.IGNORECASE),
    # "2025-06", "202506", "20201031"; a financial year such as "2024-25" has no such month.
    re.compile(r"(?<!\d)(?P<year>20\d\d)[-_.]?(?P<number>0[1-9]|1[0-2])(?:[-_.]?[0-3]\d)?(?!\d)"),
)
_ASIDE = re.compile(r"\((?:[^()]*\b)?(?:published|updated|revised|added)\b[^()]*\)", re.IGNORECASE)
_REVISED = re.compile(r"(?<![a-z])re-?(?:vised|vision|issued?)(?![a-z])", re.IGNORECASE)
_REVISED_ON = re.compile(
    r"re-?vis(?:ed|ion)[\s_\-]*(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d\d)(?!\d)", re.IGNORECASE
)


class Issue(NamedTuple):
    """Which issue of a month a name says a file is: as first published, or revised (on a day, where said)."""

    revised: bool
    on: date | None

    @property
    def turn(self) -> tuple[bool, date]:
        """Order for loading: first issues, then revisions without a day, then revisions by their days."""
        return self.revised, self.on or date.min

    def surely_before(self, other: Issue) -> bool:
        """Whether the names alone settle it that this is the earlier issue."""
        if self.revised != other.revised:
            return other.revised
        return self.on is not None and other.on is not None and self.on < other.on


def issue(text: str) -> Issue:
    """Which issue a file name or a link says it is."""
    stem = Path(text).name
    day = next((_day(found) for found in _REVISED_ON.finditer(stem)), None)
    return Issue(bool(_REVISED.search(stem)), day)


def month(text: str) -> date | None:
    """The last month that a file name or a link names, as its first day; None when it names none.

    The day of a revision ("revised-130624", "(published on 9 January 2025)") is not the month of a file.
    """
    plain = _REVISED_ON.sub(" ", _ASIDE.sub(" ", text))
    named = [(found.start(), _month(found)) for form in _FORMS for found in form.finditer(plain)]
    known = [(at, when) for at, when in named if when]
    return max(known)[1] if known else None


def _month(found: re.Match[str]) -> date | None:
    said = found.groupdict()
    year = int(said["year"])
    number = int(said["number"]) if said.get("number") else _SHORT.index(said["word"][:3].lower()) + 1
    return date(year + 2000 if year < 100 else year, number, 1)


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(2000 + int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
