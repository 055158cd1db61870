"""What boards read is written for a reader of about twelve: Flesch-Kincaid's grade, measured here.

Grade 7 is read at twelve to thirteen (Kincaid and others, 1975). Half of all sentences are easier than that
as they stand; each of them is, once names are left out that nobody can write shorter: those of measures, of
what they count, and of months.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from statistics import median

import polars as pl
import pytest

from dashboard import plainly, sentences, soundness, wording
from dashboard.outlook import Outlook
from dashboard.panels import board, gap_makers
from dashboard.sentences import Reading
from metrics.indicators import all_indicators
from warehouse import forecasts

TARGETS = [one for one in all_indicators().values() if one.role == "target"]
STANDINGS = {
    "met": {"latest_value": 0.85, "path_now": 0.76, "gap": 0.09, "gap_events": 800.0},
    "on track": {"latest_value": 0.77, "path_now": 0.76, "gap": 0.01, "gap_events": 80.0},
    "behind": {"latest_value": 0.7, "path_now": 0.76, "gap": -0.06, "gap_events": -480.0},
    "insufficient data": {"latest_value": 0.7},
    "no target": {"latest_value": 0.7, "target": None},
}
GRADE = 7.0
MOST_WORDS = 25


def syllables(word: str) -> int:
    """Count runs of vowels; an e at the end is silent, unless it stands after an l ("table")."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    silent = letters.endswith("e") and not letters.endswith(("le", "ee", "ie"))
    silent = silent or bool(re.search(r"[^aeioudt]ed$", letters))
    return max(1, len(re.findall(r"[aeiouy]+", letters)) - silent)


def parted(text: str) -> list[list[str]]:
    """Part a text into sentences, and those into words; a number is one short word."""
    plain = re.sub(r":\w+-badge\[(.*?)\]", r"\1.", text).replace("**", "")
    found = [re.findall(r"[A-Za-z'’]+|\d[\d,.%]*", each) for each in re.split(r"[.!?](?:\s|$)", plain)]
    return [words for words in found if words]


def grade(text: str) -> float:
    """Give the school grade of Flesch and Kincaid."""
    said = parted(text)
    words = [word for sentence in said for word in sentence]
    spoken = sum(1 if word[0].isdigit() else syllables(word) for word in words)
    return 0.39 * len(words) / len(said) + 11.8 * spoken / len(words) - 15.59


def nameless(one, text: str) -> str:
    """Leave out the names: of the measure, what it counts, its unit, and the month."""
    names = [one.numerator_title, one.short_title, one.event, wording.plural(one.event), one.unit]
    names += [wording.unit_of(one, counted) for counted in (True, False)]
    names += [wording.plural(split.title.lower()) for split in one.breakdowns]
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(re.escape(name), "this", text, flags=re.IGNORECASE)
    return re.sub(r"(January|February|March|September|November) (\d{4})", r"\2", text)


def of_measures(said: Callable = nameless) -> Iterator[tuple[str, str]]:
    when = {"latest_period": date(2026, 9, 1), "target": 0.82, "target_due": date(2027, 3, 1)}
    for one in TARGETS:
        if one.unpublished:
            nobody = Reading.of(one, "Hill", "provider", None)
            yield f"{one.id}, not published", said(one, plainly.said(nobody, None, "published"))
        for status, fields in STANDINGS.items():
            row = {**when, **fields, "status_words": status}
            reading = Reading.of(one, "Hill", "provider", row, (7, 9) if one.k_of_n else None)
            yield f"{one.id}, {status}", said(one, plainly.said(reading, 3120.0, "local"))
            yield f"{one.id}, {status}: finding", said(one, sentences.finding(reading))
            if pace := sentences.pace(reading):
                yield f"{one.id}, {status}: pace", said(one, pace)


def of_chances() -> Iterator[tuple[str, str]]:
    """What is said of the time ahead, and of whose gap it is."""
    row = {
        "target": 0.82,
        "target_due": date(2027, 3, 1),
        "chance": 0.3,
        "chance_together": 0.5,
        "reason": None,
    }
    for one in TARGETS:
        rows = [{**row, "aim": aim} for aim in (forecasts.OWN_PLAN, forecasts.ENOUGH_CATEGORIES)]
        ahead = Outlook(pl.DataFrame(), None, [row], rows)
        for said in (
            ahead.chance(one, False, None), ahead.own_plan(one, False, None), ahead.enough(one, None),
        ):  # fmt: skip
            if said:
                yield f"{one.id}: {said[:30]}", nameless(one, said)
        parts = pl.DataFrame({"code": ["a", "b"], "name": ["Mill", "Hill"], "behind": [130.0, 0.4]})
        yield f"{one.id}: whose gap", nameless(one, gap_makers.in_words(parts, one.event))


def of_pages() -> Iterator[tuple[str, str]]:
    yield from ((f"section {title}", f"{title}. {meaning}") for _, title, meaning in board.SECTIONS)
    yield from plainly.WITHHELD.items()
    for name in ("NEEDS_RECORDS", "NOT_PUBLISHED_HERE", "NO_BASELINE", "TOO_FEW_MONTHS", "NOT_YET"):
        yield name, getattr(plainly, name)
    yield from ((words, one.meaning) for words, one in wording.STANDINGS.items())
    yield from {**wording.VARIATION_MEANS, **wording.ASSURANCE_MEANS}.items()
    for old, flagged, aside in ((1, 0, 0.0), (12, 3, 0.02)):
        sound = soundness.Soundness(
            newest=date(2026, 6, 1),
            months_old=old,
            due={date(2026, 9, 1): ["Four-hour standard"]} if old > 3 else {},
            set_aside=aside,
            provisional=2,
            reporting=(118, 120),
            flagged=flagged,
        )
        yield f"soundness {old}", re.sub("(June|September) 2026", "2026", sound.said())


MEANING = 10.0
"""What a measure counts needs words that are not short: of hospitals, and of the law."""
SAID = [*of_measures(), *of_chances(), *of_pages()]


def test_the_grade_is_that_of_texts_graded_elsewhere():
    """Worked by hand: 6 words of 6 syllables; and 9 words of 19 syllables."""
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45, abs=0.01)
    hard = "Statistical information about organisational performance requires careful interpretation"
    assert grade(hard) > 20


def test_half_of_what_boards_read_is_for_a_reader_of_twelve_or_younger():
    whole = [*of_measures(lambda _, text: text), *of_pages()]
    assert len(whole) > 80
    assert median(grade(text) for _, text in whole) <= GRADE


@pytest.mark.parametrize(("name", "text"), SAID, ids=[name for name, _ in SAID])
def test_no_sentence_for_boards_is_hard_or_long(name, text):
    assert grade(text) <= GRADE, text
    assert max(map(len, parted(text))) <= MOST_WORDS, text


@pytest.mark.parametrize("one", TARGETS, ids=lambda one: one.id)
def test_what_a_measure_means_can_be_read(one):
    assert grade(one.meaning) <= MEANING, one.meaning
    assert grade(one.why) <= MEANING + 3, one.why
