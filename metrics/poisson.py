"""Exact Poisson limits, without a statistics library: the gamma distribution's quantiles by Halley's method.

The limits around an expected count E are half the chi-squared quantiles on 2E and 2E + 2 degrees of freedom,
which are gamma quantiles of shape E and E + 1.
"""

import math
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
LARGE = 2e4
"""From this shape on Wilson and Hilferty's formula alone is right to eight figures and is used as it is."""

SMALLEST = 1e-300


def poisson_limits(expected: pl.Series, z: float) -> tuple[pl.Series, pl.Series]:
    """Lower and upper exact Poisson limits around expected counts; null where none is expected."""
    tail = math.erfc(z / math.sqrt(2)) / 2
    mean = expected.cast(pl.Float64).fill_null(0).fill_nan(0).to_numpy()
    known = pl.Series(mean > 0)
    usable = np.where(mean > 0, mean, 1.0)
    lower, upper = gamma_quantile(usable, tail), gamma_quantile(usable + 1, 1 - tail)
    return pl.Series(lower).set(~known, None), pl.Series(upper).set(~known, None)


def gamma_quantile(shape: Floats, chance: float) -> Floats:
    """x such that a gamma variable of this shape and scale 1 stays under x with this chance."""
    normal = NormalDist().inv_cdf(chance)
    x = shape * (1 - 1 / (9 * shape) + normal / (3 * np.sqrt(shape))) ** 3
    exact = shape < LARGE
    x[exact] = _halley(shape[exact], chance, x[exact])
    return x


def _halley(shape: Floats, chance: float, guess: Floats) -> Floats:
    """`gamma_quantile` from a guess; far down the tail of small shapes x^shape / shape! is a better one."""
    log_gamma = np.array([math.lgamma(value) for value in shape])
    tail = np.exp((math.log(chance) + log_gamma + np.log(shape)) / shape)
    x = np.maximum(
        np.where((guess > 0.05 * shape) & (shape > 1), guess, np.minimum(tail, shape + 20)), SMALLEST
    )
    for _ in range(100):
        density = np.exp((shape - 1) * np.log(x) - x - log_gamma)
        newton = (lower_share(shape, x) - chance) / np.maximum(density, SMALLEST)
        step = newton / (1 - np.clip(newton * ((shape - 1) / x - 1), -1, 1) / 2)
        moved = np.clip(x - step, np.maximum(x / 2, SMALLEST), 2 * x)
        if np.all(np.abs(moved - x) <= 1e-12 * x):
            break
        x = moved
    return x


def lower_share(shape: Floats, x: Floats) -> Floats:
    """The regularised lower incomplete gamma function: a series below the mean, a fraction above it."""
    log_gamma = np.array([math.lgamma(value) for value in shape])
    scale = np.exp(shape * np.log(x) - x - log_gamma)
    share: Floats = np.where(x < shape + 1, scale * _series(shape, x), 1 - scale * _fraction(shape, x))
    return share


def _series(shape: Floats, x: Floats) -> Floats:
    """Sum of x^n / (shape (shape + 1) ... (shape + n)); only meant where x < shape + 1."""
    x = np.minimum(x, shape + 1)
    term = 1 / shape
    total, at = term.copy(), shape.copy()
    while np.any(term > total * 1e-16):
        at = at + 1
        term = term * x / at
        total = total + term
    return total


def _fraction(shape: Floats, x: Floats) -> Floats:
    """The upper tail's continued fraction by Lentz's method; only meant where x >= shape + 1."""
    x = np.maximum(x, shape + 1)
    b = x + 1 - shape
    c, d = np.full_like(x, 1e300), 1 / b
    total = d.copy()
    for number in range(1, 100_000):
        a = -number * (number - shape)
        b = b + 2
        d = 1 / (a * d + b)
        c = b + a / c
        change = c * d
        total = total * change
        if np.all(np.abs(change - 1) < 1e-14):
            break
    return total
