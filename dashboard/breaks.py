"""Known breaks of a measure as notes on its charts: declared with the measure, not written by people."""

from datetime import UTC, datetime, time

import polars as pl

from metrics.indicator import Indicator
from warehouse import notes

BREAK = "break"
DECLARED = "the measure's definition"


def noted(one: Indicator, lines: pl.DataFrame) -> pl.DataFrame:
    """Give a measure's declared breaks within the months of `lines` in `notes.COLUMNS`.

    Those about the organisation of `lines` alone; they count as known since the month they came in.
    """
    if lines.is_empty():
        return pl.DataFrame(schema=dict(notes.COLUMNS))
    whose = lines.select("level", "organisation").row(0)
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
        if each.concerns(*whose)
    ]
    found = pl.DataFrame(rows, schema=dict(notes.COLUMNS))
    return found.filter(pl.col("period") > lines["period"].min(), pl.col("period") <= lines["period"].max())
