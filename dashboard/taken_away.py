"""Rows fit to be taken away: in full precision, with the definition on every row."""

from io import BytesIO

import polars as pl

from dashboard import wording
from metrics.indicator import Indicator


def with_definition(one: Indicator, rows: pl.DataFrame, level: str | None = None) -> pl.DataFrame:
    """Attach the definition to every row, so that a table taken away still says what it is.

    `level` of the organisations: where care is counted by its place, a rate is a plain count.
    """
    return rows.with_columns(
        pl.lit(one.title).alias("measure"),
        pl.lit(wording.axis_title(one, level in wording.PLACES_OF_CARE)).alias("unit"),
        pl.lit(one.better).alias("better"),
        pl.lit(one.meaning).alias("definition"),
        pl.lit(one.version).alias("definition_version"),
        pl.lit(one.definition_status).alias("definition_status"),
        pl.lit(one.source).alias("definition_source"),
        pl.lit(one.numerator_title).alias("numerator_is"),
        pl.lit(one.denominator_title or None, pl.String).alias("denominator_is"),
    )


def as_parquet(rows: pl.DataFrame) -> bytes:
    """Write a frame as Parquet."""
    out = BytesIO()
    rows.write_parquet(out)
    return out.getvalue()
