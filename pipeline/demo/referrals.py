"""Feeds outpatient_referrals and specialist_advice_requests: what was referred, and what advice replaced."""

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.demo import specialties, story
from pipeline.demo.draws import Choice, chance, coded, some
from pipeline.demo.months import CLINIC_BY_MONTH, MEAN_CLINIC_DAYS, Month
from pipeline.demo.region import Region, dates

REFERRALS = "outpatient_referrals"
ADVICE = "specialist_advice_requests"
REFERRALS_A_YEAR_PER_PERSON = 9_000 / 50_000
SOURCES = ("03", "92", "12", "05", "04", "06", "11", "15", "16", "17", "97", "55")
SOURCE_SHARE = Choice([0.70, 0.03, 0.02, 0.11, 0.035, 0.015, 0.01, 0.02, 0.02, 0.01, 0.03])
"""The last source is no code of the data dictionary: a fault for the gate to catch."""
REQUEST_TYPES = ("pre_referral_advice", "post_referral_triage", "other")
REQUEST_SHARE = Choice([0.76, 0.20, 0.04])
DIVERTED_OF_PROCESSED = np.array([0.50, 0.42, 0.20])
"""By request type; about 47% of all."""
MEAN_LAG_DAYS = 6.0
UNPROCESSED = {40: 0.09, 41: 0.27}
"""Of the requests of the last two months, those not processed when the extract was made; 2% otherwise."""


def _spread(region: Region) -> NDArray[np.float64]:
    """People by neighbourhood."""
    return np.bincount(region.people.neighbourhood).astype(np.float64) * 0.965


def _expected(region: Region, month: Month) -> NDArray[np.float64]:
    """Referrals expected in a month: neighbourhoods x specialties."""
    share = specialties.REFERRED / specialties.REFERRED.sum()
    a_day = REFERRALS_A_YEAR_PER_PERSON / 12 / MEAN_CLINIC_DAYS * _spread(region)
    return np.outer(a_day * month.clinic.sum() * CLINIC_BY_MONTH[month.calendar], share)


def _practice_choice(region: Region) -> Choice:
    """A practice of each neighbourhood, by its people."""
    held = np.bincount(region.people.practice, minlength=len(region.here.practice_codes)).astype(np.float64)
    shares = np.zeros((region.here.size.neighbourhoods, len(held)))
    shares[region.here.practice_neighbourhood, np.arange(len(held))] = held
    return Choice(shares)


def _draw(
    rng: np.random.Generator, month: Month, expected: NDArray[np.float64]
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """Day, neighbourhood and specialty of a month's records, in order of day."""
    noise = np.exp(rng.normal(0, 0.03, expected.shape))
    cell = np.repeat(np.arange(expected.size), rng.poisson(expected * noise).ravel())
    rng.shuffle(cell)
    day = np.repeat(month.days, rng.multinomial(len(cell), month.clinic / month.clinic.sum()))
    return day, cell // expected.shape[1], cell % expected.shape[1]


def prepare_referrals(region: Region) -> Callable[[Month], pl.DataFrame]:
    """The referral feed's maker of months."""
    practices = _practice_choice(region)

    def make(month: Month) -> pl.DataFrame:
        rng = region.stream(REFERRALS, month)
        day, neighbourhood, specialty = _draw(rng, month, _expected(region, month))
        size, number = len(day), np.arange(len(day))
        site = region.here.mix.draw(rng, neighbourhood).astype(np.int64)
        source = SOURCE_SHARE.draw(rng, size)
        share = story.DIRTY_SHARE / 3
        twice = some(rng, size - 1, share)
        number[twice + 1] = number[twice]
        source[some(rng, size, share)] = len(SOURCES) - 1
        return pl.DataFrame(
            {
                "referral_id": region.ids("RF", month, number),
                "received_date": dates(day),
                "source_of_referral": coded(SOURCES, source),
                "treatment_function_code": coded(specialties.CODES, specialty),
                "provider_code": region.providers(month, site),
                "practice_code": region.practices(rng, practices.draw(rng, neighbourhood)),
            }
        )

    return make


def prepare_advice(region: Region) -> Callable[[Month], pl.DataFrame]:
    """The advice feed's maker of months: requests processed in the month, and its requests not processed."""
    practices = _practice_choice(region)
    systems = region.here.neighbourhood_system
    by_system = story.cycled(story.DIVERSION_BY_SYSTEM, int(systems.max()) + 1)
    processed_diverted = float((np.array([0.76, 0.20, 0.04]) * DIVERTED_OF_PROCESSED).sum())

    def make(month: Month) -> pl.DataFrame:
        rng = region.stream(ADVICE, month)
        share = story.between(specialties.DIVERTED, month.number)
        share = np.outer(story.between(by_system, month.number)[systems], share)
        processed = _expected(region, month) * share / (1 - share) / processed_diverted
        waiting = UNPROCESSED.get(month.number, 0.02)
        late = 0.93 if month.number == 41 else 1.0
        done = _draw(rng, month, processed * late)
        undone = _draw(rng, month, processed * waiting / (1 - waiting))
        day = np.concatenate([done[0], undone[0]])
        neighbourhood, specialty = np.concatenate([done[1:], undone[1:]], axis=1)
        is_done = np.arange(len(day)) < len(done[0])
        return _advice_frame(region, rng, month, day, neighbourhood, specialty, is_done, practices)

    return make


def _advice_frame(
    region: Region,
    rng: np.random.Generator,
    month: Month,
    day: NDArray[np.int32],
    neighbourhood: NDArray[np.int64],
    specialty: NDArray[np.int64],
    is_done: NDArray[np.bool_],
    practices: Choice,
) -> pl.DataFrame:
    size, number = len(day), np.arange(len(day))
    lag = np.floor(rng.exponential(MEAN_LAG_DAYS, size)).astype(np.int32) * is_done
    kind = REQUEST_SHARE.draw(rng, size)
    diverted = is_done & chance(rng, DIVERTED_OF_PROCESSED[kind], size)
    site = region.here.mix.draw(rng, neighbourhood).astype(np.int64)
    twice = some(rng, size - 1, story.DIRTY_SHARE / 3)
    number[twice + 1] = number[twice]
    # processed before it was asked
    early = some(rng, int(is_done.sum()), story.DIRTY_SHARE / 3)
    lag[early] = -rng.integers(1, 20, len(early))
    return pl.DataFrame(
        {
            "request_id": region.ids("AG", month, number),
            "request_date": dates(day - lag),
            "request_type": coded(REQUEST_TYPES, kind),
            "treatment_function_code": coded(specialties.CODES, specialty),
            "processed": pl.Series(is_done),
            "processed_date": dates(day).set(pl.Series(~is_done), None),
            "diverted": pl.Series(diverted),
            "provider_code": region.providers(month, site),
            "practice_code": region.practices(rng, practices.draw(rng, neighbourhood)),
        }
    )
