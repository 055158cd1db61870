"""Numbers, months and standings as a board would say them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from dashboard import sentences, wording
from dashboard.sentences import Reading
from metrics.indicators import all_indicators

SHARE = next(one for one in all_indicators().values() if one.kind == "proportion" and one.targets)
RATE = next(one for one in all_indicators().values() if one.kind == "rate" and one.targets)
PACE = next(one for one in all_indicators().values() if one.kind == "pace")


def reading(one=SHARE, level="place", **changes) -> Reading:
    row = {
        "latest_period": date(2026, 6, 1),
        "latest_value": 0.761,
        "target": 0.82,
        "target_due": date(2027, 3, 1),
        "path_now": 0.784,
        "gap": -0.023,
        "gap_events": -341.2,
        "required_pace": 0.0066,
        "status_words": "behind",
    }
    return Reading.of(one, "Ashford Vale", level, row | changes)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (341.2, "about 340 patients a month"),
        (-12.4, "about 12 patients a month"),
        (1, "about 1 patient a month"),
        (0.4, "less than 1 patient a month"),
        (87, "about 85 patients a month"),
        (12_345, "about 12,000 patients a month"),
        (0, ""),
        (None, ""),
    ],
)
def test_a_gap_in_people(amount, words):
    assert wording.about(amount, "patient") == words


def test_plurals():
    assert wording.plural("bed day") == "bed days"
    assert wording.plural("day of delay") == "days of delay"


def test_numbers():
    assert wording.number(12_345.6) == "12,346"
    assert wording.number(45.66) == "45.7"
    assert wording.number(0.456) == "0.46"
    assert wording.number(7.891) == "7.89"
    assert wording.number(-13.2) == "−13.2"
    assert wording.number(0.0) == "0"
    assert wording.number(None) == "no figure"
    assert wording.percent(0.82) == "82%"
    assert wording.percent(0.825) == "82.5%"
    assert wording.value(SHARE, 0.755450) == "75.5%"


def test_days_and_months():
    assert wording.month(date(2026, 6, 1)) == "June 2026"
    assert wording.day(datetime(2026, 6, 4, tzinfo=UTC)) == "4 June 2026"
    assert wording.day(None) == "never"


def test_a_place_of_care_counts_where_a_population_has_a_rate():
    assert wording.unit_of(RATE, counted=True) == f"{wording.plural(RATE.event)} a month"
    assert "1,000" in wording.unit_of(RATE, counted=False)
    assert "1,000" not in wording.unit_of(PACE, counted=True)
    assert "(" not in wording.unit_of(PACE, counted=False)


def test_every_status_of_the_metrics_room_has_a_shape_and_words():
    shapes = [wording.standing(words).shape for words in wording.STANDINGS]
    assert len(set(shapes)) == len(shapes), "told apart without colour"
    assert {"on track", "behind", "met", "insufficient data", "no target"} == set(wording.STANDINGS) - {
        "not published",
        "no figure",
    }, "and those that pages add where there is nothing to judge"
    assert wording.standing("something new").words == "Something new"
    assert wording.standing(None).words == "Not enough data"


def test_behind():
    event = wording.plural(SHARE.event)
    assert sentences.gap(reading()) == f"2.3 points behind the path: about 340 {event} a month"
    said = sentences.finding(reading())
    assert said == (
        f"Ashford Vale is 2.3 points behind the path: about 340 {event} a month. In June 2026 the figure was "
        "76.1%. The path to 82% by March 2027 was at 78.4%."
    )
    assert sentences.pace(reading()) == "From here it must go up by 0.7 points every month until March 2027."


def test_on_track_and_met():
    ahead = reading(gap=0.01, gap_events=150.0, status_words="on track", path_now=0.751)
    assert sentences.finding(ahead).startswith("Ashford Vale is 1.0 points ahead of the path: about 150 ")
    level = reading(gap=0.0, gap_events=0.0, status_words="on track", path_now=0.761)
    assert sentences.finding(level).startswith("Ashford Vale is level with the path. ")
    assert sentences.finding(reading(latest_value=0.83, status_words="met")) == (
        "Ashford Vale met its target in June 2026. The figure was 83.0%. The target is 82% by March 2027."
    )
    assert sentences.pace(reading(status_words="met")) == ""
    assert "hold its ground" in sentences.pace(reading(required_pace=0.0001))


def test_no_target_and_no_figures():
    none = {"target": None, "target_due": None, "path_now": None, "gap": None, "gap_events": None}
    assert "No target size is set nationally" in sentences.finding(reading(status_words="no target", **none))
    nothing = Reading.of(SHARE, "Ashford Vale", "place", None)
    assert "no figures for Ashford Vale" in sentences.finding(nothing)
    assert sentences.gap(nothing) == ""
    assert nothing.status_words == "insufficient data"


def test_a_count_is_not_said_twice():
    at_trust = reading(RATE, "provider", latest_value=381.0, path_now=306.0, gap=-75.0, gap_events=-75.0)
    assert sentences.gap(at_trust) == f"about 75 {wording.plural(RATE.event)} a month behind the path"


def test_alt_text_says_what_where_latest_direction_and_distance():
    months = pl.date_range(date(2025, 1, 1), date(2026, 6, 1), "1mo", eager=True)
    series = pl.DataFrame({"period": months, "value": [0.70 + i / 300 for i in range(len(months))]})
    text = sentences.alt_text(reading(), series)
    assert text.startswith(f"Line chart of {SHARE.short_title}, Ashford Vale, January 2025 to June 2026.")
    for part in ("Latest: 75.7%.", "Up 4.0 points on the same month last year.", "Target: 82%", "behind"):
        assert part in text
    assert sentences.alt_text(reading(), series.clear()).endswith("no figures yet.")


def test_sentences_are_short_enough_to_read():
    for words in ("behind", "on track", "met"):
        for sentence in sentences.finding(replace(reading(), status_words=words)).split(". "):
            assert len(sentence.split()) <= 35


DIVERSION = next(one for one in all_indicators().values() if one.k_of_n)
POOLED = {"latest_value": 0.262, "target": 0.25, "path_now": 0.22, "gap": 0.042, "required_pace": 0.0}


def test_a_target_asked_of_each_category_is_said_so():
    said = replace(reading(DIVERSION, **POOLED, status_words="on track"), reach=(7, 10))
    count = "7 of 10 specialties at 25% or more (all 10 are needed)"
    assert sentences.categories(said) == count
    told = sentences.finding(said)
    assert told.startswith("7 of 10 specialties are at 25% or more (all 10 are needed). The pooled figure ")
    assert "for Ashford Vale was 26.2% in June 2026, 4.2 points ahead of the path" in told
    assert "in each, not in the pooled figure" in told
    assert "already past its target" not in sentences.pace(said)
    assert "3 had too little data" in sentences.categories(replace(said, reach=(7, 7)))


def test_a_target_asked_of_each_category_is_met_by_each():
    said = replace(reading(DIVERSION, **POOLED, status_words="met"), reach=(10, 10))
    assert sentences.finding(said).startswith(
        "Ashford Vale met its target in June 2026: 10 of 10 specialties are at 25% or more"
    )
    one = replace(reading(DIVERSION, **POOLED, status_words="on track"), reach=(1, 10))
    assert sentences.finding(one).startswith("1 of 10 specialties is at 25% or more")


def test_a_measure_without_such_a_rule_says_nothing_of_categories():
    assert sentences.categories(replace(reading(RATE), reach=(7, 10))) == ""
    assert sentences.categories(reading(DIVERSION, **POOLED)) == ""


def test_an_interval_stays_on_one_line_and_is_a_dash_where_there_is_none():
    assert wording.interval(SHARE, 0.708, 0.715) == "70.8%\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}71.5%"
    assert wording.interval(SHARE, None, None) == "–"
