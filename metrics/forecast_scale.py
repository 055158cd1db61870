"""The scale a forecast is made on, where chance variation is even and no interval leaves the possible.

Shares are forecast as angles (asin sqrt p, as the funnel in METHODS 3 draws them), everything else as square
roots. On these scales the variation of a binomial share, or of a Poisson count, does not depend on its level;
0 and 1 are ordinary points, and a quantile brought back stays within 0..1, or at 0 or above.
"""

from math import erf, pi, sqrt
from statistics import NormalDist

import numpy as np
import polars as pl

from metrics.indicator import Indicator, Kind

RIGHT_ANGLE = pi / 2
RECENT_MONTHS = 12
NEVER_CERTAIN = 1e-6
"""The least spread on the working scale where a series' own events give none: keeps every chance defined."""


def to_working(kind: Kind, value: pl.Expr) -> pl.Expr:
    """A value -> the working scale."""
    return value.clip(0.0, 1.0).sqrt().arcsin() if kind == "proportion" else value.clip(0.0).sqrt()


def within(kind: Kind, working: pl.Expr) -> pl.Expr:
    """The working scale, held to what is possible."""
    return working.clip(0.0, RIGHT_ANGLE if kind == "proportion" else None)


def from_working(kind: Kind, working: pl.Expr) -> pl.Expr:
    """The working scale -> a value, 0..1 for a proportion and 0 or more for any other kind."""
    possible = within(kind, working)
    return possible.sin() ** 2 if kind == "proportion" else possible**2


def least_spread(indicator: Indicator) -> pl.Expr:
    """The standard deviation that counting alone gives, from the months in a group (an aggregation).

    A unit at 100% every month, or at no events, shows no variation; yet with 30 patients a month its next
    month could differ. Binomial for a share: 1 / (2 sqrt n). Poisson otherwise: half the root of what one
    event adds to the value. n is the median of the last `RECENT_MONTHS` months.
    """
    numerator, denominator, value = (pl.col(name) for name in ("numerator", "denominator", "value"))
    if indicator.kind == "proportion":
        one_event = 1 / denominator
    else:
        at_zero = indicator.scale / denominator
        one_event = pl.when(numerator > 0).then(value / numerator).otherwise(at_zero.fill_null(1.0))
    recent = one_event.filter(one_event.is_finite()).tail(RECENT_MONTHS).median().fill_null(0.0)
    return pl.max_horizontal(recent.sqrt() / 2, pl.lit(NEVER_CERTAIN))


def quantile(kind: Kind, share: float) -> pl.Expr:
    """The value that the forecast stays under with chance `share`, from `working_mean` and `working_sd`."""
    z = NormalDist().inv_cdf(share)
    return from_working(kind, pl.col("working_mean") + z * pl.col("working_sd"))


def chance_met(indicator: Indicator, target: pl.Expr) -> pl.Expr:
    """The chance that the value is at or better than `target`, from `working_mean` and `working_sd`.

    A target that no value can miss has chance 1, one that none can reach has chance 0: shares lie in 0..1,
    all else at 0 or above. Null where anything is null.
    """
    middle, spread = pl.col("working_mean"), pl.col("working_sd")
    standard = (middle - to_working(indicator.kind, target)) / spread
    at_or_above = standard.map_batches(_normal_cdf, return_dtype=pl.Float64)
    share = indicator.kind == "proportion"
    if indicator.better == "higher":
        chance = pl.when(target <= 0).then(1.0).when(share & (target > 1)).then(0.0).otherwise(at_or_above)
    else:
        below = (-standard).map_batches(_normal_cdf, return_dtype=pl.Float64)
        chance = pl.when(target < 0).then(0.0).when(share & (target >= 1)).then(1.0).otherwise(below)
    return pl.when(target.is_not_null() & middle.is_not_null()).then(chance)


def _normal_cdf(standard: pl.Series) -> pl.Series:
    curve = np.frompyfunc(lambda z: 0.5 * (1 + erf(z / sqrt(2))), 1, 1)
    known = standard.fill_null(0.0).to_numpy()
    return pl.Series(standard.name, curve(known).astype(np.float64), dtype=pl.Float64)
