"""Which practice belonged to which primary care network, and when (ODS `ePCN`, workbook) -> `pcn_members`.

A primary care network is not a neighbourhood: it is a group of practices, without a boundary, often of other
size. It is kept beside the neighbourhood map and never put in its place.
Source: NHS England Digital, ODS data downloads, `ePCN`: sheets of the networks and of their core partners.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from data_contracts.contract import load_contract
from pipeline.delimited import TextTable
from pipeline.reading import RefusedFile
from pipeline.sources.headers import Synonyms, known, place
from pipeline.sources.published import Notice, Published
from pipeline.sources.values import FAULTS_NAMED, refuse_cells
from pipeline.workbooks import Sheet, Workbook

__all__ = ["FEED", "claims", "in_workbook", "organisations", "read", "read_workbook"]

FEED = "pcn_members"
MEMBERS: Synonyms = {
    "practice_code": ("partner organisation code", "practice code"),
    "practice_name": ("partner name", "practice name"),
    "practice_sub_icb": ("practice parent sub icb loc code", "practice parent sub icb location code"),
    "practice_sub_icb_name": ("practice parent sub icb loc name", "practice parent sub icb location name"),
    "pcn_code": ("pcn code",),
    "pcn_name": ("pcn name",),
    "sub_icb_code": ("pcn parent sub icb loc code", "pcn parent sub icb location code"),
    "sub_icb_name": ("pcn parent sub icb loc name", "pcn parent sub icb location name"),
    "valid_from": ("practice to pcn relationship start date",),
    "valid_to": ("practice to pcn relationship end date",),
    "alike": ("practice sub icb loc and pcn sub icb loc match",),
}
NETWORKS: Synonyms = {
    "pcn_code": ("pcn code",),
    "pcn_name": ("pcn name",),
    "opened": ("open date",),
    "closed": ("close date",),
}
NEEDED = ("practice_code", "pcn_code", "pcn_name", "valid_from", "valid_to")
_PRACTICE = r"^[A-Z0-9]{3,9}$"
_NETWORK = r"^U[0-9]{5}$"


def claims(columns: Sequence[str]) -> bool:
    """Whether a table with these headers means to be the networks' partners (it may still be refused)."""
    return {"practice_code", "pcn_code", "valid_from"} <= known(columns, MEMBERS)


def in_workbook(book: Workbook) -> bool:
    """Whether some sheet holds the networks' partners."""
    return any(True for _ in book.headed(claims))


def read_workbook(book: Workbook) -> Published:
    """The sheet of partners, its networks held to the sheet of networks where there is one."""
    sheet, at = book.only(claims, "give the networks' partners")
    read_as = read(sheet.table(at))
    networks = [
        one for one in book.headed(lambda row: set(NETWORKS) <= known(row, NETWORKS)) if one[0] is not sheet
    ]
    return _held_to(networks[0], read_as, book.file) if networks else read_as


def read(table: TextTable) -> Published:
    """The partners as the feed's frame. Raises RefusedFile with a sentence for each fault."""
    placed = place(table, MEMBERS, optional=set(MEMBERS) - set(NEEDED))
    text = placed.table.cells.select("row", *(placed.cell(name) for name in placed.places))
    for name in set(MEMBERS) - set(placed.places):
        text = text.with_columns(pl.lit(None, pl.String).alias(name))
    first, last = _day("valid_from"), _day("valid_to")
    for name, fits, what in (
        ("practice_code", pl.col("practice_code").str.contains(_PRACTICE), "an organisation's code"),
        ("pcn_code", pl.col("pcn_code").str.contains(_NETWORK), "a primary care network's code"),
        ("pcn_name", pl.col("pcn_name") != "", "a name"),
        ("valid_from", first.is_not_null(), "a day such as 20191001"),
        ("valid_to", (pl.col("valid_to") == "") | last.is_not_null(), "a day such as 20200331, or nothing"),
        ("valid_to", (pl.col("valid_to") == "") | (last >= first), "a day after the membership began"),
    ):
        refuse_cells(table.file, placed.header(name), text.filter(~fits).select("row", name), what)
    # The day a membership ends is its last; the feed's is the first day after, as everywhere here.
    rows = text.with_columns(valid_from=first, valid_to=last.dt.offset_by("1d"))
    written = rows.height
    frame = rows.select(*load_contract(FEED).names).unique(maintain_order=True)
    doubled = frame.group_by("practice_code", "pcn_code", "valid_from").len().filter(pl.col("len") > 1)
    if doubled.height:
        raise RefusedFile(
            *(
                f"{table.file}: {practice} joins {network} on {day} more than once, with different ends."
                for practice, network, day, _ in doubled.sort("practice_code").head(FAULTS_NAMED).iter_rows()
            )
        )
    told = []
    if written > frame.height:
        alike = written - frame.height
        told.append(Notice("rows_repeated", f"{alike} row(s) stand twice, alike in everything.", alike))
    twice = _at_once(frame)
    if twice:
        reason = f"{len(twice)} practice(s) are in two networks at once: {', '.join(twice[:FAULTS_NAMED])}."
        told.append(Notice("two_networks", reason, len(twice), "pcn_code"))
    return Published(FEED, (), frame.sort("practice_code", "valid_from"), notices=(*placed.notices, *told))


def _day(name: str) -> pl.Expr:
    compact = pl.col(name).str.to_date("%Y%m%d", strict=False)
    return pl.coalesce(compact, pl.col(name).str.to_date("%Y-%m-%d", strict=False))


def _at_once(frame: pl.DataFrame) -> list[str]:
    """Practices whose next membership begins before the one before has ended."""
    ordered = frame.sort("practice_code", "valid_from")
    before = pl.col("valid_to").shift(1).over("practice_code")
    first = pl.int_range(pl.len()).over("practice_code") == 0
    overlaps = ordered.filter(~first & (before.is_null() | (before > pl.col("valid_from"))))
    return overlaps["practice_code"].unique().sort().to_list()


def _held_to(networks: tuple[Sheet, int], members: Published, file: str) -> Published:
    """The partners, with a notice of networks that the list of networks does not have or names otherwise."""
    sheet, at = networks
    table = sheet.table(at)
    columns = {name: next(i for i, c in enumerate(table.columns) if known([c], {name: words}))
               for name, words in NETWORKS.items()}  # fmt: skip
    listed = table.cells.select(*(pl.col(str(at)).alias(name) for name, at in columns.items()))
    refuse_cells(
        file,
        table.columns[columns["pcn_code"]],
        table.cells.select("row", pcn_code=str(columns["pcn_code"])).filter(
            ~pl.col("pcn_code").str.contains(_NETWORK)
        ),
        "a primary care network's code",
    )
    named = members.frame.select("pcn_code").unique()
    strange = named.join(listed, on="pcn_code", how="anti")["pcn_code"].sort().to_list()
    without = listed.join(named, on="pcn_code", how="anti").height
    told = list(members.notices)
    if strange:
        reason = f"{len(strange)} network(s) are not in the sheet '{sheet.name}': {', '.join(strange[:5])}."
        told.append(Notice("network_not_listed", reason, len(strange), "pcn_code", "warning"))
    if without:
        told.append(
            Notice("network_without_practice", f"{without} listed network(s) have no practice.", without)
        )
    return Published(members.feed, members.periods, members.frame, members.companions, tuple(told))


def organisations(held: pl.DataFrame) -> pl.DataFrame:
    """None: a network is not a level of the organisations here."""
    columns = ("code", "level", "name", "parent", "valid_from", "valid_to", "successor")
    return load_contract("organisations").empty().select(columns)
