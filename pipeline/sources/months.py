"""A month as published files write it: `Apr-24`, `May 2024`, `01/06/2024`, `2024-06-01`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import polars as pl

from pipeline.reading import RefusedFile

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WHOLE = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_WORDS = re.compile(r"(?P<month>[a-z]{3,9})[ ,\-–/']+(?P<year>[0-9]{2}|[0-9]{4})", re.IGNORECASE | re.ASCII)
_DAY_FIRST = re.compile(r"01[/.-](?P<month>[0-9]{2})[/.-](?P<year>[0-9]{4})(?: 00:00(?::00)?)?", re.ASCII)
_YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})(?:-01(?:[T ]00:00(?::00)?)?)?", re.ASCII)


def month(text: str) -> date | None:
    """The first day of the month written, or None: a two-digit year is of this century."""
    if found := _WORDS.fullmatch(text):
        said = found["month"].lower()
        at = next((n for n, name in enumerate(_NAMES, 1) if said.startswith(name)), None)
        whole = at is not None and _WHOLE[at - 1].startswith(said)
        year = int(found["year"])
        year += 2000 if year < 100 else 0
        return date(year, at, 1) if at is not None and whole and 2000 <= year < 2100 else None
    for pattern in (_DAY_FIRST, _YEAR_FIRST):
        if found := pattern.fullmatch(text):
            year, number = int(found["year"]), int(found["month"])
            return date(year, number, 1) if 1 <= number <= 12 and 2000 <= year < 2100 else None
    return None


def months(file: str, header: str, texts: pl.Series, rows: Sequence[int] | pl.Series) -> pl.Series:
    """Texts as months (Date). Raises RefusedFile naming the first row whose text is no month."""
    written = {text: month(text) for text in texts.unique()}
    for text in (text for text, meant in written.items() if meant is None):
        row = pl.Series(rows).filter(texts == text)[0]
        raise RefusedFile(
            f"{file}: row {row}, column '{header}': '{text}' is not a month such as 'May 2024' or 'Apr-24'."
        )
    return texts.replace_strict(written, return_dtype=pl.Date)
