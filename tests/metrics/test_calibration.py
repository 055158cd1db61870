"""Chances against what came: bands add up, intervals count a series once, verdicts say which way."""

import math

import polars as pl
import pytest

from metrics.calibration import bands, whole

SUMS = pl.DataFrame(
    [
        {"indicator": "a", "tenth": 2, "questions": 600, "series": 50, "chance_sum": 150.0, "met": 60},
        {"indicator": "b", "tenth": 2, "questions": 400, "series": 50, "chance_sum": 100.0, "met": 40},
        {"indicator": "a", "tenth": 5, "questions": 100, "series": 40, "chance_sum": 55.0, "met": 55},
        {"indicator": "b", "tenth": 7, "questions": 200, "series": 40, "chance_sum": 150.0, "met": 190},
        {"indicator": "b", "tenth": 9, "questions": 300, "series": 9, "chance_sum": 285.0, "met": 0},
    ]
)


def wilson(share: float, n: int) -> tuple[float, float]:
    z = 1.959964
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return middle - half, middle + half


def test_bands_of_all_and_of_each():
    found = bands(SUMS)
    assert found["tenth"].to_list() == list(range(10))
    row = found.row(2, named=True)
    assert (row["questions"], row["series"]) == (1000, 100)
    assert (row["chance_given"], row["share_met"]) == pytest.approx((0.25, 0.1))
    assert (row["met_low"], row["met_high"]) == pytest.approx(wilson(0.1, 100))
    each = bands(SUMS, ["indicator"])
    assert each.height == 20
    assert each.filter(indicator="a", tenth=7).row(0, named=True)["questions"] == 0
    assert (
        each.group_by("tenth")
        .agg(pl.col("questions").sum())
        .sort("tenth")
        .equals(found.select("tenth", "questions"))
    )


def test_verdicts():
    said = dict(bands(SUMS).select("tenth", "verdict").iter_rows())
    assert said == dict.fromkeys(range(10), "too few to say") | {2: "too kind", 5: "in line", 7: "too harsh"}


def test_an_empty_band_has_no_figures_and_nothing_is_nan():
    found = bands(SUMS)
    empty = found.filter(pl.col("questions") == 0)
    numbers = ("chance_given", "share_met", "met_low", "met_high")
    assert empty.select(pl.col(numbers).is_null().all()).row(0) == (True,) * 4
    assert not found.select(pl.col(numbers).is_nan().any()).row(0).count(True)
    assert bands(SUMS.clear())["questions"].sum() == 0


def test_all_bands_together():
    assert whole(SUMS).row(0) == (1600, pytest.approx(740 / 1600), pytest.approx(345 / 1600))
    of_b = whole(SUMS, ["indicator"]).filter(indicator="b").row(0, named=True)
    assert of_b["share_met"] == pytest.approx(230 / 900)
    assert whole(SUMS.clear()).is_empty()
