"""Sentences made from figures keep the rules of grammar, however odd the figures are."""

from datetime import date

import polars as pl
import pytest
from grammar import FAULTS, faults
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import plainly, sentences, soundness, takes_words, wording
from dashboard.outlook import Outlook
from dashboard.panels import gap_makers
from dashboard.sentences import Reading
from metrics.indicators import all_indicators
from warehouse import forecasts

ALL = list(all_indicators().values())
ODD = [0.0, 0.0004, 0.4, 0.96, 0.9999, 1.0, 1.4, 2.0, 7.0, 7.004, 19.95, 45.0, 99.6, 412.0, 1003.0, 1.2e6]
AMOUNTS = st.one_of(st.sampled_from(ODD), st.floats(0, 2e6))
SHARES = st.one_of(st.sampled_from([each for each in ODD if each <= 1]), st.floats(0, 1))
SIGNS = st.sampled_from([-1, 1])
STATUSES = ["met", "on track", "behind", "insufficient data", "no target"]
WRONG = {
    "one of many": "There were 1 patients.",
    "many of one": "About 340 attendance a month.",
    "1 ... are": "1 more are behind too.",
    "many ... is": "3 more is behind too.",
    "a before a vowel": "a admission a month",
    "an before a consonant": "an patient",
    "doubled stop": "It is late.. It is old.",
    "space before a stop": "It is late .",
    "doubled space": "It is  late.",
    "space at an end": "It is late. ",
    "no figure of a computer": "It was nan in June.",
    "about nothing": "about 0 in the month",
    "1 in 1": "about 1 in 1",
    "minus nothing": "a change of −0.0 days",
    "a hyphen for a minus": "a change of -3 days",
    "a word twice": "at the the target",
    "a name of the code": "insufficient_data in June",
    "profile": "Rules: tool 5.0 (profile mdc).",
    "a month spelt short": "in Sept 2026",
    "odd rounding": "about 1,003 patients",
    "small letter at the start": "It is late. it is old.",
}


def test_every_rule_of_grammar_finds_its_own_fault():
    assert set(WRONG) == {*FAULTS, "odd rounding"}
    for name, text in WRONG.items():
        assert any(each.startswith(f"{name}:") for each in faults(text)), name
    assert faults("It is late (for once.") == ["brackets: It is late (for once."]


def test_right_sentences_break_no_rule():
    for text in (
        "About 1,300 patients a month behind in A, 85 in B and 1 in C; 1 more is behind too.",
        "In May 2026 1 patient of 12 waited an hour: 1 in 12, or 8.3%. It fell by −0.3 points.",
        "The figure was 1.0 days, and 31 days the year before.",
    ):
        assert faults(text) == [], text


@st.composite
def readings(draw) -> Reading:
    """A reading that may be odd but could be true: sides and signs agree."""
    one = draw(st.sampled_from(ALL))
    value = draw(SHARES if one.kind == "proportion" else AMOUNTS)
    side = draw(SIGNS)
    gap = side * draw(SHARES if one.kind == "proportion" else AMOUNTS)
    status = draw(st.sampled_from(STATUSES))
    path = draw(SHARES if one.kind == "proportion" else AMOUNTS)
    judged = status in ("met", "on track", "behind")
    row = {
        "latest_period": date(2026, draw(st.integers(1, 12)), 1),
        "latest_value": value,
        "target": draw(SHARES) if status != "no target" else None,
        "target_due": date(2027, 3, 1) if status != "no target" else None,
        "path_now": path if judged else None,
        "gap": gap if judged else None,
        "gap_events": side * draw(AMOUNTS) if judged and gap else 0.0,
        "required_pace": draw(SIGNS) * draw(SHARES),
        "status_words": status,
        "baseline_value": draw(st.sampled_from([None, 0.5])),
    }
    reach = draw(st.sampled_from([(0, 10), (1, 1), (1, 10), (7, 9), (10, 10)])) if one.k_of_n else None
    return Reading.of(one, "Ashford Vale", draw(st.sampled_from(["place", "provider"])), row, reach)


@given(readings(), st.sampled_from([None, 0.0, 1.0, 2.0, 19.0, 340.0, 1003.0, 12_345.0]))
@settings(max_examples=300, deadline=None)
def test_what_is_said_of_a_reading_is_grammatical(reading, numerator):
    said = [
        sentences.finding(reading),
        plainly.said(reading, numerator, "local"),
        sentences.pace(reading),
        sentences.latest(reading),
        sentences.target(reading),
        sentences.gap(reading),
        sentences.categories(reading),
    ]
    assert [fault for text in said for fault in faults(text)] == []
    for text in filter(None, said[:3]):
        assert text.endswith("."), text
        assert text[0].isupper() or text[0].isdigit(), text


