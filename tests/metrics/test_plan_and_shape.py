"""Paths that are not straight: an organisation's own dated plan, and the shape of the baseline's months."""

from datetime import date

import polars as pl
import pytest
from test_trajectory import FOUR_HOUR, NO_SIZE, TEN_FEWER, one, series

from metrics.trajectory import standing, targets_for

YEAR = range(12)


def plan(points: dict[date, float], organisation: str = "all", level: str = "all") -> pl.DataFrame:
    rows = [(level, organisation, period, value) for period, value in points.items()]
    columns = {"level": pl.String, "organisation": pl.String, "period": pl.Date, "value": pl.Float64}
    return pl.DataFrame(rows, schema=columns, orient="row")


def paths(frame: pl.DataFrame) -> dict[date, float]:
    return dict(frame.select("period", "path").iter_rows())


FLAT = series(lambda n: (76.0, 100.0), range(18))
OWN = plan({date(2026, 6, 1): 0.77, date(2026, 9, 1): 0.80})


def test_the_plan_wins_and_is_straight_between_its_months():
    straight, planned = paths(targets_for(FOUR_HOUR, FLAT)), paths(targets_for(FOUR_HOUR, FLAT, plan=OWN))
    assert planned[date(2026, 6, 1)] == 0.77
    assert planned[date(2026, 7, 1)] == pytest.approx(0.78)
    assert planned[date(2026, 9, 1)] == 0.80
    outside = [period for period in straight if not date(2026, 6, 1) <= period <= date(2026, 9, 1)]
    assert [planned[period] for period in outside] == [straight[period] for period in outside]


def test_the_target_is_the_same_with_a_plan():
    columns = ["period", "target"]
    without, with_it = targets_for(FOUR_HOUR, FLAT), targets_for(FOUR_HOUR, FLAT, plan=OWN)
    assert with_it.select(columns).equals(without.select(columns))


def test_standing_is_held_against_the_plan():
    # The newest month is September 2026: 76% against the plan's 80%, of 100 patients.
    row = one(standing(FOUR_HOUR, FLAT, plan=OWN))
    assert (row["path_now"], row["gap"], row["gap_events"]) == (0.80, pytest.approx(-0.04), pytest.approx(-4))
    assert row["status_words"] == "behind"
    easy = plan({date(2026, 9, 1): 0.75})
    assert one(standing(FOUR_HOUR, FLAT, plan=easy))["status_words"] == "on track"


def test_a_plan_is_for_its_own_organisation_and_for_the_whole():
    part = series(lambda n: (76.0, 100.0), range(18), breakdown="sex", category="1")
    other = series(lambda n: (76.0, 100.0), range(18), organisation="B")
    for frame in (part, other):
        assert targets_for(FOUR_HOUR, frame, plan=OWN).equals(targets_for(FOUR_HOUR, frame))


def test_a_plan_may_go_past_the_last_target():
    late = plan({date(2029, 3, 1): 0.85, date(2029, 5, 1): 0.87})
    found = paths(targets_for(FOUR_HOUR, FLAT, plan=late))
    assert max(found) == date(2029, 5, 1)
    assert found[date(2029, 4, 1)] == pytest.approx(0.86)


def test_without_a_national_target_the_plan_is_what_a_series_is_held_against():
    frame = series(lambda n: (10.0, None), range(18), NO_SIZE)
    assert one(standing(NO_SIZE, frame))["status_words"] == "no target"
    own = plan({date(2026, 4, 1): 11, date(2026, 12, 1): 9})
    row = one(standing(NO_SIZE, frame, plan=own))
    assert row["path_now"] == pytest.approx(9.75)
    assert row["status_words"] == "behind"
    drawn = targets_for(NO_SIZE, frame, plan=own)
    assert drawn["target"].null_count() == drawn.height
    assert paths(drawn)[date(2026, 12, 1)] == 9
    assert targets_for(NO_SIZE, series(lambda n: (1.0, None), YEAR, organisation="B"), plan=own).is_empty()


def seasonal(number: int) -> tuple[float, float]:
    """74% in January to March, else 78%: the year's level is 77%."""
    return (74.0 if number % 12 >= 9 else 78.0), 100.0


def test_a_shaped_path_keeps_the_baselines_months_and_meets_each_target():
    found = paths(targets_for(FOUR_HOUR, series(seasonal, YEAR), shape="shaped"))
    # March 2026 was 3 points under the level, so 82% in March 2027 is 85% on the level; a twelfth of the way
    # from 77% to there is April, which lies 1 point over its level.
    assert found[date(2026, 3, 1)] == pytest.approx(0.74)
    assert found[date(2026, 4, 1)] == pytest.approx(0.77 + 0.08 / 12 + 0.01)
    assert found[date(2027, 1, 1)] == pytest.approx(0.77 + 0.08 * 10 / 12 - 0.03)
    assert found[date(2027, 3, 1)] == pytest.approx(0.82)
    assert found[date(2029, 3, 1)] == pytest.approx(0.85)


def test_a_shaped_rate_is_bent_in_proportion():
    frame = series(lambda n: (90.0 if n % 12 == 11 else 110.0, None), YEAR, TEN_FEWER)
    level = (11 * 110 + 90) / 12
    found = paths(targets_for(TEN_FEWER, frame, shape="shaped"))
    goal = 0.9 * level
    assert found[date(2027, 3, 1)] == pytest.approx(goal)
    line = level + (goal / (90 / level) - level) * 6 / 12
    assert found[date(2026, 9, 1)] == pytest.approx(line * 110 / level)


def test_a_shape_needs_all_twelve_months():
    found = targets_for(FOUR_HOUR, series(seasonal, range(1, 12)), shape="shaped")
    before = found.filter(pl.col("period") < date(2029, 3, 1))
    assert before["path"].null_count() == before.height


def test_a_flat_baseline_makes_a_shaped_path_straight():
    bent, straight = (paths(targets_for(FOUR_HOUR, FLAT, shape=shape)) for shape in ("shaped", "straight"))
    assert bent == pytest.approx(straight)


def test_a_shaped_share_stays_possible():
    frame = series(lambda n: (100.0 if n % 12 < 6 else 60.0, 100.0), YEAR)
    found = [
        value for value in paths(targets_for(FOUR_HOUR, frame, shape="shaped")).values() if value is not None
    ]
    assert max(found) <= 1
