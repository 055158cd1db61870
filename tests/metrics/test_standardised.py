"""Rates standardised by age, against the formula of the technical briefing worked one age band at a time."""

from math import sqrt

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from metrics.indicators import all_indicators
from metrics.intervals import EUROPEAN_STANDARD_POPULATION, standard_in, standardised_rates, wilson
from metrics.people import AGE_BANDS
from metrics.standardised import by_age, rates

BROAD = {"0-14": 16_000, "15-44": 38_000, "45-64": 26_500, "65-74": 10_500, "75-84": 6_500, "85+": 2_500}
"""Sums of the five-year bands of the European Standard Population 2013, by hand."""
Z = 1.959964


def by_hand(events: list[int], people: list[int], standard: list[int]) -> tuple[float, float, float]:
    """Dobson's interval around a directly standardised rate, with Byar's limits for the count.

    Association of Public Health Observatories, Technical Briefing 3, "Age-standardised ratios and rates".
    """
    total, count = sum(standard), sum(events)
    rate = sum(w * o / n for w, o, n in zip(standard, events, people, strict=True)) / total
    variance = sum(w * w * o / n**2 for w, o, n in zip(standard, events, people, strict=True)) / total**2
    low = count * (1 - 1 / (9 * count) - Z / (3 * sqrt(count))) ** 3
    high = (count + 1) * (1 - 1 / (9 * (count + 1)) + Z / (3 * sqrt(count + 1))) ** 3
    scale = sqrt(variance / count)
    return rate, rate + scale * (low - count), rate + scale * (high - count)


def test_the_standard_in_the_bands_of_the_indicators():
    assert standard_in(list(AGE_BANDS.values())) == BROAD
    assert standard_in(list(EUROPEAN_STANDARD_POPULATION)) == EUROPEAN_STANDARD_POPULATION
    for wrong in (["0-17", "18+"], ["0-14", "20+"], ["0-14", "10+"], ["0-4"]):
        with pytest.raises(ValueError, match="age band"):
            standard_in(wrong)


@given(
    st.lists(st.integers(0, 400), min_size=19, max_size=19),
    st.lists(st.integers(1, 90_000), min_size=19, max_size=19),
)
def test_against_the_formula_by_hand(events, people):
    assume(sum(events) >= 10)
    frame = pl.DataFrame(
        {"age_band": list(EUROPEAN_STANDARD_POPULATION), "numerator": events, "denominator": people}
    )
    got = standardised_rates(frame.with_columns(area=pl.lit("A")), ["area"], per=100_000).row(0, named=True)
    wanted = by_hand(events, people, list(EUROPEAN_STANDARD_POPULATION.values()))
    assert (got["value"], got["lower"], got["upper"]) == pytest.approx([100_000 * one for one in wanted])
    assert got["lower"] <= got["value"] <= got["upper"]


def test_the_same_rates_at_every_age_standardise_to_the_rate():
    """Two areas alike at every age differ in their crude rates by their ages alone."""
    indicator = all_indicators()["outpatient_follow_ups"]
    bands = list(BROAD)
    young, old = [40, 30, 10, 5, 3, 1], [5, 10, 15, 20, 25, 30]
    frame = pl.concat(
        pl.DataFrame(
            {
                "organisation": name,
                "category": [*bands, "not known"],
                "numerator": [*(n * (10 + 5 * place) for place, n in enumerate(people)), 7],
                "denominator": [*map(float, people), 0.0],
            }
        )
        for name, people in (("young", young), ("old", old))
    )
    got = rates(indicator, frame).sort("organisation")
    wanted = sum(w * (10 + 5 * place) for place, w in enumerate(BROAD.values())) / 100_000
    assert got["standardised"].to_list() == pytest.approx([wanted, wanted])
    assert got["events_of_unknown_age"].to_list() == [7, 7]


def test_under_ten_events_or_with_nobody_of_an_age_there_is_no_rate():
    indicator = all_indicators()["outpatient_follow_ups"]
    frame = pl.DataFrame(
        {
            "organisation": ["few"] * 6 + ["cohort"] * 6,
            "category": list(BROAD) * 2,
            "numerator": [1] * 6 + [0, 9, 9, 9, 9, 9],
            "denominator": [100.0] * 6 + [0.0] + [100.0] * 5,
        }
    )
    assert rates(indicator, frame)["standardised"].to_list() == [None, None]


def test_only_rates_over_people_of_known_ages():
    known = all_indicators()
    assert by_age(known["cohort_admissions"]).name == "age_band"
    for name in ("four_hour_ed", "discharge_delay"):
        with pytest.raises(ValueError, match="only rates over people"):
            by_age(known[name])


@given(st.integers(0, 300), st.integers(1, 300))
def test_wilson_holds_the_share_even_at_its_ends(some, whole):
    assume(some <= whole)
    frame = pl.DataFrame({"r": [some], "n": [whole]}, schema={"r": pl.Float64, "n": pl.Float64})
    low, high = frame.select(
        *(e.alias(n) for e, n in zip(wilson(pl.col("r"), pl.col("n")), "lh", strict=True))
    ).row(0)
    assert 0 <= low <= some / whole <= high <= 1
