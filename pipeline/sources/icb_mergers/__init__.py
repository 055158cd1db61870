"""Which integrated care board took over from which (ODS Change Summary, ICB Mergers) -> `icb_mergers`.

The workbook says which boards close and when ("Summary"), each sub-ICB location's board before and after
("SICBL Changes"), and each area (LSOA) of a board that is divided area by area. New boards had no code when
it was written: they are told from their names. A share of areas is the only fraction that it gives.
Source: NHS England Digital, Organisation Data Service, change summaries.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import polars as pl

from data_contracts.contract import load_contract
from pipeline.reading import RefusedFile
from pipeline.sources.headers import Synonyms, key, known
from pipeline.sources.published import Notice, Published
from pipeline.sources.systems import NAMES, codes_of
from pipeline.sources.values import FAULTS_NAMED
from pipeline.workbooks import Sheet, Workbook

__all__ = ["FEED", "in_workbook", "read_workbook"]

FEED = "icb_mergers"
CLOSING: Synonyms = {
    "region": ("nhse region code",),
    "code": ("current icb code",),
    "name": ("current icb name",),
}
PARTS: Synonyms = {
    "part": ("sub icb location code",),
    "before": ("current sub icb location name",),
    "after": ("new sub icb location name",),
}
AREAS: Synonyms = {
    "area": ("lsoa11cd", "lsoa21cd"),
    "before": ("icb22nm", "icb23nm", "icb24nm"),
    "after": ("icb25nm", "icb26nm"),
}
_SAID = re.compile(
    r"([0-9]+) of the existing ICB codes will be legally closed ([0-9]{2}/[0-9]{2}/20[0-9]{2})"
)


def in_workbook(book: Workbook) -> bool:
    """Whether it says which boards close, and where the sub-ICB locations go."""
    return bool(_found(book, CLOSING) and _found(book, PARTS))


def read_workbook(book: Workbook) -> Published:
    """The closed boards and their heirs. Raises RefusedFile with a sentence for each fault."""
    closing, summary = _block(book, CLOSING)
    number, since = _sentence(book, summary)
    if closing.height != number or closing["code"].n_unique() != number:
        raise RefusedFile(
            f"{book.file}: {number} boards are said to close; the sheet '{summary.name}' lists "
            f"{closing['code'].n_unique()}."
        )
    parts, _ = _block(book, PARTS)
    # A sub-ICB location is named after its board: "NHS ESSEX ICB - 07H".
    boards = parts.with_columns(pl.col("before", "after").str.replace(r"\s*-\s*\S+$", ""))
    moved = _coded(book, boards).group_by("code", "heir").agg(pl.col("part").sort())
    went = moved.select("code", "heir", parts=pl.col("part").list.join(" "), areas=pl.lit(None, pl.Int64))
    if _found(book, AREAS):
        areas, _ = _block(book, AREAS)
        counted = pl.col("area").n_unique().cast(pl.Int64)
        by_area = _coded(book, areas).group_by("code", "heir").agg(areas=counted)
        went = pl.concat([went, by_area], how="diagonal")
    went = went.group_by("code", "heir").agg(pl.col("parts", "areas").drop_nulls().first())
    _refuse_unlike(book, set(closing["code"]), set(went["code"]))
    divided = pl.len().over("code") > 1
    fraction = pl.when(~divided).then(1.0).otherwise(pl.col("areas") / pl.col("areas").sum().over("code"))
    frame = (
        went.with_columns(since=pl.lit(since), divided=divided, fraction=fraction)
        .with_columns(heir_name=pl.col("heir").replace_strict(NAMES, return_dtype=pl.String))
        .select(*load_contract(FEED).names)
        .sort("code", "heir")
    )
    several = sorted(frame.filter("divided")["code"].unique())
    untold = sorted(frame.filter(pl.col("fraction").is_null())["code"].unique())
    told = f"{number} boards closed; {', '.join(several) or 'none'} went to several."
    if untold:
        told += f" What part of {', '.join(untold)} went where is told by sub-ICB location alone."
    return Published(FEED, (), frame, notices=(Notice("divided_boards", told, len(several)),))


def _found(book: Workbook, columns: Synonyms) -> list[tuple[Sheet, int]]:
    return list(book.headed(lambda row: set(columns) <= known(row, columns)))


def _block(book: Workbook, columns: Synonyms) -> tuple[pl.DataFrame, Sheet]:
    """The first table with these columns, down to its first blank row, by their meanings."""
    sheet, at = _found(book, columns)[0]
    table = sheet.table(at, until_blank=True)
    places = {
        name: next(at for at, header in enumerate(table.columns) if key(header) in words)
        for name, words in columns.items()
    }
    return table.cells.select("row", *(pl.col(str(at)).alias(name) for name, at in places.items())), sheet


def _sentence(book: Workbook, sheet: Sheet) -> tuple[int, date]:
    found = [said for row in sheet.rows for cell in row for said in _SAID.findall(cell)]
    if len(found) != 1:
        raise RefusedFile(
            f"{book.file}: the sheet '{sheet.name}' does not say, once, how many of the existing ICB codes "
            "'will be legally closed' and on what day."
        )
    number, day = found[0]
    try:
        last = date(*reversed([int(part) for part in day.split("/")]))
    except ValueError as error:
        raise RefusedFile(f"{book.file}: the sheet '{sheet.name}': '{day}' is not a day.") from error
    return int(number), last + timedelta(days=1)


def _coded(book: Workbook, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with `code` and `heir` for the names `before` and `after`. Raises RefusedFile for a stranger."""
    codes = codes_of(pl.concat([rows["before"], rows["after"]]))
    strange = sorted(name for name, code in codes.items() if code is None)
    if strange:
        named = ", ".join(f"'{name}'" for name in strange[:FAULTS_NAMED])
        raise RefusedFile(f"{book.file}: no integrated care board known here is called {named}.")
    return rows.with_columns(
        code=pl.col("before").replace_strict(codes, return_dtype=pl.String),
        heir=pl.col("after").replace_strict(codes, return_dtype=pl.String),
    )


def _refuse_unlike(book: Workbook, closing: set[str], went: set[str]) -> None:
    """Raise RefusedFile where a board closes and goes nowhere, or goes somewhere and does not close."""
    if closing != went:
        odd = ", ".join(sorted(closing ^ went)[:FAULTS_NAMED])
        raise RefusedFile(f"{book.file}: what closes and what goes to another board differ: {odd}.")
