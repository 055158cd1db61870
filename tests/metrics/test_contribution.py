"""Contributions, mix and rate, activity and size: the check figures, and sums that leave nothing over."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.contribution import activity_and_size, contributions, mix_and_rate

PARTS = st.lists(
    st.integers(0, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=40
)
PAIRS = st.integers(1, 40).flatmap(
    lambda size: st.tuples(*[PARTS.map(lambda parts, size=size: (parts * size)[:size])] * 2)
)


def frame(parts: list[tuple[int, int]], suffix: str = "") -> pl.DataFrame:
    return pl.DataFrame(parts, schema=[f"numerator{suffix}", f"denominator{suffix}"], orient="row")


def total(parts: list[tuple[int, int]]) -> float:
    return sum(r for r, _ in parts) / sum(n for _, n in parts)


def test_the_check_figures():
    got = contributions(frame([(4800, 6000), (2800, 4000)]), 0.82)
    assert got["contribution"].to_list() == pytest.approx([-0.012, -0.048], abs=1e-12)
    assert got["contribution"].sum() == pytest.approx(-0.06, abs=1e-12)
    assert got["contribution_events"].to_list() == pytest.approx([-120, -480])


@given(PARTS, st.floats(0, 1))
@settings(deadline=None)
def test_contributions_sum_to_the_gap(parts, target):
    if sum(n for _, n in parts) == 0:
        return
    got = contributions(frame(parts), target)
    assert got["contribution"].sum() == pytest.approx(total(parts) - target, abs=1e-12)
    assert got["share"].sum() == pytest.approx(1)


def test_each_whole_has_its_own_target_and_sum():
    parts = frame([(8, 10), (5, 10), (9, 10)]).with_columns(
        system=pl.Series(["a", "a", "b"]), target=pl.Series([0.7, 0.7, 0.8])
    )
    got = (
        contributions(parts, "target", by=["system"])
        .group_by("system", maintain_order=True)
        .agg(pl.col("contribution").sum())
    )
    assert got["contribution"].to_list() == pytest.approx([-0.05, 0.1])


def test_rates_and_parts_that_did_not_report():
    got = contributions(frame([(5, 1000), (None, 1000), (0, 0)]), 4.0, per=1000)
    assert got["contribution"].to_list() == [pytest.approx(1.0), None, pytest.approx(0)]
    assert got["share"].to_list() == [1.0, None, 0.0]


@given(PAIRS)
@settings(deadline=None)
def test_mix_and_rate_sum_to_the_difference(pair):
    now, then = pair
    if not (sum(n for _, n in now) and sum(n for _, n in then)):
        return
    got = mix_and_rate(frame(now).hstack(frame(then, "_before")))
    assert (got["mix"] + got["rate"]).sum() == pytest.approx(total(now) - total(then), abs=1e-12)


def test_the_same_rates_differ_by_mix_alone_and_the_same_mix_by_rate_alone():
    mixed = mix_and_rate(frame([(80, 100), (180, 300)]).hstack(frame([(240, 300), (60, 100)], "_before")))
    assert mixed["rate"].to_list() == pytest.approx([0, 0])
    assert mixed["mix"].sum() == pytest.approx(260 / 400 - 300 / 400)
    rated = mix_and_rate(frame([(80, 100), (180, 300)]).hstack(frame([(70, 100), (150, 300)], "_before")))
    assert rated["mix"].to_list() == pytest.approx([0, 0])


@given(PAIRS)
@settings(deadline=None)
def test_activity_and_size_sum_to_the_change(pair):
    now, then = pair
    got = activity_and_size(frame(now).hstack(frame(then, "_before")))
    for (r, n), (r0, n0), row in zip(now, then, got.iter_rows(named=True), strict=True):
        if n or n0:
            assert row["size"] + row["activity"] == pytest.approx(r - r0, rel=1e-12, abs=1e-6)


def test_a_cohort_that_only_grew_did_no_more_each():
    got = activity_and_size(frame([(20, 200)]).hstack(frame([(10, 100)], "_before"))).row(0, named=True)
    assert (got["size"], got["activity"]) == (pytest.approx(10), pytest.approx(0))
