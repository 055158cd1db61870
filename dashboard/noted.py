"""What people have noted of a series, numbered as on its chart: remarks, and where limits start afresh."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from textwrap import wrap
from typing import Any

import polars as pl

from dashboard import breaks, merged, wording
from warehouse import notes
from warehouse.notes import ANNOTATION, RECALCULATION

FIXED = "fixed baseline"
KINDS = {
    ANNOTATION: "Remark",
    RECALCULATION: "Limits start afresh",
    FIXED: "Fixed baseline",
    merged.MERGER: "Merger",
    merged.ENDED: "Merger",
    breaks.BREAK: "Known break",
}
SIGNS_OF_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")
HOVER_WIDTH = 48


@dataclass(frozen=True, slots=True)
class Badge:
    """A mark above one month: the numbers of its notes, and whether limits start afresh there."""

    period: date
    text: str
    restarts: bool
    said: str


@dataclass(frozen=True, slots=True)
class Noted:
    """Notes about one series, by month: `notes.COLUMNS` and `number`, from 1.

    `known_on` is the day they are read as known on (None: now); `later` were written after it.
    """

    frame: pl.DataFrame
    known_on: date | None = None
    later: int = 0

    @classmethod
    def of(cls, every: pl.DataFrame, series: Mapping[str, str], known_on: date | None = None) -> "Noted":
        """Take those about a series, whoever else they are about, from an indicator's notes ever written."""
        mine = notes.about(every, series)
        standing = notes.in_force(mine, known_on)
        later = notes.in_force(mine).join(standing, on="id", how="anti").height
        return cls(standing.sort("period", "id").with_row_index("number", 1), known_on, later)

    def badges(self) -> list[Badge]:
        """Give one badge for each month with notes, oldest first."""
        by_month: dict[date, list[dict[str, Any]]] = {}
        for row in self.frame.iter_rows(named=True):
            by_month.setdefault(row["period"], []).append(row)
        badges = []
        for period, rows in by_month.items():
            restarts = any(_kind(row) == RECALCULATION for row in rows)
            numbers = ", ".join(str(row["number"]) for row in rows)
            said = "<br>".join(_hover(row) for row in rows)
            what = " new limits" if restarts else ""
            if not restarts and any(_kind(row) == FIXED for row in rows):
                what = " baseline"
            badges.append(Badge(period, f"{numbers}{what}", restarts, said))
        return badges

    def texts(self, periods: list[date], texts: list[str]) -> list[str]:
        """Add to what each point says the notes of its month."""
        said = {badge.period: badge.said for badge in self.badges()}
        return [
            f"{text}<br>{said[period]}" if period in said else text
            for period, text in zip(periods, texts, strict=True)
        ]

    def lines(self) -> list[str]:
        """Give each note as a line of Markdown: number, month, kind, the words, who, when, about whom."""
        lines = []
        restarts = set(self.frame.filter(pl.col("until").is_null(), kind=RECALCULATION)["period"])
        for row in self.frame.iter_rows(named=True):
            what = f"**{row['number']}. {_months(row)}. {KINDS[_kind(row)]}.**"
            line = f"{what} {plain(row['reason'])} ({plain(_signed(row))})"
            if row["kind"] == merged.MERGER and row["period"] not in restarts:
                line += f" {merged.proposal(row)}"
            lines.append(line)
        return lines

    def beyond(self, first: date, last: date) -> str:
        """Say which notes are about months that a chart from `first` to `last` does not show."""
        away = self.frame.filter(~pl.col("period").is_between(first, last))
        if away.is_empty():
            return ""
        numbers = wording.listing(str(number) for number in away["number"])
        return f"Note{'' if away.height == 1 else 's'} {numbers}: beyond the months drawn here."

    def as_known(self) -> str:
        """Say that notes are taken as they stood on the day; empty for now."""
        if self.known_on is None:
            return ""
        said = f"Notes and limits are as they stood at the end of {wording.day(self.known_on)}"
        if not self.later:
            return f"{said}."
        written = "1 note written later is" if self.later == 1 else f"{self.later} notes written later are"
        return f"{said}: {written} left out."

    def across(self, points: pl.DataFrame) -> str:
        """Say which notes the latest limits run across: what changed there may want limits of its own.

        `points` of an `Spc`: period, state and recalculate.
        """
        known = points.drop_nulls("state")
        start = points.filter("recalculate")["period"].max() or known["period"].min()
        inside = pl.col("period").is_between(start, known["period"].max(), closed="right")
        crossed = self.frame.filter(pl.col("kind") != RECALCULATION, inside)
        if crossed.is_empty():
            return ""
        numbers = wording.listing(str(number) for number in crossed["number"])
        which = "note" if crossed.height == 1 else "notes"
        return (
            f"The limits run across the month of {which} {numbers}. Where something lasting changed there, "
            "one mean and one pair of limits do not fit both sides."
        )

    def alt(self) -> str:
        """Say the notes for somebody who cannot see their marks."""
        rows = self.frame.iter_rows(named=True)
        said = [
            f"{row['number']}, {_months(row)}: {KINDS[_kind(row)].lower()}, {_text(row)} ({row['author']})"
            for row in rows
        ]
        return f"Notes: {'; '.join(said)}." if said else ""


def plain(text: str) -> str:
    """Keep somebody's words from being read as Markdown: no link, picture or colour of theirs is drawn."""
    return SIGNS_OF_MARKUP.sub(r"\\\1", " ".join(text.split()))


def _kind(row: dict[str, Any]) -> str:
    """Tell a fixed baseline, whose months end somewhere, from limits that start afresh."""
    return FIXED if row["kind"] == RECALCULATION and row["until"] is not None else str(row["kind"])


def _months(row: dict[str, Any]) -> str:
    first = wording.month(row["period"])
    return first if row["until"] is None else f"{first} to {wording.month(row['until'])}"


def _text(row: dict[str, Any]) -> str:
    return " ".join(str(row["reason"]).split())


def _signed(row: dict[str, Any]) -> str:
    if row["kind"] == breaks.BREAK:
        return "declared with the measure"
    signed = f"{row['author']}, {wording.day(row['created_at'])}, {_whom(row)}"
    if row["withdrawn_at"] is not None:
        signed += f"; withdrawn since, on {wording.day(row['withdrawn_at'])}"
    return signed


def _whom(row: dict[str, Any]) -> str:
    """Say how far a note reaches: it may be about more than the organisation shown."""
    if row["organisation"] is not None:
        return "about this organisation"
    if row["level"] is not None:
        singular, plural = wording.LEVELS.get(row["level"], (row["level"], row["level"]))
        return f"about all {plural.lower()}" if singular != plural else f"about {plural}"
    return "about every organisation"


def _hover(row: dict[str, Any]) -> str:
    head = f"<b>Note {row['number']}</b> {KINDS[_kind(row)]}:"
    return "<br>".join([head, *(escape(line) for line in wrap(_text(row), HOVER_WIDTH))])
