"""Small numbers: what a public reader may see, and that nothing hidden comes back by subtraction.

The rule (METHODS section 4): counts of 1 to 7 are suppressed, other counts are rounded to the nearest 5, 0
stays 0, and shares and rates come from the rounded counts. Then more cells are suppressed until somebody who
has the whole publication, and knows which cells add up to which, is left with at least 3 candidates for each
suppressed count.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

SMALLEST, LARGEST = 1, 7
"""Counts suppressed for themselves, both ends included."""
NEAREST = 5
CANDIDATES = 3
"""How many values a suppressed count must be left with."""

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
UNKNOWN = 10**12


class Sums(NamedTuple):
    """Which cells add up: entry by entry, cell number `cell` is a part (or the whole) of sum number `number`.

    Each number has one whole; parts and whole are true counts that agree, or the sum is not one.
    """

    number: Integers
    cell: Integers
    is_whole: Flags


def rounded(counts: Integers) -> Integers:
    """Counts to the nearest 5; whole numbers never lie half-way."""
    return (counts + NEAREST // 2) // NEAREST * NEAREST


def protect(counts: Integers, sums: Sums, published: Flags | None = None) -> Flags:
    """Which cells to suppress, small ones and those that would give small ones away.

    `counts` are true counts; cells that are not `published` are never shown, but are to be protected all the
    same (the patients who are in a denominator and not in its numerator). Every round suppresses, in each sum
    that a cell given away is in, the smallest count still shown; so it ends, at the latest with nothing but
    zeros shown.
    """
    shown_at_all = np.ones(len(counts), bool) if published is None else published
    small = (counts >= SMALLEST) & (counts <= LARGEST)
    hidden = small | ~shown_at_all
    while True:
        low, high = candidates(counts, hidden, shown_at_all, sums)
        given_away = hidden & (counts > 0) & (high - low + 1 < CANDIDATES)
        within = np.minimum(high, LARGEST) - np.maximum(low, SMALLEST) + 1
        given_away |= small & (within < CANDIDATES)
        more = _smallest_shown(counts, hidden, sums, given_away)
        if not more.any():
            return hidden & shown_at_all
        hidden = hidden | more


def candidates(counts: Integers, hidden: Flags, published: Flags, sums: Sums) -> tuple[Integers, Integers]:
    """The least and the most each cell can be, to a reader who works every sum both ways until nothing moves.

    A suppressed cell may be anything from 1 (0 would be shown); one that is never published, anything from 0.
    """
    near = rounded(counts)
    floor = np.where(counts == 0, 0, np.maximum(near - NEAREST // 2, LARGEST + 1))
    low = np.where(hidden, np.where(published, SMALLEST, 0), floor)
    high = np.where(hidden, UNKNOWN, np.where(counts == 0, 0, near + NEAREST // 2))
    if not len(sums.number):
        return low, high
    sign = np.where(sums.is_whole, -1, 1)
    for _ in range(len(counts) + 1):
        # parts - whole = 0, so a cell is what the others leave: bound it by the others' least and most.
        least = np.where(sign > 0, low[sums.cell], -high[sums.cell])
        most = np.where(sign > 0, high[sums.cell], -low[sums.cell])
        count = int(sums.number.max()) + 1
        others_least = _total(sums.number, least, count) - least
        others_most = _total(sums.number, most, count) - most
        new_low, new_high = low.copy(), high.copy()
        np.maximum.at(new_low, sums.cell, np.where(sign > 0, -others_most, others_least))
        np.minimum.at(new_high, sums.cell, np.where(sign > 0, -others_least, others_most))
        if (new_low == low).all() and (new_high == high).all():
            break
        low, high = new_low, new_high
    return low, high


def _total(number: Integers, amounts: Integers, count: int) -> Integers:
    """Sums of integers by number: exact, where bincount would go through floating point."""
    total = np.zeros(count, np.int64)
    np.add.at(total, number, amounts)
    return total[number]


def _smallest_shown(counts: Integers, hidden: Flags, sums: Sums, given_away: Flags) -> Flags:
    """In each sum that a cell given away is in, the smallest count that is shown and not 0."""
    chosen = np.zeros(len(counts), bool)
    open_sums = np.unique(sums.number[given_away[sums.cell]])
    entry = np.isin(sums.number, open_sums) & ~hidden[sums.cell] & (counts[sums.cell] > 0)
    number, cell = sums.number[entry], sums.cell[entry]
    order = np.lexsort((cell, counts[cell], number))
    number, cell = number[order], cell[order]
    first = np.concatenate([[True], number[1:] != number[:-1]]) if len(number) else np.zeros(0, bool)
    chosen[cell[first]] = True
    return chosen
