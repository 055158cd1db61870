"""Ambulance systems indicators, AmbSYS (NHS England, wide CSV) -> the feed `ambsys`.

One published row is England, a region or an ambulance service in a month, with up to 148 items in columns
named A0 to A148. Tidy, it is a row for each item. A file holds many months; a month whose services do not add
up to England, as where a file is cut short, is left out and named. "." is missing, never 0.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.delimited import TextTable
from pipeline.sources.ambsys import checks, tidy
from pipeline.sources.ambsys.layout import COLUMNS, IDENTITY, ITEMS, NEEDED
from pipeline.sources.ambsys.tidy import organisations
from pipeline.sources.headers import known, place
from pipeline.sources.published import Published

__all__ = ["FEED", "claims", "organisations", "read"]

FEED = "ambsys"
_OPTIONAL = tuple(item for item in ITEMS if item not in NEEDED)


def claims(columns: Sequence[str]) -> bool:
    """Whether a file with these headers means to be this publication (it may still be refused)."""
    return len(known(columns, COLUMNS) - set(IDENTITY)) >= 20


def read(table: TextTable) -> Published:
    """The file as a tidy frame. Raises RefusedFile with a sentence for each fault."""
    placed = place(table, COLUMNS, _OPTIONAL)
    wide = tidy.rows(placed)
    checks.check_rows(placed.file, wide)
    whole, told = checks.whole_months(placed.file, wide)
    frame = tidy.long(whole)
    periods = tuple(sorted(frame["period"].unique()))
    return Published(FEED, periods, frame, notices=(*placed.notices, *told))
