"""Which organisation belongs to which integrated care board (System Mapping) -> `system_mapping`.

Source: the hidden sheet `System Mapping` of NHS England's A&E workbooks, dated by their month, or that sheet
saved as CSV: dated by a month in the file's name, else by the boards it names. The sheet gives boards by name
alone: their codes are told from it, and a name that is not known is kept without one, and said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from pipeline.delimited import TextTable
from pipeline.reading import RefusedFile
from pipeline.sources import regions
from pipeline.sources.ae_monthly.workbook import month_of_figures
from pipeline.sources.headers import known, place
from pipeline.sources.list_month import month_in_name
from pipeline.sources.ods_trusts import BOARDS_SINCE, NEW_CODES_SINCE
from pipeline.sources.published import Notice, Published
from pipeline.sources.system_mapping.by_system import check_systems
from pipeline.sources.systems import codes_of
from pipeline.sources.values import FAULTS_NAMED, refuse_cells
from pipeline.workbooks import Workbook

__all__ = ["FEED", "claims", "in_workbook", "organisations", "read", "read_workbook"]

FEED = "system_mapping"
COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("code", "org code", "organisation code"),
    "name": ("name", "organisation name"),
    "system_code": ("icb code",),
    "system_name": ("icb name", "icb", "stp"),
    "region": ("region name", "region"),
}
_NAMED = {"code", "name", "system_name", "region"}
_CODE = r"^[A-Z0-9]{3,6}$"
_SYSTEM = r"^(Q[A-Z0-9]{2}|[A-Z][0-9][A-Z][0-9][A-Z])$"


def claims(columns: Sequence[str]) -> bool:
    """Whether a file with these headers means to be this list (it may still be refused)."""
    found = known(columns, COLUMNS)
    return len(columns) <= 8 and len(found) >= 4 and bool(found & {"system_code", "system_name"})


def read(table: TextTable) -> Published:
    """The list as the feed's frame. Raises RefusedFile with a sentence for each fault."""
    return _tidy(table, month_in_name(table.file))


def in_workbook(book: Workbook) -> bool:
    """Whether some sheet holds the list."""
    return any(True for _ in book.headed(_is_header))


def read_workbook(book: Workbook) -> Published:
    """The sheet's list, of the month of the workbook's figures. Raises RefusedFile."""
    sheet, at = book.only(_is_header, "give organisations' boards")
    code = next(place for place, cell in enumerate(sheet.rows[at]) if known([cell], COLUMNS) == {"code"})
    tidy = _tidy(sheet.table(at, *sheet.beside(at, code)), month_of_figures(book))
    return replace(tidy, notices=(*tidy.notices, *check_systems(book, tidy.frame)))


def _is_header(row: Sequence[str]) -> bool:
    return known(row, COLUMNS) >= _NAMED


def _tidy(table: TextTable, period: date | None) -> Published:
    placed = place(table, COLUMNS, optional={"system_code"})
    text = placed.table.cells.select("row", *(placed.cell(name) for name in placed.places))
    coded = "system_code" in placed.places
    if not coded:
        codes = codes_of(text["system_name"])
        text = text.with_columns(
            system_code=pl.col("system_name").replace_strict(codes, return_dtype=pl.String)
        )
    where = {name: regions.region_code(name) for name in text["region"].unique()}
    rows = text.with_columns(region_code=pl.col("region").replace_strict(where, return_dtype=pl.String))
    for name, fits, what in (
        (
            "code",
            pl.col("code").str.contains(_CODE) | _small_letters(pl.col("code")),
            "an organisation's code",
        ),
        ("name", pl.col("name") != "", "a name"),
        ("system_code", pl.col("system_code").str.contains(_SYSTEM), "a code of an integrated care board"),
        ("system_name", pl.col("system_name") != "", "a name"),
        ("region", pl.col("region_code").is_not_null(), "a region"),
    ):
        if name in placed.places:
            refuse_cells(placed.file, placed.header(name), rows.filter(~fits).select("row", name), what)
    written = rows.height
    rows = rows.with_columns(pl.col("code").str.to_uppercase())
    rows = rows.unique(subset=pl.exclude("row"), keep="first", maintain_order=True)
    alike = written - rows.height
    faults = [
        f"{placed.file}: {code} stands in rows {' and '.join(map(str, where))}, not once."
        for code, where in _several(rows, "code", "row")
    ]
    for column, words in (("system_name", "names"), ("region", "regions")):
        faults += [
            f"{placed.file}: the board {code} has several {words}: {', '.join(map(str, found))}."
            for code, found in _several(
                rows.filter(pl.col("system_code").is_not_null()), "system_code", column
            )
        ]
    if faults:
        raise RefusedFile(*faults[:FAULTS_NAMED])
    frame = (
        rows.rename({"name": "org_name"})
        .with_columns(period=pl.lit(period or _era(rows["system_code"])))
        .select("period", "code", "org_name", "system_code", "system_name", "region_code")
        .sort("code")
    )
    told = (
        [Notice("rows_repeated", f"{alike} row(s) stand twice, alike in everything.", alike)] if alike else []
    )
    strange = frame.filter(pl.col("system_code").is_null())
    if strange.height:
        names = ", ".join(f"'{name}'" for name in strange["system_name"].unique().sort().head(FAULTS_NAMED))
        reason = f"No board known here is called {names}: {strange.height} organisation(s) stand under none."
        told.append(Notice("board_unknown", reason, strange.height, "system_name", "warning"))
    return Published(FEED, (frame["period"][0],), frame, notices=(*placed.notices, *told))


def _era(codes: pl.Series) -> date:
    """The day from which the boards named were there: of a list that says no month."""
    return BOARDS_SINCE if codes.drop_nulls().str.starts_with("Q").all() else NEW_CODES_SINCE


def _small_letters(code: pl.Expr) -> pl.Expr:
    """A code with a digit may have small letters, as one of the list of 2025 does; a word has no digit."""
    return code.str.contains(r"^[A-Za-z0-9]{3,6}$") & code.str.contains(r"[0-9]")


def _several(rows: pl.DataFrame, of: str, what: str) -> list[tuple[str, list[object]]]:
    found = rows.group_by(of, maintain_order=True).agg(pl.col(what).unique(maintain_order=True))
    return [(code, values) for code, values in found.iter_rows() if len(values) > 1]


def organisations(held: pl.DataFrame) -> pl.DataFrame:
    """Providers under their boards, and boards, by name, under their regions: each by its newest list."""
    since = pl.when(pl.col("system_code").str.starts_with("Q")).then(pl.lit(BOARDS_SINCE))
    if "period" not in held.columns:  # kept by an earlier contract, as one list of no month
        held = held.with_columns(period=pl.lit(BOARDS_SINCE))
    dated = held.sort("period").with_columns(valid_from=since.otherwise(pl.lit(NEW_CODES_SINCE)))
    newest = dated.unique("code", keep="last", maintain_order=True)
    providers = newest.select(
        "code",
        "valid_from",
        name="org_name",
        level=pl.lit("provider"),
        parent=pl.coalesce("system_code", "region_code"),
    )
    boards = dated.filter(pl.col("system_code").is_not_null())
    systems = boards.unique("system_code", keep="last", maintain_order=True).select(
        "valid_from", code="system_code", name="system_name", level=pl.lit("system"), parent="region_code"
    )
    columns = ["code", "level", "name", "parent", "valid_from"]
    return (
        pl.concat([providers.select(columns), systems.select(columns)])
        .with_columns(valid_to=pl.lit(None, dtype=pl.Date), successor=pl.lit(None, dtype=pl.String))
        .sort("level", "code")
    )
