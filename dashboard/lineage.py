"""Who is above, beside and below an organisation, and what an old code became."""

from typing import Any

import polars as pl
from sqlalchemy import select

from dashboard.kept import kept
from dashboard.names import readable
from dashboard.opening import home
from warehouse import frames, tables

MOST = 8
"""Steps up a hierarchy at most; a chain of parents that turns in a circle ends here."""

Row = dict[str, Any]


def levels_of(held: pl.DataFrame, code: str) -> list[str]:
    """Give the levels at which a code has figures, in the order of `queries.organisations`."""
    return held.filter(pl.col("code") == code)["level"].to_list()


def above(held: pl.DataFrame, code: str, level: str | None = None) -> list[Row] | None:
    """Give the organisations that one belongs to, nearest first; None for a code nobody has.

    `held` is `queries.organisations`. Without `level` the first with that code is taken. England is above
    all.
    """
    of_level = pl.col("level") == level if level else pl.lit(True)
    start = held.filter(pl.col("code") == code, of_level).head(1).to_dicts()
    if not start:
        return None
    found: list[Row] = []
    here = start[0]
    while len(found) < MOST and here["parent"]:
        parent = held.filter(pl.col("code") == here["parent"]).head(1).to_dicts()
        if not parent:
            break
        here = parent[0]
        found.append(here)
    nation = held.filter(pl.col("level") == "england").head(1).to_dicts()
    passed = {(row["level"], row["code"]) for row in (*start, *found)}
    return [*found, *(row for row in nation if (row["level"], row["code"]) not in passed)]


def inside(held: pl.DataFrame, code: str) -> pl.DataFrame:
    """Give the organisations whose parent a code is, as `queries.organisations` has them."""
    return held.filter(pl.col("parent") == code)


@kept(8)
def successions(edition: str) -> pl.DataFrame:
    """List every organisation that has ended with another in its place: code, name, valid_to, successor."""
    organisation = tables.organisation
    columns = (organisation.c[name] for name in ("level", "code", "name", "valid_to", "successor"))
    wanted = select(*columns).where(organisation.c.successor.is_not(None)).distinct()
    text = dict.fromkeys(("level", "code", "name"), pl.String)
    with home().reading() as connection:
        found = frames.fetch(connection, wanted, {**text, "valid_to": pl.Date, "successor": pl.String})
    return found.with_columns(readable(pl.col("name")))


def succession(edition: str, code: str) -> list[Row]:
    """Give the successions an old code went through, one after the other, each with its last successor."""
    ended = successions(edition)
    found: list[Row] = []
    for first in ended.filter(pl.col("code") == code).iter_rows(named=True):
        row = first
        for _ in range(MOST):
            found.append({**first, "successor": row["successor"]})
            later = ended.filter(pl.col("code") == row["successor"])
            if later.is_empty():
                break
            row = later.row(0, named=True)
    return found
