"""Events ready to be grouped: text as categories, and one whole number for each combination of keys."""

from collections.abc import Sequence

import polars as pl

CELL = "cell"
ROOM = 2**63


def coded(events: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Add `CELL` (Int64), the same where all keys are the same (missing ones too); text becomes categories.

    One number is grouped at half the cost of the keys, and a category at half the cost of text. Keys are
    text, whole numbers or dates. Raises OverflowError where their combinations are more than can be numbered.
    """
    text = [name for name, dtype in events.schema.items() if dtype == pl.String]
    # Each column has categories of its own: those that columns share are numbered with gaps.
    frame = events.with_columns(pl.col(name).cast(pl.Categorical(pl.Categories.random())) for name in text)
    cell, cells = pl.lit(0, pl.Int64), 1
    for key in keys:
        code = pl.col(key).to_physical().cast(pl.Int64)
        least, most = frame.select(least=code.min().fill_null(0), most=code.max().fill_null(0)).row(0)
        width = most - least + 2
        cell = cell * width + (code - least + 1).fill_null(0)
        cells *= width
    if cells >= ROOM:
        raise OverflowError(f"{cells} combinations of {', '.join(keys)} are more than can be numbered")
    return frame.with_columns(cell.alias(CELL))
