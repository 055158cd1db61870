"""Small numbers under attack: an exact solver is given all that is published and must not get them back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from metrics.suppression import Sums, protect, rounded

COUNT = st.one_of(st.integers(0, 9), st.integers(0, 40))


def table(rows: list[list[int]]) -> tuple[np.ndarray, Sums]:
    """Cells of organisations x categories, then each row's total, each column's total and the grand total."""
    inner = np.array(rows)
    height, width = inner.shape
    counts = np.concatenate([inner.ravel(), inner.sum(1), inner.sum(0), [inner.sum()]])
    cell = np.arange(height * width).reshape(height, width)
    row_total, column_total = height * width + np.arange(height), height * width + height + np.arange(width)
    wholes = [(list(cell[r]), row_total[r]) for r in range(height)]
    wholes += [(list(cell[:, c]), column_total[c]) for c in range(width)]
    wholes += [(list(row_total), len(counts) - 1), (list(column_total), len(counts) - 1)]
    entries = [
        (number, part, part == whole)
        for number, (parts, whole) in enumerate(wholes)
        for part in [*parts, whole]
    ]
    number, cells, is_whole = (np.array(column) for column in zip(*entries, strict=True))
    return counts, Sums(number, cells, is_whole)


def solve(counts: np.ndarray, suppressed: np.ndarray, sums: Sums, cell: int) -> tuple[int, int]:
    """The least and the most a cell can be, given every published figure and every sum: exactly."""
    shown = rounded(counts)
    low = np.where(suppressed, 1, np.where(counts == 0, 0, np.maximum(shown - 2, 8)))
    high = np.where(suppressed, 10_000, np.where(counts == 0, 0, shown + 2))
    matrix = np.zeros((sums.number.max() + 1, len(counts)))
    matrix[sums.number, sums.cell] = np.where(sums.is_whole, -1, 1)
    aim = np.zeros(len(counts))
    aim[cell] = 1
    ends = []
    for sign in (1, -1):
        found = milp(
            sign * aim,
            constraints=LinearConstraint(matrix, 0, 0),
            bounds=Bounds(low, high),
            integrality=np.ones(len(counts)),
        )
        assert found.success
        ends.append(round(sign * found.fun))
    return ends[0], ends[1]


def survives(counts: np.ndarray, sums: Sums) -> None:
    suppressed = protect(counts, sums)
    for cell in np.flatnonzero(suppressed):
        low, high = solve(counts, suppressed, sums, int(cell))
        if 1 <= counts[cell] <= 7:
            low, high = max(low, 1), min(high, 7)
        assert high - low + 1 >= 3, (cell, counts[cell], low, high)


@given(
    st.integers(1, 4).flatmap(
        lambda w: st.lists(st.lists(COUNT, min_size=w, max_size=w), min_size=1, max_size=4)
    )
)
@settings(deadline=None, max_examples=150)
def test_no_suppressed_count_is_recovered_to_fewer_than_3_candidates(rows):
    survives(*table(rows))


@given(st.lists(st.lists(COUNT, min_size=3, max_size=3), min_size=1, max_size=5))
@settings(deadline=None)
def test_small_counts_are_suppressed_and_nothing_else_without_need(rows):
    counts, sums = table(rows)
    suppressed = protect(counts, sums)
    assert suppressed[(counts >= 1) & (counts <= 7)].all()
    assert not suppressed[counts == 0].any()
    if not ((counts >= 1) & (counts <= 7)).any():
        assert not suppressed.any()


def test_rounding():
    assert rounded(np.array([0, 8, 12, 13, 17, 18, 22])).tolist() == [0, 10, 10, 15, 15, 20, 20]


def test_one_small_part_is_covered_by_another():
    # 20 less 10 would leave 6 or 7.
    counts = np.array([6, 12, 18])
    one_sum = Sums(np.zeros(3, int), np.arange(3), np.array([False, False, True]))
    assert protect(counts, one_sum).tolist() == [True, True, False]
    assert protect(np.array([6, 12, 0, 18])[[0, 1, 3]], one_sum)[1]


def test_a_rate_gives_itself_away_by_who_is_missing_from_it():
    # 996 of 1,000 within four hours: the 4 who were not are a small count that nobody publishes.
    counts = np.array([996, 4, 1000])
    one_sum = Sums(np.zeros(3, int), np.arange(3), np.array([False, False, True]))
    published = np.array([True, False, True])
    assert protect(counts, one_sum, published).tolist() == [False, False, False]
    # 988 and 991 both round to 990: the 3 who were not may be any of 0 to 4.
    assert not protect(np.array([988, 3, 991]), one_sum, published).any()


@pytest.mark.parametrize("size", [1, 3])
def test_without_sums_only_small_counts_go(size):
    nothing = Sums(np.zeros(0, int), np.zeros(0, int), np.zeros(0, bool))
    assert protect(np.array([0, 3, 8][:size]), nothing).tolist() == [False, True, False][:size]
