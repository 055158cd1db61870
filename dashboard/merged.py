"""Mergers as notes on a chart: marked at their month, proposing that limits start afresh there."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import wording
from metrics.footprint import AS_WAS
from warehouse import mergers, notes

MERGER, ENDED = "merger", "ended"
SOURCE = "list of successions"
KINDS_OF = {"provider": "trust", "system": "board"}


def noted(
    held: pl.DataFrame, indicator: str, basis: str, level: str, code: str, footprint: str
) -> pl.DataFrame:
    """Give the mergers that made an organisation, or ended it, in `notes.COLUMNS`.

    `held`: `warehouse.mergers.COLUMNS`. On the footprint "as_was" nothing was carried over: then there is
    only what became of the organisation itself.
    """
    mine = held.filter(indicator=indicator, basis=basis, level=level)
    ended = mine.filter(pl.col("parts").list.contains(code)) if footprint == AS_WAS else mine.clear()
    here = ended if ended.height else mine.filter(organisation=code)
    this = f"this {KINDS_OF.get(level, 'organisation')}"
    rows = [
        (row, f"{wording.listing(row['parts'])} merged into {row['organisation'] if ended.height else this}")
        for row in here.iter_rows(named=True)
    ]
    made = [
        {
            "id": -at,
            "kind": ENDED if ended.height else MERGER,
            "indicator": indicator,
            "basis": basis,
            "level": level,
            "organisation": code,
            "period": row["period"],
            "reason": f"{said}, {wording.month(row['period'])}",
            "author": SOURCE,
            "created_at": row["known_from"],
        }
        for at, (row, said) in enumerate(rows, 1)
    ]
    return pl.DataFrame(made, schema=dict(notes.COLUMNS))


def proposal(row: Mapping[str, Any]) -> str:
    """Say in Markdown what a merger proposes, and the command by which somebody may decide it."""
    month = row["period"]
    command = mergers.proposed(row["organisation"], row, row["reason"])
    return (
        f"A merger proposes that limits start afresh from {wording.month(month)}; they do not until somebody "
        f"decides so: `{command}`"
    )
