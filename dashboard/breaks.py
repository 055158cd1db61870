"""Known breaks of a measure as notes on its charts: declared with the measure, not written by people."""

from datetime import UTC, datetime, time

import polars as pl

from metrics.indicator import Indicator
from warehouse import notes

BREAK = "break"
DECLARED = "the measure's definition"


def noted(one: Indicator, lines: pl.DataFrame) -> pl.DataFrame:
    """Give a measure's declared breaks within the months of `lines` in `notes.COLUMNS`.

    They count as known since the month they came in.
    """
    rows = [
        {
            "id": -1000 - at,
            "kind": BREAK,
            "indicator": one.id,
            "basis": each.basis,
            "level": each.level,
            "period": each.period,
            "reason": each.text,
            "author": DECLARED,
            "created_at": datetime.combine(each.period, time(), tzinfo=UTC),
        }
        for at, each in enumerate(one.breaks)
    ]
    found = pl.DataFrame(rows, schema=dict(notes.COLUMNS))
    return found.filter(pl.col("period") > lines["period"].min(), pl.col("period") <= lines["period"].max())
