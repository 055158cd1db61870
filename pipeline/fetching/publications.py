"""The small table of publications, `publications.yaml`: where each is found and what its files are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).resolve().parent.parent / "publications.yaml"
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FIELDS = {"title", "page", "years", "files", "leave", "feed", "largest", "licence", "usual"}


@dataclass(frozen=True)
class Usual:
    """When a month usually comes out: the n-th weekday (0 is Monday), so many months after it."""

    week: int
    weekday: int
    months_after: int

    def day(self, period: date) -> date:
        """The day on which the month `period` is usually published."""
        months = period.year * 12 + period.month - 1 + self.months_after
        first = date(months // 12, months % 12 + 1, 1)
        return first + timedelta(days=(self.weekday - first.weekday()) % 7 + 7 * (self.week - 1))

    @property
    def words(self) -> str:
        """The usual day in words."""
        nth = ("first", "second", "third", "fourth", "fifth")[self.week - 1]
        later = "the next month" if self.months_after == 1 else f"month {self.months_after} after it"
        return f"{nth} {_WEEKDAYS[self.weekday]} of {later}"


@dataclass(frozen=True)
class Publication:
    """One row of the table; patterns are matched anywhere and without regard to case."""

    id: str
    title: str
    page: str
    files: re.Pattern[str]
    feed: str
    licence: str
    largest: int
    usual: Usual
    years: re.Pattern[str] | None = None
    leave: re.Pattern[str] | None = None


@cache
def publications() -> dict[str, Publication]:
    """Every publication by its id. Raises ValueError naming a row that is not as it should be."""
    return read(TABLE.read_text(encoding="utf-8"))


def read(text: str) -> dict[str, Publication]:
    """The table from its text."""
    return {name: _publication(name, row) for name, row in yaml.safe_load(text).items()}


def _publication(name: str, row: dict[str, Any]) -> Publication:
    unknown, missing = set(row) - _FIELDS, _FIELDS - set(row) - {"years", "leave"}
    if unknown or missing:
        what = ", ".join(sorted(missing)) + " missing" if missing else ", ".join(sorted(unknown)) + " unknown"
        raise ValueError(f"{TABLE.name}: {name}: {what}")
    usual = row["usual"]
    patterns = {key: re.compile(row[key], re.IGNORECASE) for key in ("files", "years", "leave") if key in row}
    return Publication(
        id=name,
        title=row["title"],
        page=row["page"],
        feed=row["feed"],
        licence=row["licence"],
        largest=row["largest"] * 1024 * 1024,
        usual=Usual(usual["week"], _WEEKDAYS.index(usual["weekday"]), usual["months_after"]),
        **patterns,
    )
