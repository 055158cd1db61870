"""Funnel plots: which organisations differ from the rest by more than chance, allowing for over-dispersion.

After Spiegelhalter (Statistics in Medicine, 2005; funnel plots for institutional comparison) with the
additive random effects that NHS England and the UK's public health tools use. Descriptive, not evaluative,
where case mix is not adjusted for.
"""

import math
from collections.abc import Sequence
from typing import Literal

import polars as pl

from metrics.intervals import Z_95, Z_998
from metrics.poisson import poisson_limits

Kind = Literal["proportion", "rate"]
TAILS = 0.1
"""z scores beyond the 10th and 90th percentiles are pulled in to them before dispersion is measured."""


def funnel(
    frame: pl.DataFrame, kind: Kind, *, by: Sequence[str] = (), per: int = 1, overdispersion: bool = True
) -> pl.DataFrame:
    """The frame with, for each organisation, where it stands in its funnel.

    `frame` has one row for each organisation (within `by`: a funnel is drawn for each) with numerator and
    denominator. Adds value and average (`per` x), lower_95, upper_95, lower_998, upper_998 (the same unit),
    phi and tau_squared (of the funnel), z (against the limits' own spread) and position: "within",
    "above_95", "above_998", "below_95", "below_998"; null where there is no numerator or no positive
    denominator.

    Proportions are compared on the arcsine scale, sin squared of limits kept within 0 and 1. Rates are
    compared on the square root scale when over-dispersed; otherwise their limits are exact Poisson limits.
    """
    r, n = pl.col("numerator").cast(pl.Float64), pl.col("denominator").cast(pl.Float64)
    known = r.is_not_null() & (n > 0)
    groups: list[str | pl.Expr] = [*by] or [pl.lit(1)]
    average = (r.filter(known).sum() / n.filter(known).sum()).over(*groups)
    scaled = pl.col("share").sqrt().arcsin() if kind == "proportion" else pl.col("share").sqrt()
    centre = pl.col("mean").sqrt().arcsin() if kind == "proportion" else pl.col("mean").sqrt()
    rows = (
        frame.with_columns(
            share=pl.when(known).then(r / n), mean=average, s=pl.when(known).then(1 / (2 * n.sqrt()))
        )
        .with_columns(y=scaled, theta=centre)
        .with_columns(raw=(pl.col("y") - pl.col("theta")) / pl.col("s"))
        .with_columns(phi=_dispersion().over(*groups), count=pl.col("raw").count().over(*groups))
        .with_columns(tau_squared=_between_variance().over(*groups) if overdispersion else pl.lit(0.0))
    )
    spread = (pl.col("s") ** 2 + pl.col("tau_squared")).sqrt()
    rows = rows.with_columns(z=(pl.col("y") - pl.col("theta")) / spread)
    for name, z in (("95", Z_95), ("998", Z_998)):
        rows = rows.with_columns(
            _back(pl.col("theta") - z * spread, kind).alias(f"lower_{name}"),
            _back(pl.col("theta") + z * spread, kind).alias(f"upper_{name}"),
        )
        if kind == "rate":
            rows = _with_exact_limits(rows, name, z)
    limits = [f"{side}_{name}" for name in ("95", "998") for side in ("lower", "upper")]
    share = pl.col("share")
    return rows.select(
        *(name for name in frame.columns if name != "value"),
        (share * per).alias("value"),
        (pl.col("mean") * per).alias("average"),
        *(pl.col(limit) * per for limit in limits),
        "phi",
        "tau_squared",
        "z",
        pl.when(share.is_null())
        .then(None)
        .when(share > pl.col("upper_998"))
        .then(pl.lit("above_998"))
        .when(share < pl.col("lower_998"))
        .then(pl.lit("below_998"))
        .when(share > pl.col("upper_95"))
        .then(pl.lit("above_95"))
        .when(share < pl.col("lower_95"))
        .then(pl.lit("below_95"))
        .otherwise(pl.lit("within"))
        .alias("position"),
    )


def _dispersion() -> pl.Expr:
    """phi: the mean square of winsorised z scores; 1 is what chance alone would give."""
    raw = pl.col("raw")
    low, high = raw.quantile(TAILS, "linear"), raw.quantile(1 - TAILS, "linear")
    return (raw.clip(low, high) ** 2).sum() / raw.count()


def _between_variance() -> pl.Expr:
    """tau squared: the variance between organisations, over and above chance (DerSimonian and Laird)."""
    weight = pl.col("s") ** -2
    excess = pl.col("phi") * pl.col("count") - (pl.col("count") - 1)
    scale = weight.sum() - (weight**2).sum() / weight.sum()
    return pl.when((excess > 0) & (scale > 0)).then(excess / scale).otherwise(0.0)


def _back(scaled: pl.Expr, kind: Kind) -> pl.Expr:
    """A limit on the scale of the data; squaring an angle beyond its range would fold it back inside."""
    if kind == "proportion":
        return scaled.clip(0, math.pi / 2).sin() ** 2
    return scaled.clip(lower_bound=0) ** 2


def _with_exact_limits(rows: pl.DataFrame, name: str, z: float) -> pl.DataFrame:
    """Rows with exact Poisson limits where the funnel is not over-dispersed."""
    n = rows["denominator"].cast(pl.Float64)
    lower, upper = poisson_limits(rows["mean"] * n.set(rows["share"].is_null(), None), z)
    exact = pl.col("tau_squared") == 0
    return rows.with_columns(
        pl.when(exact).then(lower / n).otherwise(f"lower_{name}").alias(f"lower_{name}"),
        pl.when(exact).then(upper / n).otherwise(f"upper_{name}").alias(f"upper_{name}"),
    )