@given(readings(), st.lists(SHARES, min_size=1, max_size=16))
@settings(max_examples=100, deadline=None)
def test_what_is_said_of_a_chart_is_grammatical(reading, values):
    months = pl.date_range(date(2025, 6, 1), date(2026, 12, 1), "1mo", eager=True)[: len(values)]
    series = pl.DataFrame({"period": months, "value": values}).with_columns(
        status=pl.when(pl.col("period") == months[-1]).then(pl.lit("provisional")).otherwise(pl.lit("final"))
    )
    assert faults(sentences.alt_text(reading, series)) == []
    for text in sentences.points(reading.indicator, series, reading.counted):
        assert faults(text) == []


@given(
    st.integers(0, 40),
    st.sampled_from([None, 0.0, 1e-7, 0.002, 1.0]),
    st.integers(0, 3),
    st.sampled_from([None, (0, 1), (1, 1), (1, 2), (118, 120)]),
    st.integers(0, 2),
)
@settings(deadline=None)
def test_how_good_the_data_are_is_grammatical(old, aside, provisional, reporting, flagged):
    sound = soundness.Soundness(
        newest=date(2026, 6, 1),
        months_old=old,
        due={date(2026, 9, 1): ["Four-hour standard", "Discharge delay"]} if old > 3 else {},
        set_aside=aside,
        provisional=provisional,
        reporting=reporting,
        flagged=flagged,
    )
    assert faults(sound.said()) == []
    assert " 0.00%" not in sound.said(), "some rows are not none"


@given(st.lists(AMOUNTS, min_size=1, max_size=6), st.sampled_from(ALL))
@settings(deadline=None)
def test_where_the_gap_is_is_grammatical(amounts, one):
    amounts = sorted((each + 0.01 for each in amounts), reverse=True)
    names = ["No known neighbourhood", "Millbrook", "Castle Hill", "Riverside", "Stonebridge", "Long Meadow"]
    codes = [wording.UNATTRIBUTED, "NB1", "NB2", "NB3", "NB4", "NB5"]
    count = len(amounts)
    behind = pl.DataFrame({"code": codes[:count], "name": names[:count], "behind": amounts})
    said = gap_makers.in_words(behind, one.event)
    assert faults(said) == []
    assert "in No known" not in said


@given(st.sampled_from(ALL), SHARES, SHARES)
@settings(deadline=None)
def test_what_is_said_of_chances_is_grammatical(one, chance, together):
    row = {
        "target": 0.82,
        "target_due": date(2027, 3, 1),
        "chance": chance,
        "chance_together": together,
        "reason": None,
        "aim": forecasts.OWN_PLAN,
    }
    further = [row, {**row, "aim": forecasts.ENOUGH_CATEGORIES}]
    ahead = Outlook(pl.DataFrame(), None, [row], further)
    for said in (ahead.chance(one, False, None), ahead.enough(one, None), ahead.own_plan(one, False, None)):
        assert faults(said) == []
        assert "chance of reaching" not in said, "a chance is of the date: some are there already"


@given(st.sampled_from([one for one in ALL if one.role == "target"]), st.floats(0.5, 2e6))
@settings(deadline=None)
def test_what_it_would_take_is_grammatical(one, amount):
    said = takes_words.wanted(one, amount)
    assert faults(said) == []
    assert not said.startswith("0 ")


def test_places_in_an_order():
    assert [wording.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111, 1003)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th", "1,003rd")
    ]


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_a_value_and_the_target_it_misses_are_not_written_alike(one):
    if one.kind in ("rate", "pace"):
        assert wording.value(one, 3.34) != wording.value(one, 3.27)
    assert wording.value(one, 1.0, counted=True, unit=True) != wording.value(
        one, 2.0, counted=True, unit=True
    )


def test_counts_are_whole_and_one_is_one():
    rate = next(one for one in ALL if one.kind == "rate")
    event = rate.event
    assert wording.value(rate, 29.0, counted=True, unit=True) == f"29 {wording.plural(event)} a month"
    assert wording.value(rate, 1.0, counted=True, unit=True) == f"1 {event} a month"
