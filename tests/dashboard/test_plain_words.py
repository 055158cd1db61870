"""Numbers as people say them, and a measure in one plain sentence."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import plainly, wording
from dashboard.sentences import Reading
from metrics.indicators import all_indicators


def measure(kind: str, better: str, **more):
    found = [one for one in all_indicators().values() if one.kind == kind and one.better == better]
    return next(one for one in found if all(getattr(one, name) == value for name, value in more.items()))


def reading(one, **fields) -> Reading:
    row = {"latest_period": date(2026, 9, 1), "target": 0.82, "target_due": date(2027, 3, 1), **fields}
    return Reading.of(one, "Somewhere", "place", row)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.25, "about 1 in 4"),
        (0.26, "about 1 in 4"),
        (0.225, "about 1 in 5"),
        (0.5, "about 1 in 2"),
        (0.726, "about 7 in 10"),
        (0.755, "about 3 in 4"),
        (0.667, "about 2 in 3"),
        (0.88, "about 9 in 10"),
        (0.97, "more than 19 in 20"),
        (0.02, "fewer than 1 in 20"),
        (0.0, "none"),
        (1.0, "all"),
    ],
)
def test_a_share_is_said_as_so_many_in_so_many(share, said):
    assert wording.one_in(share) == said


@given(st.floats(0.05, 0.95))
def test_what_is_said_of_a_share_is_never_five_points_out(share):
    part, of = wording.one_in(share).removeprefix("about ").split(" in ")
    assert abs(int(part) / int(of) - share) <= 0.0501


@given(st.floats(1, 1e7))
def test_a_count_is_rounded_by_less_than_a_tenth(count):
    assert abs(wording.rounded(count) - count) <= max(0.5, count / 10)


def test_behind_in_people_a_month():
    one = measure("proportion", "higher", k_of_n=None)
    said = plainly.said(
        reading(
            one, latest_value=0.726, path_now=0.762, gap=-0.036, gap_events=-243.3, status_words="behind"
        ),
        0.0,
        "local",
    )
    assert said == f"{one.numerator_title}: about 7 in 10. About 240 a month short of its path."


def test_fewer_is_asked_where_lower_is_better():
    one = measure("rate", "lower")
    said = plainly.said(
        reading(one, latest_value=19.0, path_now=18.0, gap=-1.0, gap_events=-35.2, status_words="behind"),
        323.0,
        "local",
    )
    assert said == f"{one.numerator_title}: about 320 in the month. About 35 a month over its path."


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"status_words": "met", "gap": 0.1}, "That meets the target."),
        (
            {"gap": 0.02, "gap_events": 80.0, "status_words": "on track"},
            "About 80 a month ahead of its path.",
        ),
        (
            {"gap": None, "status_words": "insufficient data", "baseline_value": 0.7},
            plainly.TOO_FEW_MONTHS,
        ),
        ({"gap": None, "status_words": "insufficient data"}, plainly.NO_BASELINE),
        ({"gap": -0.0001, "gap_events": -0.2, "status_words": "behind"}, "a little short of its path"),
    ],
)
def test_every_other_standing_has_its_sentence(fields, said):
    one = measure("proportion", "higher", k_of_n=None)
    assert said in plainly.said(reading(one, latest_value=0.75, **fields), 0.0, "local")


def test_without_a_target_nothing_is_said_of_a_path():
    one = measure("mean", "lower")
    said = plainly.said(reading(one, latest_value=8.4, target=None, status_words="no target"), 0.0, "local")
    assert said == f"{one.short_title}: 8.4 days on average."


def test_a_measure_without_a_figure_says_why():
    nobody = measure("pace", "lower")
    national = next(one for one in all_indicators().values() if one.published_feeds)
    said = plainly.said(Reading.of(nobody, "X", "provider", None), None, "published")
    assert said == f"{nobody.unpublished} {plainly.NEEDS_RECORDS}"
    assert plainly.missing(national, "published") == plainly.NOT_PUBLISHED_HERE
    assert "No records" in plainly.missing(nobody, "local")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("suppressed", "so small that it could point to a person"),
        ("not_reported", "not the same as zero"),
        ("insufficient_data", "Too little of it has arrived"),
        ("no_denominator", "nobody to count"),
    ],
)
def test_a_figure_that_is_withheld_says_which_of_the_ways_it_is_missing(status, said):
    nothing = Reading.of(measure("pace", "lower"), "X", "provider", None)
    assert said in plainly.said(nothing, None, "local", status)


def test_a_month_not_reported_after_others_leaves_the_last_figure_standing():
    one = measure("proportion", "higher", k_of_n=None)
    said = plainly.said(reading(one, latest_value=0.5, status_words="met"), 0.0, "local", "not_reported")
    assert said.startswith(f"{one.numerator_title}: about 1 in 2.")
