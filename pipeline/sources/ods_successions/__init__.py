"""Which code took over from which (ODS successions, CSV: old code, new code, date) -> `ods_successions`.

Most codes are of practices and units that no published figure names: they are kept and do nothing. A code
that went to several is divided, and its history is carried over to none.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from data_contracts.contract import load_contract
from metrics.succession import in_circles
from pipeline.delimited import TextTable
from pipeline.reading import RefusedFile
from pipeline.sources.headers import known, place
from pipeline.sources.published import Notice, Published
from pipeline.sources.values import FAULTS_NAMED, refuse_cells

__all__ = ["FEED", "claims", "organisations", "read"]

FEED = "ods_successions"
COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("old code", "predecessor code", "predecessor"),
    "heir": ("new code", "successor code"),
    "since": ("date", "succession date", "effective date"),
}
_CODE = r"^[A-Z0-9]{2,9}$"


def claims(columns: Sequence[str]) -> bool:
    """Whether a file with these headers means to be this list (it may still be refused)."""
    return len(columns) <= 6 and {"code", "heir"} <= known(columns, COLUMNS)


def read(table: TextTable) -> Published:
    """The list as the feed's frame. Raises RefusedFile with a sentence for each fault."""
    placed = place(table, COLUMNS)
    text = placed.table.cells.select("row", *(placed.cell(name) for name in COLUMNS))
    day = pl.col("since").str.to_date("%Y-%m-%d", strict=False)
    for name, fits, what in (
        ("code", pl.col("code").str.contains(_CODE), "an organisation's code"),
        ("heir", pl.col("heir").str.contains(_CODE), "an organisation's code"),
        ("since", day.is_not_null(), "a day such as 2020-10-01"),
    ):
        refuse_cells(placed.file, placed.header(name), text.filter(~fits).select("row", name), what)
    if circle := in_circles(text):
        named = ", ".join(circle[:FAULTS_NAMED])
        raise RefusedFile(
            f"{placed.file}: successions run in a circle: {named}. Nobody has the history then."
        )
    itself = text.filter(pl.col("code") == pl.col("heir"))
    told = []
    if itself.height:
        reason = f"{itself.height} code(s) went on beside what was divided from them: they did not close."
        told.append(Notice("went_on", reason, itself.height))
    frame = text.select("code", "heir", since=day).unique(maintain_order=True)
    return Published(FEED, (), frame, notices=(*placed.notices, *told))


def organisations(held: pl.DataFrame) -> pl.DataFrame:
    """None: the list has codes and no names. `pipeline.sources.successions` follows it."""
    return (
        load_contract("organisations")
        .empty()
        .select("code", "level", "name", "parent", "valid_from", "valid_to", "successor")
    )
