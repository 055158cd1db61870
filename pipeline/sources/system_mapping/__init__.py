"""Which organisation belongs to which integrated care board (System Mapping, CSV) -> `system_mapping`.

Source: the sheet `System Mapping` of NHS England's A&E workbooks, saved as CSV. The newest loaded stands.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipeline.delimited import TextTable
from pipeline.reading import RefusedFile
from pipeline.sources import regions
from pipeline.sources.headers import known, place
from pipeline.sources.ods_trusts import BOARDS_SINCE, NEW_CODES_SINCE
from pipeline.sources.published import Notice, Published
from pipeline.sources.values import FAULTS_NAMED, refuse_cells

__all__ = ["FEED", "claims", "organisations", "read"]

FEED = "system_mapping"
COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("code", "org code", "organisation code"),
    "name": ("name", "organisation name"),
    "system_code": ("icb code",),
    "system_name": ("icb name", "icb"),
    "region": ("region name", "region"),
}
_CODE = r"^[A-Z0-9]{3,6}$"
_SYSTEM = r"^(Q[A-Z0-9]{2}|[A-Z][0-9][A-Z][0-9][A-Z])$"


def claims(columns: Sequence[str]) -> bool:
    """Whether a file with these headers means to be this list (it may still be refused)."""
    found = known(columns, COLUMNS)
    return len(columns) <= 8 and len(found) >= 4 and bool(found & {"system_code", "system_name"})


def read(table: TextTable) -> Published:
    """The list as the feed's frame. Raises RefusedFile with a sentence for each fault."""
    placed = place(table, COLUMNS)
    text = placed.table.cells.select("row", *(placed.cell(name) for name in COLUMNS))
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
            for code, found in _several(rows, "system_code", column)
        ]
    if faults:
        raise RefusedFile(*faults[:FAULTS_NAMED])
    frame = (
        rows.rename({"name": "org_name"})
        .select("code", "org_name", "system_code", "system_name", "region_code")
        .sort("code")
    )
    told = (
        [Notice("rows_repeated", f"{alike} row(s) stand twice, alike in everything.", alike)] if alike else []
    )
    return Published(FEED, (), frame, notices=(*placed.notices, *told))


def _small_letters(code: pl.Expr) -> pl.Expr:
    """A code with a digit may have small letters, as one of the list of 2025 does; a word has no digit."""
    return code.str.contains(r"^[A-Za-z0-9]{3,6}$") & code.str.contains(r"[0-9]")


def _several(rows: pl.DataFrame, of: str, what: str) -> list[tuple[str, list[object]]]:
    found = rows.group_by(of, maintain_order=True).agg(pl.col(what).unique(maintain_order=True))
    return [(code, values) for code, values in found.iter_rows() if len(values) > 1]


def organisations(held: pl.DataFrame) -> pl.DataFrame:
    """Providers under their boards, and boards, by name, under their regions."""
    since = pl.when(pl.col("system_code").str.starts_with("Q")).then(pl.lit(BOARDS_SINCE))
    dated = held.with_columns(valid_from=since.otherwise(pl.lit(NEW_CODES_SINCE)))
    providers = dated.select(
        "code", "valid_from", name="org_name", level=pl.lit("provider"), parent="system_code"
    )
    systems = dated.select(
        "valid_from", code="system_code", name="system_name", level=pl.lit("system"), parent="region_code"
    ).unique()
    columns = ["code", "level", "name", "parent", "valid_from"]
    return (
        pl.concat([providers.select(columns), systems.select(columns)])
        .with_columns(valid_to=pl.lit(None, dtype=pl.Date), successor=pl.lit(None, dtype=pl.String))
        .sort("level", "code")
    )
