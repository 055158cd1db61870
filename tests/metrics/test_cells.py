"""Numbers for combinations of keys: the same where all are the same, and refused when there are too many."""

from datetime import date
from itertools import product

import polars as pl
import pytest

from metrics import cells


def test_every_combination_has_a_number_of_its_own_missing_values_included():
    days = [None, date(2024, 1, 1), date(2025, 1, 1), date(1900, 1, 1)]
    combinations = list(product(days, [None, "A", "B"], [None, "A", "C", ""]))
    frame = pl.DataFrame(
        combinations * 2, schema={"day": pl.Date, "one": pl.String, "two": pl.String}, orient="row"
    )
    numbered = cells.coded(frame, ["day", "one", "two"])
    assert numbered[cells.CELL].n_unique() == len(combinations)
    assert numbered[cells.CELL][: len(combinations)].equals(numbered[cells.CELL][len(combinations) :])
    assert numbered.with_columns(pl.col("one", "two").cast(pl.String)).drop(cells.CELL).equals(frame)


def test_no_events_and_keys_that_are_never_given():
    empty = pl.DataFrame(schema={"day": pl.Date, "one": pl.String})
    assert cells.coded(empty, ["day", "one"]).height == 0
    assert (
        cells.coded(pl.DataFrame({"one": [None, None]}, {"one": pl.String}), ["one"])[cells.CELL].n_unique()
        == 1
    )


def test_more_combinations_than_numbers_are_refused_not_mixed_up():
    wide = pl.DataFrame({name: [0, 2**31] for name in "abc"})
    with pytest.raises(OverflowError, match="a, b, c are more than can be numbered"):
        cells.coded(wide, ["a", "b", "c"])
