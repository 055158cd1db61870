"""Funnels and intervals: the published check figures, an independent library, and what must always hold."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from metrics.comparison import funnel
from metrics.intervals import EUROPEAN_STANDARD_POPULATION, byar, standardised_rates, wilson
from metrics.poisson import poisson_limits

R, N = pl.col("r"), pl.col("n")
LIMITS = ["lower_998", "lower_95", "upper_95", "upper_998"]
COUNTS = st.lists(
    st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=30
)


def interval(ends: tuple[pl.Expr, pl.Expr], r: int, n: int = 1) -> tuple[float, float]:
    return pl.DataFrame({"r": [r], "n": [n]}).select(lower=ends[0], upper=ends[1]).row(0)


def organisations(counts: list[tuple[int, int]]) -> pl.DataFrame:
    return pl.DataFrame(counts, schema=["numerator", "denominator"], orient="row")


def test_the_check_figures():
    assert interval(wilson(R, N), 65, 100) == pytest.approx((0.5525, 0.7364), abs=5e-5)
    assert interval(byar(R), 65) == pytest.approx((50.163, 82.849), abs=5e-4)


def test_intervals_at_the_ends():
    assert interval(wilson(R, N), 0, 10)[0] == pytest.approx(0, abs=1e-15)
    assert interval(wilson(R, N), 10, 10)[1] == pytest.approx(1)
    assert interval(wilson(R, N), 0, 0) == (None, None)
    assert interval(byar(R), 0) == pytest.approx((0, 3.7), abs=0.1)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@settings(deadline=None)
def test_intervals_contain_the_estimate(counts):
    r, n = counts
    lower, upper = interval(wilson(R, N), r, n)
    assert -1e-12 <= lower <= r / n + 1e-12 and r / n - 1e-12 <= upper <= 1 + 1e-12
    lower, upper = interval(byar(R), r)
    assert 0 <= lower <= r <= upper


@given(st.lists(st.floats(1e-3, 1e7), min_size=1, max_size=20), st.sampled_from([1.959964, 3.090232]))
@settings(deadline=None, max_examples=50)
def test_poisson_limits_agree_with_a_statistics_library(expected, z):
    lower, upper = poisson_limits(pl.Series(expected), z)
    mean, tail = np.array(expected), stats.norm.sf(z)
    assert lower.to_numpy() == pytest.approx(stats.chi2.ppf(tail, 2 * mean) / 2, rel=1e-6, abs=1e-9)
    assert upper.to_numpy() == pytest.approx(stats.chi2.ppf(1 - tail, 2 * (mean + 1)) / 2, rel=1e-6)


def by_hand(counts: list[tuple[int, int]]) -> tuple[float, float, list[tuple[float, float]]]:
    """METHODS section 3 for proportions, one organisation at a time."""
    theta = math.asin(math.sqrt(sum(r for r, _ in counts) / sum(n for _, n in counts)))
    s = [1 / (2 * math.sqrt(n)) for _, n in counts]
    z = [(math.asin(math.sqrt(r / n)) - theta) / spread for (r, n), spread in zip(counts, s, strict=True)]
    low, high = np.quantile(z, [0.1, 0.9])
    count, phi = len(z), sum(min(max(one, low), high) ** 2 for one in z) / len(z)
    tau2 = 0.0
    if count * phi >= count - 1:
        w = [spread**-2 for spread in s]
        scale = sum(w) - sum(one**2 for one in w) / sum(w)
        tau2 = max(0.0, (count * phi - (count - 1)) / scale) if scale > 0 else 0.0
    limits = []
    for spread in s:
        half = 1.959964 * math.sqrt(spread**2 + tau2)
        angles = (max(0.0, theta - half), min(math.pi / 2, theta + half))
        limits.append((math.sin(angles[0]) ** 2, math.sin(angles[1]) ** 2))
    return phi, tau2, limits


@given(COUNTS)
@settings(deadline=None, max_examples=60)
def test_the_funnel_for_proportions_is_the_one_in_the_methods(counts):
    counts = [(r, n) for r, n in counts if n > 0] or [(1, 2)]
    got = funnel(organisations(counts), "proportion")
    phi, tau2, limits = by_hand(counts)
    assert got["phi"].to_list() == pytest.approx([phi] * len(counts), abs=1e-9)
    assert got["tau_squared"].to_list() == pytest.approx([tau2] * len(counts), abs=1e-9)
    assert list(got.select("lower_95", "upper_95").iter_rows()) == [
        pytest.approx(one, abs=1e-9) for one in limits
    ]


@given(COUNTS, st.sampled_from(["proportion", "rate"]))
@settings(deadline=None, max_examples=60)
def test_funnels_never_break(counts, kind):
    got = funnel(organisations(counts), kind)
    for row in got.iter_rows(named=True):
        if row["denominator"] == 0:
            assert row["position"] is None and row["value"] is None
            continue
        limits = [row[name] for name in LIMITS]
        assert row["position"] is not None
        if kind == "proportion" or row["average"] > 0:
            assert all(math.isfinite(limit) for limit in limits)
            assert limits == sorted(limits)
            assert limits[1] - 1e-12 <= row["average"] <= limits[2] + 1e-12


def test_alike_organisations_are_not_over_dispersed_and_rates_get_exact_limits():
    got = funnel(organisations([(50, 1000)] * 10), "rate", per=1000)
    assert got["tau_squared"].unique().to_list() == [0]
    assert got["average"][0] == pytest.approx(50)
    wanted = (stats.chi2.ppf(0.025, 100) / 2, stats.chi2.ppf(0.975, 102) / 2)
    assert got.select("lower_95", "upper_95").row(0) == pytest.approx(wanted, rel=1e-6)
    assert got["position"].unique().to_list() == ["within"]


def test_over_dispersion_widens_the_funnel():
    spread = organisations([(40 + 20 * (k % 2), 100) for k in range(20)])
    wide, narrow = (funnel(spread, "proportion", overdispersion=on) for on in (True, False))
    assert wide["tau_squared"][0] > 0 == narrow["tau_squared"][0]
    assert (wide["upper_95"] > narrow["upper_95"]).all()
    assert (narrow["position"] != "within").sum() >= (wide["position"] != "within").sum()


def test_positions_and_groups():
    frame = pl.concat(
        [
            organisations([(500, 1000)] * 30 + [(900, 1000), (100, 1000), (None, 10)]).with_columns(
                year=pl.lit(1)
            ),
            organisations([(900, 1000)] * 30).with_columns(year=pl.lit(2)),
        ]
    )
    got = funnel(frame, "proportion", by=["year"], overdispersion=False)
    assert got["position"].to_list() == ["within"] * 30 + ["above_998", "below_998", None] + ["within"] * 30


def test_directly_standardised_rates():
    bands = list(EUROPEAN_STANDARD_POPULATION)
    assert sum(EUROPEAN_STANDARD_POPULATION.values()) == 100_000
    frame = pl.concat(
        pl.DataFrame(
            {"area": area, "age_band": bands, "numerator": events, "denominator": [1000] * len(bands)}
        )
        for area, events in (("even", [5] * 19), ("few", [1] * 9 + [0] * 10), ("old", [0] * 18 + [50]))
    )
    got = {row["area"]: row for row in standardised_rates(frame, ["area"]).iter_rows(named=True)}
    assert got["even"]["value"] == pytest.approx(5)
    assert got["even"]["lower"] < 5 < got["even"]["upper"]
    assert got["few"]["value"] is None and got["few"]["lower"] is None
    assert got["old"]["value"] == pytest.approx(0.01 * 50)
    nobody = frame.filter(area="even").with_columns(
        denominator=pl.when(age_band="90+").then(0).otherwise(1000)
    )
    assert standardised_rates(nobody, ["area"])["value"].to_list() == [None]
    with pytest.raises(ValueError, match="0-17"):
        standardised_rates(frame.with_columns(age_band=pl.lit("0-17")), ["area"])
