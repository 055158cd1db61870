"""Indices of Multiple Deprivation 2025 by lower layer super output area (LSOA 2021, CSV) -> `deprivation`.

The quintile is read from the decile: 1 and 2 are the most deprived fifth. Ranks, scores and the other domains
are not kept; the rank, where there is one, must put every area of a decile before every area of the next.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from data_contracts.contract import load_contract
from pipeline.delimited import TextTable
from pipeline.reading import RefusedFile
from pipeline.sources.headers import Placed, key, place
from pipeline.sources.published import Notice, Published
from pipeline.sources.values import refuse_cells

__all__ = ["FEED", "claims", "organisations", "read"]

FEED = "deprivation"
AREAS = 33_755
"""The LSOAs of England, 2021."""

# The official file's headers, and those of the copies that drop its spaces.
_WHOLE = "index of multiple deprivation imd"
_DEPRIVED_FIRST = "where 1 is most deprived 10 percent of lsoas"
COLUMNS: dict[str, tuple[str, ...]] = {
    "lsoa": ("lsoa code 2021", "lsoa21 code", "lsoa21cd", "lsoa code"),
    "decile": (
        "imd decile",
        f"{_WHOLE} decile {_DEPRIVED_FIRST}",
        f"{_WHOLE} decile",
        f"imd decile {_DEPRIVED_FIRST}",
    ),
    "rank": ("imd rank", f"{_WHOLE} rank where 1 is most deprived", f"{_WHOLE} rank"),
}
OPTIONAL = ("rank",)
_PASSED_OVER = re.compile(
    r".*\b(rank|decile|score|rate|population|name|20[0-9]{2})\b.*|lsoa21 name|local authority district .*"
)
_LSOA = r"^E01[0-9]{6}$"
_DECILE = r"^([1-9]|10)(\.0+)?$"
_RANK = r"^[0-9]{1,6}(\.0+)?$"


def claims(columns: Sequence[str]) -> bool:
    """Whether a file with these headers means to be this publication (it may still be refused)."""
    found = {key(name) for name in columns}
    return bool(found & set(COLUMNS["decile"])) or (
        bool(found & set(COLUMNS["lsoa"])) and bool(found & set(COLUMNS["rank"]))
    )


def read(table: TextTable) -> Published:
    """The file as the feed's frame. Raises RefusedFile with a sentence for each fault."""
    placed = place(_without_others(table), COLUMNS, OPTIONAL)
    text = placed.table.cells.select("row", *(placed.cell(name) for name in placed.places))
    for name, pattern, what in (
        ("lsoa", _LSOA, "an LSOA of England"),
        ("decile", _DECILE, "a decile from 1 to 10"),
        ("rank", _RANK, "a rank"),
    ):
        if name in placed.places:
            odd = text.filter(~pl.col(name).str.contains(pattern)).select("row", name)
            refuse_cells(placed.file, placed.header(name), odd, what)
    decile = pl.col("decile").cast(pl.Float64).cast(pl.Int8)
    areas = text.with_columns(decile)
    _check(placed, areas)
    contract = load_contract(FEED)
    frame = areas.select(lsoa_code="lsoa", deprivation_quintile=((pl.col("decile") + 1) // 2).cast(pl.Int8))
    notices = []
    if frame.height < AREAS:
        reason = f"It holds {frame.height:,} of the {AREAS:,} areas of England; the others have no quintile."
        notices.append(Notice("areas_missing", reason, frame.height, None, "warning"))
    passed = len(table.columns) - len(placed.places)
    reason = f"{passed} column(s) beside the decile were passed over."
    notices += [Notice("columns_passed_over", reason, frame.height)] if passed else []
    return Published(FEED, (), frame.select(contract.names), notices=(*placed.notices, *notices))


def organisations(held: pl.DataFrame) -> pl.DataFrame:
    """None: areas are not organisations."""
    contract = load_contract("organisations")
    return contract.empty().select("code", "level", "name", "parent", "valid_from", "valid_to", "successor")


def _without_others(table: TextTable) -> TextTable:
    """The table without other domains' columns, which are known by what they end in."""
    ours = {word for words in COLUMNS.values() for word in words}
    kept = [
        at
        for at, name in enumerate(table.columns)
        if key(name) in ours or not _PASSED_OVER.fullmatch(key(name))
    ]
    cells = table.cells.select("row", *(pl.col(str(at)).alias(str(new)) for new, at in enumerate(kept)))
    return TextTable(table.file, tuple(table.columns[at] for at in kept), cells, table.notes)


def _check(placed: Placed, areas: pl.DataFrame) -> None:
    doubled = areas.filter(pl.col("lsoa").is_duplicated()).group_by("lsoa", maintain_order=True).agg("row")
    if doubled.height:
        code, rows = doubled.row(0)
        raise RefusedFile(
            f"{placed.file}: the area {code} stands in rows {' and '.join(map(str, rows))}, not once."
        )
    if "rank" not in placed.places:
        return
    ranked = areas.with_columns(pl.col("rank").cast(pl.Float64)).sort("rank", "decile")
    wrong = ranked.filter(pl.col("decile") < pl.col("decile").cum_max())
    if wrong.height:
        row, code = wrong.select("row", "lsoa").row(0)
        raise RefusedFile(
            f"{placed.file}: row {row}: {code} is in a more deprived decile than an area of lower rank."
        )
