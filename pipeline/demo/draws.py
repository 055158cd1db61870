"""Random draws for many records at once, each part of the region from its own stream."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

SLOTS = 4096
"""Shares are held to one part in this many: a choice is then one look-up, however many options it has."""

STREAMS = (
    "geography",
    "people",
    "cohorts",
    "emergency_care_attendances",
    "outpatient_appointments",
    "outpatient_referrals",
    "specialist_advice_requests",
    "inpatient_spells",
    "ambulance_incidents",
)


def stream(seed: int, part: int, name: str, number: int = 0) -> np.random.Generator:
    """The generator of one feed and month: the same whatever else is drawn, and in whatever order."""
    key = (part, STREAMS.index(name), number)
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=key)))


class Choice:
    """A choice between options whose shares differ by row (a neighbourhood, a site, an age group)."""

    def __init__(self, shares: ArrayLike) -> None:
        """`shares`: rows x options (or options alone), in any scale."""
        table = np.atleast_2d(np.asarray(shares, dtype=np.float64))
        bounds = np.rint(np.cumsum(table, axis=1) / table.sum(axis=1, keepdims=True) * SLOTS).astype(np.int64)
        slots = np.arange(SLOTS)
        found = [np.searchsorted(row, slots, side="right") for row in bounds]
        self._slots = np.concatenate(found).astype(np.uint16)

    def draw(self, rng: np.random.Generator, rows: NDArray[np.integer] | int) -> NDArray[np.uint16]:
        """The option drawn for each of `rows`; for `rows` a number, that many draws from the only row."""
        size = rows if isinstance(rows, int) else len(rows)
        slot = rng.integers(0, SLOTS, size, dtype=np.uint16).astype(np.int64)
        if not isinstance(rows, int):
            slot += rows.astype(np.int64) * SLOTS
        return self._slots[slot]


def chance(rng: np.random.Generator, share: NDArray[np.floating] | float, size: int) -> NDArray[np.bool_]:
    """True with the given share, for each of `size` records."""
    return rng.random(size, dtype=np.float32) < share


def some(rng: np.random.Generator, size: int, share: float) -> NDArray[np.int64]:
    """The positions of a small share of `size` records, in no order and without repeats."""
    count = int(rng.binomial(size, share)) if size > 0 else 0
    return rng.choice(size, count, replace=False) if count else np.empty(0, np.int64)


def coded(options: Sequence[str | None] | pl.Series, index: NDArray[np.integer]) -> pl.Series:
    """Options by position, as text."""
    series = options if isinstance(options, pl.Series) else pl.Series(options, dtype=pl.String)
    return series.gather(pl.Series(index.astype(np.uint32)))
