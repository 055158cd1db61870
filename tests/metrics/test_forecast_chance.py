"""The chance of meeting a target: of one piece with the intervals, and honest about its limits."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from forecast_series import RATE, SHARE, month, series, simulated
from hypothesis import given
from hypothesis import strategies as st

from metrics.baseline import SERIES, Baseline
from metrics.forecast import forecast
from metrics.forecast_chance import chance_of_meeting, dated_targets, out_of_ten, planned_targets
from metrics.forecast_scale import chance_met, quantile
from metrics.indicator import Indicator

LOWER_SHARE = replace(SHARE, better="lower")
HIGHER_RATE = replace(RATE, better="higher")
ALL = [SHARE, LOWER_SHARE, RATE, HIGHER_RATE]
KINDS = st.sampled_from(ALL)
MIDDLES = st.floats(0, 1.57)
SPREADS = st.floats(1e-4, 2)


def chances(indicator: Indicator, middle: float, spread: float, targets: list[float]) -> list[float]:
    frame = pl.DataFrame({"target": targets}).with_columns(working_mean=middle, working_sd=spread)
    return frame.select(chance_met(indicator, pl.col("target"))).to_series().to_list()


@given(KINDS, MIDDLES, SPREADS, st.lists(st.floats(-1, 3), min_size=2, max_size=20))
def test_a_harder_target_never_has_a_better_chance(indicator, middle, spread, targets):
    easiest_first = sorted(targets, reverse=indicator.better == "lower")
    found = chances(indicator, middle, spread, easiest_first)
    assert all(0 <= one <= 1 for one in found)
    assert found == sorted(found, reverse=True)


@given(KINDS, MIDDLES, SPREADS, st.sampled_from([0.025, 0.1, 0.5, 0.9, 0.975]))
def test_the_chance_agrees_with_the_intervals(indicator, middle, spread, share):
    """A target at the 80% interval's lower end is beaten nine times in ten, and so for each bound."""
    frame = pl.DataFrame({"working_mean": [middle], "working_sd": [spread]})
    bound = frame.select(quantile(indicator.kind, share)).item()
    top = 1.0 if indicator.kind == "proportion" else float("inf")
    if 1e-6 < bound < top - 1e-6:
        expected = 1 - share if indicator.better == "higher" else share
        assert chances(indicator, middle, spread, [bound]) == pytest.approx([expected], abs=1e-3)


@given(MIDDLES, SPREADS, st.floats(0.001, 0.999))
def test_turning_the_direction_turns_the_chance(middle, spread, target):
    for one, other in ((SHARE, LOWER_SHARE), (RATE, HIGHER_RATE)):
        both = chances(one, middle, spread, [target])[0] + chances(other, middle, spread, [target])[0]
        assert both == pytest.approx(1)


def test_what_cannot_be_missed_or_reached():
    assert chances(SHARE, 1.0, 0.1, [0.0, 1.01]) == [1.0, 0.0]
    assert chances(LOWER_SHARE, 1.0, 0.1, [1.0, -0.01]) == [1.0, 0.0]
    assert chances(RATE, 1.0, 0.1, [-0.01]) == [0.0]


def test_chances_of_made_series_fall_from_one_target_to_the_next():
    observed = simulated(8, 60, seed=9)
    made = forecast(observed, SHARE, month(95))
    levels = pl.DataFrame({"target": [0.5, 0.6, 0.7, 0.8, 0.9]})
    due = observed.select(SERIES).unique().with_columns(target_due=pl.lit(month(71)))
    asked = chance_of_meeting(made, SHARE, due.join(levels, how="cross"))
    assert asked["chance"].is_between(0, 1).all()
    for _, one in asked.sort("target").group_by("organisation", maintain_order=True):
        assert one["chance"].to_list() == sorted(one["chance"], reverse=True)


def test_every_target_has_a_row_with_a_chance_or_a_reason():
    observed = pl.concat([series([0.8] * 62), series([0.8] * 9, "B", first=53)])
    made = forecast(observed, SHARE, month(75))
    due = [month(60), month(71), month(80)]
    asked = pl.DataFrame({"target_due": due, "target": [0.78, 0.82, 0.85]})
    targets = observed.select(SERIES).unique().join(asked, how="cross")
    found = chance_of_meeting(made, SHARE, targets)
    assert found.filter(pl.col("organisation") == "A")["reason"].to_list() == [
        "The target's month has come: see the value itself.",
        None,
        "The forecast ends before the target's date.",
    ]
    assert found.filter(pl.col("organisation") == "B")["reason"].unique().to_list() == [
        "9 months of final values; a forecast needs 24."
    ]
    assert (found["chance"].is_null() == found["reason"].is_not_null()).all()


def test_a_target_of_change_is_held_against_the_series_own_baseline():
    baseline = Baseline(month(48), month(59))
    observed = pl.concat([series([20.0] * 62, "A", RATE, 2e5), series([20.0] * 9, "B", RATE, first=53)])
    targets = dated_targets(RATE, observed, baseline)
    assert targets.select("organisation", "target").rows() == [("A", pytest.approx(18.0)), ("B", None)]
    found = chance_of_meeting(forecast(observed, RATE, month(71)), RATE, targets)
    assert found["chance"][0] < 0.05
    assert found["reason"].to_list() == [None, "No target level: the baseline year is not complete."]


def test_without_targets_there_is_nothing_to_ask():
    none = replace(SHARE, targets=())
    observed = series([0.8] * 40)
    assert dated_targets(none, observed).height == 0
    assert (
        chance_of_meeting(forecast(observed, none, month(50)), none, dated_targets(none, observed)).height
        == 0
    )


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.0, "less than 1 in 10"),
        (0.049, "less than 1 in 10"),
        (0.05, "about 1 in 10"),
        (0.149, "about 1 in 10"),
        (0.3, "about 3 in 10"),
        (0.349, "about 3 in 10"),
        (0.5, "about 5 in 10"),
        (0.949, "about 9 in 10"),
        (0.95, "more than 9 in 10"),
        (1.0, "more than 9 in 10"),
    ],
)
def test_a_chance_in_words_is_never_a_certainty(chance, words):
    assert out_of_ten(chance) == words


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan")])
def test_what_is_not_a_chance_is_refused(wrong):
    with pytest.raises(ValueError, match="a chance lies in"):
        out_of_ten(wrong)


def test_own_plans_ask_at_their_end_and_where_a_national_target_falls_due():
    lines = pl.concat([series([0.7] * 36, "A"), series([0.7] * 36, "B")])
    part = series([0.7] * 36, "A").with_columns(breakdown=pl.lit("age"), category=pl.lit("1"))
    points = {"2026-04-01": 0.72, "2027-09-01": 0.80, "2027-01-01": 0.78}
    plan = pl.DataFrame(
        {
            "level": "provider",
            "organisation": "A",
            "period": [date.fromisoformat(day) for day in points],
            "value": list(points.values()),
        }
    )
    asked = planned_targets(SHARE, pl.concat([lines, part]), plan)
    assert asked.select("organisation", "breakdown", "target_due").rows() == [
        ("A", "all", date(2027, 3, 1)),
        ("A", "all", date(2027, 9, 1)),
    ]
    assert asked["target"].to_list() == pytest.approx([0.78 + 0.02 * 2 / 8, 0.80])
    assert planned_targets(SHARE, lines, plan.clear()).is_empty()
