"""Reconciliation: what local records give beside what was published of the same thing."""

import polars as pl

from metrics.indicator import Indicator

TOLERANCE_POINTS = 0.01
"""Shares: one point. A trust's four-hour share moves by 1.1 points from one month to the next in the middle
case (57 published files), so less than that apart cannot be told from an ordinary month."""

TOLERANCE_SHARE = 0.02
"""Other values, and the counts behind all of them: 2%. Records go on arriving after a return is made, and a
month's settle within that; trusts' returns that were revised moved by 5% to 7%, and should be seen."""

ROUNDING = 1e-9
"""So that exactly 2% is not beyond 2%."""

AGREES, DIFFERS, CANNOT = "agrees", "differs", "cannot compare"
KEYS = ("level", "organisation", "period")
SIDES = ("local", "published")
COMPARED = (
    *KEYS,
    *(f"{side}_{name}" for name in ("value", "numerator", "denominator", "status") for side in SIDES),
    *("difference", "denominator_difference", "tolerance", "denominator_tolerance", "outcome", "reason"),
)


def tolerance(indicator: Indicator) -> float:
    """How far two values may be apart: points for a share, otherwise a share of the published value."""
    return TOLERANCE_POINTS if indicator.kind == "proportion" else TOLERANCE_SHARE


def compared(local: pl.DataFrame, published: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """Local and published figures of the same organisation and month side by side, in COMPARED.

    Both have KEYS, value, numerator, denominator and status. Rows are those of organisations that local
    records are held of, in the months that both are held for. `difference` is local less published: in the
    value's unit for a share, otherwise as a share of the published value; `denominator_difference` is always
    such a share. "agrees" within both tolerances, "differs" beyond either; "cannot compare" where one side
    has no figure, and `reason` says which.
    """
    months = local.select("period").unique().join(published.select("period").unique(), on="period")
    kept = [
        frame.join(months, on="period", how="semi")
        .join(local.select("level", "organisation").unique(), on=["level", "organisation"], how="semi")
        .select(*KEYS, *(pl.col(name).alias(f"{side}_{name}") for name in FIGURES))
        for side, frame in zip(SIDES, (local, published), strict=True)
    ]
    both = kept[0].join(kept[1], on=KEYS, how="full", coalesce=True)
    ours, theirs = pl.col("local_value"), pl.col("published_value")
    apart = ours - theirs if indicator.kind == "proportion" else _share(ours, theirs)
    counts = _share(pl.col("local_denominator"), pl.col("published_denominator"))
    allowed = tolerance(indicator)
    value_off = pl.col("difference").abs() > allowed + ROUNDING
    counts_off = (pl.col("denominator_difference").abs() > TOLERANCE_SHARE + ROUNDING).fill_null(False)
    neither = pl.col("difference").is_null()
    reason = (
        pl.when(pl.col("local_status").is_null())
        .then(pl.lit("no local records of this month"))
        .when(pl.col("published_status").is_null())
        .then(pl.lit("nothing is published of it for this month"))
        .when(ours.is_null())
        .then(pl.format("the local figure is {}", _words("local_status")))
        .when(theirs.is_null())
        .then(pl.format("the published figure is {}", _words("published_status")))
        .when(neither)
        .then(pl.lit("the published figure is 0"))
        .when(value_off & counts_off)
        .then(pl.lit("both the value and the count behind it are beyond the tolerance"))
        .when(value_off)
        .then(pl.lit("the value is beyond the tolerance"))
        .when(counts_off)
        .then(pl.lit("the count behind it is beyond the tolerance"))
        .otherwise(pl.lit("within the tolerance"))
    )
    outcome = (
        pl.when(neither)
        .then(pl.lit(CANNOT))
        .when(value_off | counts_off)
        .then(pl.lit(DIFFERS))
        .otherwise(pl.lit(AGREES))
    )
    return (
        both.with_columns(apart.alias("difference"), counts.alias("denominator_difference"))
        .with_columns(
            pl.lit(allowed).alias("tolerance"),
            pl.lit(TOLERANCE_SHARE).alias("denominator_tolerance"),
            outcome.alias("outcome"),
            reason.alias("reason"),
        )
        .select(COMPARED)
        .sort(KEYS)
    )


FIGURES = ("value", "numerator", "denominator", "status")


def _share(ours: pl.Expr, theirs: pl.Expr) -> pl.Expr:
    return pl.when(theirs != 0).then((ours - theirs) / theirs)


def _words(status: str) -> pl.Expr:
    return pl.col(status).str.replace_all("_", " ")
