"""What holds for any SPC chart, and how charts speak: gaps, words, targets, directions, own profiles."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.spc import signals, summary
from metrics.spc_profiles import MDC, NHSR, Profile

STEADY = [4.0, 6.0] * 6
VALUES = st.lists(st.integers(0, 60), min_size=1, max_size=40)
FLAGS = ("outside_limits", "shift", "trend", "two_of_three")
EXAMPLES = settings(max_examples=40, deadline=None)


def months(values: list[float | None], series: str = "one", **columns: object) -> pl.DataFrame:
    days = [date(2023 + place // 12, place % 12 + 1, 1) for place in range(len(values))]
    dates = pl.Series(days, dtype=pl.Date)
    frame = pl.DataFrame({"date": dates, "value": pl.Series(values, dtype=pl.Float64)})
    frame = frame.select(pl.lit(series).alias("series"), "date", "value")
    return frame.with_columns(pl.Series(name, given_values) for name, given_values in columns.items())


def icons(frame: pl.DataFrame, profile: Profile = MDC, better: str = "higher") -> dict[str, object]:
    return summary(signals(frame, profile, better=better), profile, better=better).row(0, named=True)


@given(VALUES, st.sampled_from([MDC, NHSR]))
@EXAMPLES
def test_relabelling_the_direction_swaps_improvement_and_concern_only(values, profile):
    higher = signals(months(values), profile, better="higher")
    lower = signals(months(values), profile, better="lower")
    assert higher.drop("state").equals(lower.drop("state"))
    for one, other in zip(higher["state"], lower["state"], strict=True):
        if profile is NHSR or one == "common_cause" or one[-3:] == other[-3:]:
            swapped = (
                one.replace("improvement", "x").replace("concern", "improvement").replace("x", "concern")
            )
            assert other == swapped
        else:
            # A point that is both is improvement whichever way is better.
            assert {one, other} == {"improvement_high", "improvement_low"}


@given(VALUES, st.integers(-10_000, 10_000))
@EXAMPLES
def test_adding_a_constant_moves_the_lines_by_it_and_nothing_else(values, constant):
    before, after = signals(months(values)), signals(months([value + constant for value in values]))
    assert before.select(*FLAGS, "state").equals(after.select(*FLAGS, "state"))
    for line in ("mean", "lower_limit", "upper_limit", "lower_two_sigma", "upper_two_sigma"):
        moved = [None if value is None else pytest.approx(value + constant) for value in before[line]]
        assert after[line].to_list() == moved


@given(VALUES)
@EXAMPLES
def test_reversing_time_mirrors_the_flags(values):
    forward, backward = signals(months(values)), signals(months(values[::-1]))
    mirrored = backward.select(FLAGS).reverse()
    assert forward.select(FLAGS).equals(mirrored)


@given(VALUES, st.integers(2, 5))
@EXAMPLES
def test_doubling_every_value_doubles_the_lines(values, times):
    before, after = signals(months(values)), signals(months([value * times for value in values]))
    assert before.select(*FLAGS, "state").equals(after.select(*FLAGS, "state"))


def test_one_series_does_not_know_of_another():
    one, two = months([4, 6] * 4 + [6] * 7, "one"), months([6] * 7 + [4, 6] * 4, "two")
    together = signals(pl.concat([one, two]))
    assert together.equals(pl.concat([signals(one), signals(two)]))
    mixed = signals(pl.concat([one, two]).sample(fraction=1, shuffle=True, seed=1))
    assert mixed.sort("series", "date").equals(together)


def test_series_may_be_made_of_several_columns_and_of_nulls():
    frame = months([*STEADY, 20.0]).with_columns(pl.lit(None, pl.String).alias("category")).drop("series")
    got = summary(
        signals(frame.with_columns(level=pl.lit("place")), by=["level", "category"]), by=["level", "category"]
    )
    assert got.columns[:2] == ["level", "category"]
    assert got["points"].to_list() == [13]


def test_gaps_are_marked_whether_rows_are_empty_or_absent():
    empty = months([*STEADY[:6], None, *STEADY[6:], 4.0, float("nan")])
    absent = empty.filter(pl.col("value").is_not_nan())
    for frame in (empty, absent):
        got = signals(frame)
        assert got.filter("after_gap")["date"].to_list() == [date(2023, 8, 1)]
        assert icons(frame)["gaps"] == 1
    missing = signals(empty)[6]
    assert missing["state"].item() is None
    assert missing["mean"].item() == signals(empty)["mean"][0]
    assert not any(missing[flag].item() for flag in FLAGS)


def test_dates_need_not_be_months():
    weeks = pl.Series("date", [date(2026, 1, 5) + timedelta(weeks=week) for week in range(13)])
    frame = months([*STEADY, 20.0]).with_columns(weeks)
    assert icons(frame)["reason"] == "above the limits on 30 March 2026"
    assert not signals(frame)["after_gap"].any()


def test_no_rows_and_no_values():
    empty = months([])
    assert signals(empty).height == summary(signals(empty)).height == 0
    nothing = icons(months([None, None]))
    assert (nothing["variation"], nothing["assurance"], nothing["points"]) == ("none", "none", 0)
    assert nothing["reason"] == "there are no values"


@pytest.mark.parametrize(
    ("later", "words"),
    [
        ([4, 4, 4, 4, 4, 4], "6 months running below the mean, since January 2024"),
        ([5, 4, 20], "above the limits in March 2024"),
        ([4, 6, 4], "no rule is broken in March 2024"),
        ([2, 3, 4, 5, 6, 7], "6 months rising in a row, since January 2024"),
        ([6, 9, 9], "two of three months or more far above the mean"),
        (
            [2, 2.2, 2.4, 2.6, 2.8, 3],
            "6 months rising in a row, since January 2024"
            "; but also 6 months running below the mean, since January 2024",
        ),
    ],
)
def test_reasons_read_aloud(later, words):
    frame = months([*STEADY, *later], baseline=[1] * 12 + [0] * len(later))
    assert icons(frame)["reason"] == words


def test_the_reason_says_what_the_target_does():
    frame = months([*STEADY, 4.0], target=[20.0] * 13)
    assert "falls short of the target" in icons(frame)["reason"]
    assert "chance" in icons(frame.with_columns(target=pl.lit(6)))["reason"]
    assert "better than the target" in icons(frame.with_columns(target=pl.lit(-6)))["reason"]
    assert icons(months(STEADY))["reason"] == "12 of the 13 months that limits and icons need"


def test_each_month_is_held_against_its_own_target():
    frame = months([*STEADY, 4.0], target=[4.0, 7.0] * 6 + [None])
    assert signals(frame, better="higher")["meets_target"].to_list() == [True, False] * 6 + [None]
    assert signals(frame, better="lower")["meets_target"].to_list() == [True, True] * 6 + [None]
    assert signals(frame, better="neither")["meets_target"].null_count() == 13


def test_each_series_may_have_its_own_direction():
    both = pl.concat([months([*STEADY, 20], "one"), months([*STEADY, 20], "two")])
    frame = both.with_columns(better=pl.when(pl.col("series") == "one").then(pl.lit("lower")))
    got = summary(signals(frame, better="higher"), better="higher")
    assert got["variation"].to_list() == ["concern_high", "improvement_high"]
    with pytest.raises(ValueError, match="not up"):
        signals(frame.with_columns(better=pl.lit("up")))


def test_a_profile_of_ones_own():
    own = Profile(
        name="board", version="1", shift=5, fewest_points=5, clash="concern", crosses=frozenset({"shift"})
    )
    five = months([4, 6, 4, 6, 4, *[6] * 5])
    assert signals(five, own)["shift"].sum() == 5
    assert signals(five, MDC)["shift"].sum() == 0
    falling_high = months([*STEADY, 10, 9, 8, 7, 6.5, 6], baseline=[1] * 12 + [0] * 6)
    assert icons(falling_high, own)["variation"] == "concern_low"
    assert icons(falling_high, MDC)["variation"] == "improvement_high"
    with pytest.raises(ValueError, match="each of the four"):
        Profile(name="x", version="1", clash="rule_order", order=("shift",))


def test_a_point_on_the_mean_by_decimals_is_on_it_by_doubles():
    got = signals(months([0.1] * 36))
    assert got["mean"].unique().to_list() == [0.1] == got["upper_limit"].unique().to_list()
    assert (got["state"] == "common_cause").all()
    tenths = signals(months([0.7, 0.8, 0.9] * 12))
    assert tenths["side_run"].to_list()[1::3] == [0] * 12
