"""One sheet of figures by provider: its header, its month, which column says what, every count a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.reading import RefusedFile
from pipeline.sources.ae_monthly.workbook_layout import (
    COUNTS,
    IDENTITY,
    Column,
    is_department_type,
    meaning,
    words,
)
from pipeline.sources.months import month
from pipeline.sources.values import FAULTS_NAMED, NUMBER, is_mark, number, refuse_cells
from pipeline.workbooks import HEADER_WITHIN, Sheet

_ENGLAND = ("", "-", "total", "england")
_WHOLE = r"^[0-9]{1,9}$"
TOLERANCE = 1e-9
"""How far two ways of adding up fractions of the same counts may be apart."""


@dataclass(frozen=True)
class Figures:
    """A sheet's figures. `rows`: row, code, region, name, is_england, and a column for each of `columns`.

    Counts are Int64 (Float64 where `fractions` are allowed), shares Float64; null where not published.
    """

    sheet: Sheet
    columns: Mapping[Column, str]
    rows: pl.DataFrame

    @property
    def providers(self) -> pl.DataFrame:
        """The rows of organisations."""
        return self.rows.filter(~pl.col("is_england"))

    @property
    def england(self) -> pl.DataFrame:
        """The row of England: at most one."""
        return self.rows.filter("is_england")


def is_header(row: Sequence[str]) -> bool:
    """Whether a row heads figures by organisation: a code, and at least two department types."""
    said = {words(cell) for cell in row}
    return bool(said & set(IDENTITY["code"])) and sum(map(is_department_type, row)) >= 2


def headings(sheet: Sheet, header: int) -> set[str]:
    """Everything that the header and the row of groups above it say, as words."""
    above = sheet.rows[header - 1] if header else ()
    return {words(cell) for cell in (*sheet.rows[header], *above) if cell}


def period_of(sheet: Sheet) -> date:
    """The month that the block of titles says. Raises RefusedFile."""
    found = titled(sheet, "period")
    said = month(found) if found else None
    if said is None:
        where = f"the sheet '{sheet.name}' says no month beside 'Period:'"
        raise RefusedFile(f"{sheet.file}: {where}" + (f", but '{found}'." if found else "."))
    return said


def titled(sheet: Sheet, label: str) -> str:
    """What stands beside a label such as `Period:` above the table; blank where the label is not there."""
    for row in sheet.rows[:HEADER_WITHIN]:
        filled = [cell for cell in row if cell]
        at = next((at for at, cell in enumerate(filled) if words(cell) == label), None)
        if at is not None:
            return filled[at + 1] if at + 1 < len(filled) else ""
    return ""


def figures(sheet: Sheet, header: int, *, fractions: bool = False) -> Figures:
    """The sheet's figures. Raises RefusedFile by the sheet's name, with a sentence for each fault."""
    columns, places, start, stop = _places(sheet, header, fractions)
    table = sheet.table(header, start, stop)
    text = table.cells.select("row", *(pl.col(str(at - start)).alias(columns[at]) for at in places))
    text = text.with_columns(pl.col("code").str.to_uppercase())
    for needed in ("region", "name"):
        if needed not in text.columns:
            text = text.with_columns(pl.lit("").alias(needed))
    numbers = [name for name in columns.values() if name not in IDENTITY]
    # A row under the table that is no organisation's and holds no figure is a footnote.
    text = text.filter(
        pl.any_horizontal(pl.col(numbers) != "") | pl.col("code").str.contains(r"^[A-Z0-9]{3,6}$")
    )
    counted = {name for name in numbers if name.split(" ", 1)[0] in COUNTS}
    for at, name in columns.items():
        if name in IDENTITY:
            continue
        fits = pl.col(name).str.contains(_WHOLE if name in counted and not fractions else NUMBER)
        faulty = text.filter(~fits & ~is_mark(pl.col(name))).select("row", name)
        header_said = f"{sheet.rows[header][at]}' of the sheet '{sheet.name}"
        refuse_cells(sheet.file, header_said, faulty, "a count" if name in counted else "a number")
    kinds = [
        number(pl.col(name)).cast(pl.Int64 if name in counted and not fractions else pl.Float64).alias(name)
        for name in numbers
    ]
    england = pl.col("code").str.to_lowercase().is_in(_ENGLAND) & pl.col("name").str.to_lowercase().is_in(
        _ENGLAND
    )
    rows = text.select("row", "code", "region", "name", *kinds, is_england=england)
    if rows["is_england"].sum() > 1:
        raise RefusedFile(f"{sheet.file}: the sheet '{sheet.name}' has more than one row of England.")
    if rows["is_england"].all():
        raise RefusedFile(f"{sheet.file}: the sheet '{sheet.name}' has no organisation.")
    return Figures(sheet, _named(columns), rows)


def _named(columns: Mapping[int, str]) -> dict[Column, str]:
    pairs = {name: tuple(name.split(" ", 1)) for name in columns.values() if name not in IDENTITY}
    return {(pair[0], pair[1]): name for name, pair in pairs.items()}


def _places(sheet: Sheet, header: int, fractions: bool) -> tuple[dict[int, str], list[int], int, int]:
    """Position -> the column's name, in the run of headed columns around the code."""
    row = sheet.rows[header]
    code = next(at for at, cell in enumerate(row) if words(cell) in IDENTITY["code"])
    start, stop = sheet.beside(header, code)
    above = sheet.rows[header - 1] if header else ("",) * len(row)
    groups: list[str] = []
    for cell in above:
        groups.append(cell or (groups[-1] if groups else ""))
    found: dict[int, str] = {}
    faults = []
    for at in range(start, stop):
        meant = meaning(groups[at], row[at])
        if meant and meant[0] == "mapped" and not fractions:
            meant = None
        name = " ".join(meant).strip() if meant else ""
        if not meant and any(len(under) > at and under[at] for under in sheet.rows[header + 1 :]):
            where = f" under '{groups[at]}'" if is_department_type(row[at]) else ""
            faults.append(f"the column '{row[at]}'{where} is not known in this publication")
        elif name in found.values():
            faults.append(f"the column '{row[at]}' ({name}) is there more than once")
        elif meant:
            found[at] = name
    needed = ["code", "name", *(f"{what} {part}" for what in ("attendances", "over") for part in _PARTS)]
    faults += [f"the column of {name} is missing" for name in needed if name not in found.values()]
    if faults:
        raise RefusedFile(
            *(f"{sheet.file}: sheet '{sheet.name}': {fault}." for fault in faults[:FAULTS_NAMED])
        )
    return found, list(found), start, stop


_PARTS = ("01", "02", "03")
