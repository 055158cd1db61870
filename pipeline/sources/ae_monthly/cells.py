"""The cells of the published file: which column is which, which month, and every count as a whole number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.delimited import TextTable
from pipeline.reading import RefusedFile
from pipeline.sources.ae_monthly.layout import (
    BOOKED,
    IDENTITY,
    MEASURES,
    SYNONYMS,
    Measure,
    key,
    published_name,
)
from pipeline.sources.published import Notice

FAULTS_NAMED = 5
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_PERIOD = re.compile(r"(?:MSitAE\W*)?(?P<month>[A-Z]{3,9})\W+(?P<year>20[0-9]{2})", re.IGNORECASE | re.ASCII)
_COUNT = r"^([0-9]{1,9}|[0-9]{1,3}(,[0-9]{3}){1,2})$"
_NOT_PUBLISHED = ("", "-")
_TOTAL = ("total", "totals", "grandtotal", "england", "englandtotal", "totalengland")


@dataclass(frozen=True)
class Matched:
    """A file whose every column is understood; `places` gives each column's position in it."""

    table: TextTable
    places: Mapping[str | Measure, int]
    notices: tuple[Notice, ...] = ()

    @property
    def file(self) -> str:
        """The file's name, which opens every sentence about it."""
        return self.table.file

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The counts it holds, in the order of `MEASURES`; `m0`, `m1`, ... name them in frames."""
        return tuple(measure for measure in MEASURES if measure in self.places)

    def header(self, column: str | Measure) -> str:
        """The column's header as the file writes it."""
        return self.table.columns[self.places[column]]


def match(table: TextTable) -> Matched:
    """Each column by its meaning. Unknown columns are passed over when empty, refused when not."""
    places: dict[str | Measure, int] = {}
    faults, empty = [], []
    for position, header in enumerate(table.columns):
        column = SYNONYMS.get(key(header))
        if column is None:
            if table.cells[str(position)].str.strip_chars().ne("").any():
                faults.append(f"the column '{header or position + 1}' is not known in this publication")
            else:
                empty.append(header or f"column {position + 1}")
        elif column in places:
            faults.append(f"the columns '{table.columns[places[column]]}' and '{header}' mean the same")
        else:
            places[column] = position
    some_booked = any(column in places for column in BOOKED)
    wanted: tuple[str | Measure, ...] = (*IDENTITY, *MEASURES)
    faults += [
        f"the column '{published_name(column)}' is missing"
        for column in wanted
        if column not in places and (some_booked or column not in BOOKED)
    ]
    if faults:
        raise RefusedFile(*(f"{table.file}: {fault}." for fault in faults))
    if not empty:
        return Matched(table, places)
    reason = f"{len(empty)} empty column(s) without a meaning were passed over: {', '.join(empty)}."
    return Matched(table, places, (Notice("empty_columns", reason, table.cells.height),))


def providers_and_totals(matched: Matched) -> pl.DataFrame:
    """The rows with period, org_code, parent and org_name trimmed, and `is_total`."""
    trimmed = matched.table.cells.with_columns(
        pl.col(str(matched.places[name])).str.strip_chars().str.replace_all(r"\s+", " ").alias(name)
        for name in IDENTITY
    ).with_columns(pl.col("org_code").str.to_uppercase())
    says_total = [
        pl.col(name).str.to_lowercase().str.replace_all(r"[^a-z]", "").is_in(_TOTAL) for name in IDENTITY
    ]
    return trimmed.with_columns(is_total=pl.any_horizontal(says_total))


def month_of(file: str, rows: pl.DataFrame) -> date:
    """The one month of the file."""
    months: dict[date, int] = {}
    written = rows.filter(~pl.col("is_total")).group_by("period").agg(pl.col("row").min())
    for text, row in written.sort("row").iter_rows():
        found = _PERIOD.fullmatch(text)
        said = found["month"].lower() if found else ""
        month = next((at for at, name in enumerate(_MONTHS, 1) if said and name.startswith(said)), None)
        if found is None or month is None:
            raise RefusedFile(
                f"{file}: row {row}, column 'Period': '{text}' is not a month such as MSitAE-MARCH-2026."
            )
        months.setdefault(date(int(found["year"]), month, 1), row)
    if not months:
        raise RefusedFile(f"{file}: there is no provider in it.")
    if len(months) > 1:
        shown = " and ".join(f"{month:%B %Y} (row {row})" for month, row in list(months.items())[:3])
        raise RefusedFile(f"{file}: there is more than one month in it: {shown}.")
    return next(iter(months))


def count_cells(matched: Matched, rows: pl.DataFrame) -> pl.DataFrame:
    """row, is_total, the identity columns, and each measure as Int64 (`m0` ...), null where not published."""
    text = [pl.col(str(matched.places[measure])).str.strip_chars() for measure in matched.measures]
    faults = [
        f"{matched.file}: row {row}, column '{matched.header(measure)}': '{value}' is not a count."
        for measure, cell in zip(matched.measures, text, strict=True)
        for row, value in rows.filter(~cell.is_in(_NOT_PUBLISHED) & ~cell.str.contains(_COUNT))
        .select("row", value=cell)
        .iter_rows()
    ]
    if len(faults) > FAULTS_NAMED:
        more = f"{matched.file}: {len(faults) - FAULTS_NAMED} more cells are not counts."
        raise RefusedFile(*faults[:FAULTS_NAMED], more)
    if faults:
        raise RefusedFile(*faults)
    counts = [
        pl.when(~cell.is_in(_NOT_PUBLISHED))
        .then(cell.str.replace_all(",", "", literal=True))
        .cast(pl.Int64)
        .alias(f"m{at}")
        for at, cell in enumerate(text)
    ]
    return rows.select("row", "is_total", *IDENTITY, *counts)
