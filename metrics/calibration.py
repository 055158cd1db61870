"""Did chances once given come true? Bands of chance, each held against the share met, with its interval."""

from collections.abc import Sequence

import polars as pl

from metrics.intervals import wilson

TENTHS = 10
FEWEST_SERIES = 10
"""Bands on fewer series get no verdict."""
FITS, KIND, HARSH, FEW = "in line", "too kind", "too harsh", "too few to say"


def bands(sums: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Sums of back tests -> ten rows for each group of `by`, empty ones too: how chances given came true.

    `sums` has `by`, `tenth` (0 to 9), `questions`, `series`, `chance_sum` and `met`; rows of a tenth are
    added up. Gives `by`, `tenth`, `chance_from`, `chance_to`, `questions`, `series`, `chance_given` (mean),
    `share_met`, `met_low`, `met_high` and `verdict`.

    The interval is Wilson's 95%, with each series counted once, however many months of it were asked about:
    months of a series hang together. So it errs on the wide side. "too kind": the chance given lies above
    it; "too harsh": below it; under `FEWEST_SERIES` series nothing is said.
    """
    every = pl.DataFrame({"tenth": range(TENTHS)}, schema={"tenth": pl.Int64})
    if by:
        every = sums.select(by).unique(maintain_order=True).join(every, how="cross")
    columns = ("questions", "series", "chance_sum", "met")
    found = sums.group_by(*by, "tenth").agg(pl.col(columns).sum())
    given = pl.col("chance_sum") / pl.col("questions")
    met = pl.col("met") / pl.col("questions")
    low, high = wilson(pl.col("share_met") * pl.col("series"), pl.col("series"))
    some = pl.col("questions") > 0
    return (
        every.join(found, on=[*by, "tenth"], how="left", maintain_order="left")
        .with_columns(pl.col("questions", "series").fill_null(0))
        .with_columns(
            chance_from=pl.col("tenth") / TENTHS,
            chance_to=(pl.col("tenth") + 1) / TENTHS,
            chance_given=pl.when(some).then(given),
            share_met=pl.when(some).then(met),
        )
        .with_columns(met_low=low, met_high=high)
        .with_columns(verdict=_verdict())
        .drop("chance_sum", "met")
    )


def whole(sums: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """All bands of each group together: `by`, questions, chance_given, share_met.

    `series` cannot be added up over tenths (a series asks in several), so there is no interval here.
    """
    added = pl.col("questions", "chance_sum", "met").sum()
    found = sums.group_by(by, maintain_order=True).agg(added) if by else sums.select(added)
    return found.filter(pl.col("questions") > 0).select(
        *by,
        "questions",
        chance_given=pl.col("chance_sum") / pl.col("questions"),
        share_met=pl.col("met") / pl.col("questions"),
    )


def _verdict() -> pl.Expr:
    given = pl.col("chance_given")
    return (
        pl.when(pl.col("series") < FEWEST_SERIES)
        .then(pl.lit(FEW))
        .when(given > pl.col("met_high"))
        .then(pl.lit(KIND))
        .when(given < pl.col("met_low"))
        .then(pl.lit(HARSH))
        .otherwise(pl.lit(FITS))
    )
