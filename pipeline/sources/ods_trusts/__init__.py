"""NHS trusts from the Organisation Data Service (`etr`, CSV without a header) -> the feed `ods_trusts`.

Each of 27 quoted columns is known by its place: code, name, region, integrated care board, five lines of
address, postcode, day opened, day closed, and what is not kept. A file is the whole list. No file says when
it was made; the one with the newest day of a trust opened or closed stands, whichever was loaded last.
Source: NHS England, ODS data downloads, file specification for the "e" files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import polars as pl

from pipeline.delimited import TextTable
from pipeline.reading import RefusedFile
from pipeline.sources import regions
from pipeline.sources.published import Notice, Published
from pipeline.sources.values import FAULTS_NAMED, refuse_cells

__all__ = ["FEED", "claims", "newest_day", "organisations", "read"]

FEED = "ods_trusts"
WIDTH = 27
CODE, NAME, REGION, SYSTEM, POSTCODE, OPENED, CLOSED = 0, 1, 2, 3, 9, 10, 11
# Integrated care boards began in July 2022; those made by the mergers of April 2026 have codes of five.
BOARDS_SINCE, NEW_CODES_SINCE = date(2022, 7, 1), date(2026, 4, 1)
_TRUST = r"^[A-Z0-9]{3,5}$"
_SYSTEM = r"^(Q[A-Z0-9]{2}|[A-Z][0-9][A-Z][0-9][A-Z])$"
_WALES = ("W00", "Q99")
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}")
_DAY = re.compile(r"[12][0-9]{7}")


def claims(columns: Sequence[str]) -> bool:
    """Whether the first row, which is no header, is a trust's."""
    return len(columns) == WIDTH and (
        bool(_DAY.fullmatch(columns[OPENED])) + bool(_POSTCODE.fullmatch(columns[POSTCODE])) >= 1
    )


def read(table: TextTable) -> Published:
    """The file as the feed's frame. Raises RefusedFile with a sentence for each fault."""
    if len(table.columns) != WIDTH:
        raise RefusedFile(f"{table.file}: {len(table.columns)} columns where this list has {WIDTH}.")
    first = dict(zip(map(str, range(WIDTH)), table.columns, strict=True)) | {"row": 1}
    cells = pl.concat([pl.DataFrame(first, schema=table.cells.schema), table.cells])
    text = cells.select(
        "row",
        *(
            pl.col(str(at)).str.strip_chars().str.replace_all(r"\s+", " ").alias(name)
            for name, at in (
                ("code", CODE), ("name", NAME), ("region", REGION), ("system", SYSTEM), ("opened", OPENED),
                ("closed", CLOSED),
            )
        ),
    )  # fmt: skip
    _refuse(table.file, text)
    days = [pl.col(name).str.to_date("%Y%m%d", strict=False) for name in ("opened", "closed")]
    read = text.with_columns(days)
    frame = read.select(
        "code",
        org_name="name",
        region_code=pl.when(pl.col("region").is_in(list(regions.REGIONS))).then("region"),
        system_code=pl.when(pl.col("system").str.contains(_SYSTEM) & ~pl.col("system").is_in(_WALES)).then(
            "system"
        ),
        opened="opened",
        closed="closed",
    ).sort("code")
    nowhere = frame.filter(pl.col("region_code").is_null())
    notices = []
    if nowhere.height:
        reason = f"{', '.join(nowhere['code'])} are in no region of England and stand under none."
        notices.append(Notice("no_region", reason, nowhere.height, "column 3"))
    return Published(FEED, (), frame, notices=tuple(notices))


def newest_day(frame: pl.DataFrame) -> date:
    """The newest day on which a trust of this list opened or closed: of two lists the later one says more."""
    days = pl.concat([frame["opened"], frame["closed"]]).drop_nulls()
    return max(days)


def _refuse(file: str, text: pl.DataFrame) -> None:
    systems = (
        pl.col("system").str.contains(_SYSTEM) | (pl.col("system") == "") | pl.col("system").is_in(_WALES)
    )
    known_regions = pl.col("region").is_in([*regions.REGIONS, *_WALES, ""])
    day = [_real_days(text[name]) for name in ("opened", "closed")]
    for column, fits, what in (
        ("code", pl.col("code").str.contains(_TRUST), "a trust's code"),
        ("name", pl.col("name") != "", "a name"),
        ("region", known_regions, "a region's code"),
        ("system", systems, "a code of an integrated care board"),
        ("opened", pl.col("opened").is_in(day[0]), "a day such as 20240401"),
        ("closed", pl.col("closed").is_in(["", *day[1]]), "a day such as 20240401"),
    ):
        place = (
            ("code", "name", "region", "system").index(column) + 1 if column in _FIRST else _PLACES[column]
        )
        refuse_cells(file, str(place), text.filter(~fits).select("row", column), what)
    doubled = text.group_by("code", maintain_order=True).agg("row").filter(pl.col("row").list.len() > 1)
    faults = [
        f"{file}: the trust {code} stands in rows {' and '.join(map(str, rows))}, not once."
        for code, rows in doubled.iter_rows()
    ]
    backwards = text.filter((pl.col("closed") != "") & (pl.col("closed") < pl.col("opened")))
    faults += [
        f"{file}: row {row}: {code} closed before it opened."
        for row, code in backwards.select("row", "code").rows()
    ]
    if faults:
        raise RefusedFile(*faults[:FAULTS_NAMED])


_FIRST = ("code", "name", "region", "system")
_PLACES = {"opened": OPENED + 1, "closed": CLOSED + 1}


def _real_days(texts: pl.Series) -> list[str]:
    days = texts.unique()
    fits = days.str.contains(r"^[12][0-9]{7}$") & days.str.to_date("%Y%m%d", strict=False).is_not_null()
    return days.filter(fits).to_list()


def organisations(held: pl.DataFrame) -> pl.DataFrame:
    """Trusts from the day they opened to the day they closed, under their boards, and boards under regions.

    A board's name is not in this list: until another publication gives it, its code stands for it.
    """
    trusts = held.filter(pl.col("region_code").is_not_null()).select(
        "code",
        name="org_name",
        level=pl.lit("provider"),
        parent=pl.coalesce("system_code", "region_code"),
        valid_from="opened",
        valid_to=pl.col("closed").dt.offset_by("1d"),
    )
    open_trusts = held.filter(pl.col("closed").is_null() & pl.col("system_code").is_not_null())
    systems = open_trusts.group_by(code="system_code").agg(
        name=pl.col("system_code").first(),
        level=pl.lit("system"),
        parent=pl.col("region_code").mode().sort().first(),
        valid_from=pl.when(pl.col("system_code").first().str.starts_with("Q"))
        .then(pl.lit(BOARDS_SINCE))
        .otherwise(pl.lit(NEW_CODES_SINCE)),
        valid_to=pl.lit(None, dtype=pl.Date),
    )
    columns = ["code", "level", "name", "parent", "valid_from", "valid_to"]
    return (
        pl.concat([trusts.select(columns), systems.select(columns)])
        .with_columns(successor=pl.lit(None, dtype=pl.String))
        .sort("level", "code")
    )
