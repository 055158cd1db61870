"""Units' attendances shared among acute trusts by fractions -> the feed `acute_trust_mapping`.

Source: the hidden sheet `Acute Trust Mapping` of NHS England's A&E workbooks, or that sheet saved as CSV (its
month is then in the file's name, as 2026-05). Boards and regional teams agree the fractions, month by month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from data_contracts.contract import load_contract
from pipeline.delimited import TextTable
from pipeline.reading import RefusedFile
from pipeline.sources.acute_trust_mapping.footprint import check_footprint
from pipeline.sources.ae_monthly.workbook import month_of_figures
from pipeline.sources.headers import key, known
from pipeline.sources.list_month import month_in_name
from pipeline.sources.published import Notice, Published
from pipeline.sources.values import FAULTS_NAMED, NUMBER, refuse_cells
from pipeline.workbooks import Workbook

__all__ = ["FEED", "claims", "in_workbook", "organisations", "read", "read_workbook"]

FEED = "acute_trust_mapping"
COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("code", "org code", "organisation code"),
    "org_name": ("name", "organisation name"),
    "acute_code": ("acute code", "acute trust code"),
    "acute_name": ("acute trust 1", "acute trust", "acute trust name"),
    "fraction": ("proportion of attends acute 1", "proportion of attends acute", "proportion of attendances"),
}
_CODE = r"^[A-Z0-9]{3,6}$"
WHOLE = 1e-9
"""How far from 1 a unit's fractions may add up to."""


def claims(columns: Sequence[str]) -> bool:
    """Whether a table with these headers means to be these fractions (it may still be refused)."""
    found = known(columns, COLUMNS)
    return {"code", "acute_code"} <= found or {"code", "fraction"} <= found


def in_workbook(book: Workbook) -> bool:
    """Whether some sheet holds the fractions."""
    return any(True for _ in book.headed(claims))


def read_workbook(book: Workbook) -> Published:
    """The sheet of fractions, of the month of the workbook's figures. Raises RefusedFile."""
    sheet, at = book.only(claims, "share units among trusts")
    tidy = _tidy(sheet.table(at), month_of_figures(book))
    return replace(tidy, notices=(*tidy.notices, *check_footprint(book, tidy.frame)))


def read(table: TextTable) -> Published:
    """The fractions as the feed's frame. Raises RefusedFile with a sentence for each fault."""
    period = month_in_name(table.file)
    if period is None:
        raise RefusedFile(
            f"{table.file}: the fractions say no month: put it into the file's name, as 2026-05."
        )
    return _tidy(table, period)


def _tidy(table: TextTable, period: date) -> Published:
    # The first column of each meaning: the unit's shared counts stand to the right under names of their own.
    places: dict[str, int] = {}
    for position, header in enumerate(table.columns):
        name = next((name for name, words in COLUMNS.items() if key(header) in words), None)
        if name in places:
            raise RefusedFile(
                f"{table.file}: the columns '{table.columns[places[name]]}' and '{header}' mean the same."
            )
        if name:
            places[name] = position
    missing = [words[0] for name, words in COLUMNS.items() if name not in places]
    if missing:
        raise RefusedFile(*(f"{table.file}: the column '{word}' is missing." for word in missing))
    cells = table.cells.select(
        "row", *(pl.col(str(at)).str.strip_chars().alias(name) for name, at in places.items())
    )
    # Rows of the list beside, or of formulas without a unit, have none of these.
    text = cells.filter(pl.any_horizontal(pl.col(*COLUMNS) != "")).with_columns(
        pl.col("code", "acute_code").str.to_uppercase()
    )
    share = pl.col("fraction").str.contains(NUMBER) & pl.col("fraction").cast(
        pl.Float64, strict=False
    ).is_between(0, 1, closed="right")
    for name, fits, what in (
        ("code", pl.col("code").str.contains(_CODE), "an organisation's code"),
        ("acute_code", pl.col("acute_code").str.contains(_CODE), "a trust's code"),
        ("fraction", share.fill_null(value=False), "a fraction above 0, up to 1"),
    ):
        refuse_cells(table.file, table.columns[places[name]], text.filter(~fits).select("row", name), what)
    rows = text.with_columns(pl.col("fraction").cast(pl.Float64))
    _refuse_doubled_and_parted(table.file, rows)
    frame = rows.with_columns(period=pl.lit(period)).select(*load_contract(FEED).names)
    frame = frame.sort("code", "acute_code")
    shared = frame.filter(pl.col("code") != pl.col("acute_code"))
    reason = (
        f"{shared['code'].n_unique()} units are shared among {shared['acute_code'].n_unique()} acute trusts."
    )
    return Published(FEED, (period,), frame, notices=(Notice("units_shared", reason, shared.height),))


def _refuse_doubled_and_parted(file: str, rows: pl.DataFrame) -> None:
    doubled = rows.group_by("code", "acute_code", maintain_order=True).agg("row")
    faults = [
        f"{file}: {code} is shared with {trust} in rows {' and '.join(map(str, where))}, not once."
        for code, trust, where in doubled.filter(pl.col("row").list.len() > 1).iter_rows()
    ]
    sums = rows.group_by("code", maintain_order=True).agg(pl.col("fraction").sum())
    faults += [
        f"{file}: the fractions of {code} add up to {total:.6f}, not to 1."
        for code, total in sums.filter((pl.col("fraction") - 1).abs() > WHOLE).iter_rows()
    ]
    if faults:
        raise RefusedFile(*faults[:FAULTS_NAMED])


def organisations(held: pl.DataFrame) -> pl.DataFrame:
    """None: the A&E figures name the units and the trusts."""
    columns = ("code", "level", "name", "parent", "valid_from", "valid_to", "successor")
    return load_contract("organisations").empty().select(columns)
