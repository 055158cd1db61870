"""Reads the tables of cases in tests/cases: one table a feed, a line a record, and what it should count."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
from feeds import FEEDS

CASES = Path(__file__).parent.parent / "cases"


@dataclass(frozen=True)
class Case:
    """One line of a table: the feed and values given, the memberships given, the sums expected."""

    indicator: str
    feed: str
    case: str
    given: dict[str, Any]
    memberships: tuple[dict[str, Any], ...]
    expected: dict[str, int | None]


def tables() -> dict[str, list[Case]]:
    """Cases by indicator id, from every file of tests/cases named after an indicator."""
    return {path.stem: cases(path) for path in sorted(CASES.glob("*.md"))}


def cases(path: Path) -> list[Case]:
    """The cases of one file."""
    found, feed, heads = [], "", []
    for line in path.read_text().splitlines():
        if line.startswith("Feed: "):
            feed, heads = line.removeprefix("Feed: ").strip(), []
        elif line.startswith("|") and not line.startswith("|---"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if heads:
                found.append(_case(path.stem, feed, dict(zip(heads, cells, strict=True))))
            else:
                heads = cells
    return found


def _case(indicator: str, feed: str, cells: dict[str, str]) -> Case:
    case = cells.pop("case")
    expected = {
        name: int(cells.pop(name)) if cells[name] else cells.pop(name) or None
        for name in ("numerator", "denominator", "valid", "eligible")
        if name in cells
    }
    memberships = tuple(_membership(one) for one in cells.pop("memberships", "").split(";") if one.strip())
    given = {name: value(FEEDS[feed][name][0], text) for name, text in cells.items()}
    return Case(indicator, feed, case, given, memberships, expected)  # type: ignore[arg-type]


def _membership(text: str) -> dict[str, Any]:
    """`frailty 2024-01-01 to 2025-06-10`, or `frailty 2024-01-01 on` where it is still open."""
    match = re.fullmatch(r"(\w+) (\S+) (?:to (\S+)|on)", text.strip())
    assert match, f"cannot read the membership {text!r}"
    cohort, start, end = match.groups()
    return {
        "cohort": cohort,
        "start_date": date.fromisoformat(start),
        "end_date": date.fromisoformat(end) if end else None,
    }


def value(dtype: Any, text: str) -> Any:
    """A cell as a value of its column; an empty cell is missing."""
    if text == "":
        return None
    if dtype == pl.Boolean:
        return {"yes": True, "no": False}[text]
    if dtype == pl.Date:
        return date.fromisoformat(text)
    if dtype == pl.Datetime:
        return datetime.fromisoformat(text)
    return text if dtype == pl.String else int(text)
