"""Where fetched files came from: address, validators, hash. A file's submission is found by its hash."""

from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import desc, func, insert, select, update

from warehouse import frames
from warehouse.fetched_table import fetched
from warehouse.home import Home

COLUMNS: frames.Schema = {
    "publication": pl.String,
    "address": pl.String,
    "final_address": pl.String,
    "page": pl.String,
    "file_name": pl.String,
    "period": pl.Date,
    "fetched_at": frames.MOMENT,
    "seen_at": frames.MOMENT,
    "etag": pl.String,
    "last_modified": pl.String,
    "bytes": pl.Int64,
    "sha256": pl.String,
}
"""`address` is the link followed, `final_address` where it led, `page` where the link stood; `period` is the
month the link names; `seen_at` is when the server last said that it still gives this content."""


def record(home: Home, row: dict[str, Any]) -> None:
    """Note a file by COLUMNS; content seen again at its address only brings its note up to date."""
    mine = (fetched.c.address == row["address"]) & (fetched.c.sha256 == row["sha256"])
    fresh = {name: row[name] for name in ("seen_at", "etag", "last_modified", "final_address", "page")}
    with home.writing() as connection:
        if not connection.execute(update(fetched).where(mine).values(fresh)).rowcount:
            connection.execute(insert(fetched).values(row))


def seen_again(home: Home, address: str, sha256: str, moment: datetime) -> None:
    """Note that the server still gives this content at this address."""
    mine = (fetched.c.address == address) & (fetched.c.sha256 == sha256)
    with home.writing() as connection:
        connection.execute(update(fetched).where(mine).values(seen_at=moment))


def newest(home: Home, address: str) -> dict[str, Any] | None:
    """What was last fetched from an address, by COLUMNS; None when nothing was."""
    wanted = (
        select(*(fetched.c[name] for name in COLUMNS))
        .where(fetched.c.address == address)
        .order_by(desc(fetched.c.seen_at), desc(fetched.c.id))
        .limit(1)
    )
    with home.reading() as connection:
        found = connection.execute(wanted).mappings().first()
    return None if found is None else dict(found)


def name_taken(home: Home, publication: str, file_name: str, address: str) -> bool:
    """Whether a publication has a file of this name, whatever its case, from another address."""
    wanted = select(fetched.c.id).where(
        fetched.c.publication == publication,
        func.lower(fetched.c.file_name) == file_name.lower(),
        fetched.c.address != address,
    )
    with home.reading() as connection:
        return connection.execute(wanted.limit(1)).first() is not None


def read(home: Home, publication: str | None = None) -> pl.DataFrame:
    """Every fetched file (of one publication), newest first, in COLUMNS."""
    wanted = select(*(fetched.c[name] for name in COLUMNS)).order_by(desc(fetched.c.id))
    if publication is not None:
        wanted = wanted.where(fetched.c.publication == publication)
    with home.reading() as connection:
        return frames.fetch(connection, wanted, COLUMNS)
