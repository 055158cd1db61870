"""Feed inpatient_spells: emergency, planned and maternity stays, by month of discharge."""

from collections.abc import Callable

import numpy as np
import polars as pl

from pipeline.demo import story
from pipeline.demo.cohorts import CARE_HOME
from pipeline.demo.diagnoses import LISTS, diagnosis_lists
from pipeline.demo.draws import Choice, chance, coded, some
from pipeline.demo.months import ADMISSION_BY_MONTH, CLINIC_BY_MONTH, MEAN_CLINIC_DAYS, Month
from pipeline.demo.pools import Use
from pipeline.demo.region import Drawn, Region, dates, draw, in_cohort
from pipeline.demo.stays import make_ready, make_stay

FEED = "inpatient_spells"
EMERGENCY_A_YEAR = 5_500 / 50_000
PLANNED_A_YEAR = np.array([600, 2_800]) / 50_000
"""Ordinary planned stays and day cases."""
MATERNITY_A_YEAR = 620 / 50_000

EMERGENCY_USE = Use(
    age=(1.9, 0.75, 0.35, 0.5, 0.6, 0.85, 1.6, 2.6, 3.6),
    deprivation=(1.28, 1.10, 0.98, 0.89, 0.80),
    cohort=(3.0, 1.8, 1.8, 4.0),
    spread=1.3,
)
PLANNED_USE = Use(age=(0.2, 0.3, 0.25, 0.4, 0.7, 1.3, 2.3, 2.4, 1.2), cohort=(1.0, 1.0, 1.0, 1.0))
MATERNITY_USE = Use(age=(0.0, 0.0, 0.0, 0.7, 3.0, 0.0, 0.0, 0.0, 0.0), women_only=True, spread=8.0)

METHODS = ("21", "22", "24", "28", "2A", "2B", "2D", "23", "11", "12", "13", "31", "32", "82", "81", "99")
METHOD = Choice(
    [
        [0.74, 0.065, 0.04, 0.03, 0.09, 0.02, 0.01, 0.005, 0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0, 0.60, 0.27, 0.13, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0, 0.72, 0.20, 0.08, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.72, 0.17, 0.06, 0.05, 0],
    ]
)
"""By kind of spell: emergency, planned ordinary, day case, maternity. The last code is a fault."""
DESTINATIONS = ("19", "54", "65", "85", "51", "79", "29", "49")
DESTINATION = Choice(
    [
        [0.935, 0.006, 0.004, 0.012, 0.033, 0, 0.008, 0.002],
        [0.30, 0.02, 0.16, 0.49, 0.03, 0, 0, 0],
    ]
)
FUNCTIONS = ("300", "326", "100", "110", "430", "420", "320", "340", "301", "101", "502", "501", "130", "120")
FUNCTION = Choice(
    [
        [0, 0, 6, 6, 0, 86, 0, 0, 0, 0, 0, 0, 0, 2],
        [32, 20, 20, 8, 0, 0, 6, 4, 4, 3, 3, 0, 0, 0],
        [34, 10, 9, 8, 24, 0, 6, 6, 2, 1, 0, 0, 0, 0],
        [2, 0, 22, 26, 0, 2, 6, 2, 10, 10, 6, 0, 10, 4],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 96, 0, 0],
    ]
)
"""By emergency child, adult, older; planned; maternity."""


def prepare(region: Region) -> Callable[[Month], pl.DataFrame]:
    """The feed's maker of months."""
    rng = region.stream(FEED)
    pools = [region.pools(rng, use) for use in (EMERGENCY_USE, PLANNED_USE, MATERNITY_USE)]
    lists = diagnosis_lists(rng)
    place = np.repeat(region.here.neighbourhood_place, 2)
    change = story.cycled(story.COHORT_ADMISSION_CHANGE, int(place.max()) + 1)[place]
    change = np.where(np.arange(len(change)) % 2 == 1, change, 0.0)

    def make(month: Month) -> pl.DataFrame:
        rng = region.stream(FEED, month)
        days = len(month.days) / 365.25 * ADMISSION_BY_MONTH[month.calendar]
        clinics = month.clinic.sum() / MEAN_CLINIC_DAYS / 12 * CLINIC_BY_MONTH[month.calendar]
        emergency_pool, planned_pool, maternity_pool = (pool.of(month) for pool in pools)
        people = emergency_pool.registered
        emergency = emergency_pool.share * EMERGENCY_A_YEAR * people * days
        emergency = emergency * story.since_baseline(change, month.number)
        planned = planned_pool.share[:, None] * PLANNED_A_YEAR * people * clinics
        maternity = maternity_pool.share * MATERNITY_A_YEAR * people * len(month.days) / 365.25
        parts = [
            draw(rng, emergency_pool, month, emergency[:, None], month.discharge),
            draw(rng, planned_pool, month, planned, month.clinic + 0.1),
            draw(rng, maternity_pool, month, maternity[:, None], month.emergency),
        ]
        return _frame(region, rng, month, _together(parts, (0, 1, 3)), lists)

    return make


def _together(parts: list[Drawn], first_kinds: tuple[int, ...]) -> Drawn:
    """All kinds of spell in one, in order of day."""
    kind = np.concatenate([part.kind + first for part, first in zip(parts, first_kinds, strict=True)])
    day = np.concatenate([part.day for part in parts])
    order = np.argsort(day, kind="stable")
    return Drawn(
        np.concatenate([part.person for part in parts])[order],
        day[order],
        np.concatenate([part.neighbourhood for part in parts])[order],
        np.concatenate([part.member for part in parts])[order],
        kind[order],
    )


def _frame(
    region: Region, rng: np.random.Generator, month: Month, drawn: Drawn, lists: pl.Series
) -> pl.DataFrame:
    size, people = len(drawn), region.people
    age = region.ages(drawn.person, drawn.day)
    site = region.here.mix.draw(rng, drawn.neighbourhood).astype(np.int64)
    method = METHOD.draw(rng, drawn.kind)
    stay = make_stay(region, rng, month, drawn, age, site)
    admitted = drawn.day - stay.nights.astype(np.int32)
    ready, known = make_ready(region.here, rng, month, drawn, stay, site)
    lives_in_home = in_cohort(region, month, CARE_HOME)[drawn.person]
    destination = np.where(stay.died, 5, DESTINATION.draw(rng, lives_in_home.astype(np.int64)))
    emergency = drawn.kind == 0
    by_age = np.where(age < 16, 0, np.where(age < 75, 1, 2))
    patient = np.where(emergency, by_age, np.where(drawn.kind == 3, 4, 3))
    condition = np.where(
        emergency, np.where((by_age == 2) & drawn.member, 3, by_age), np.where(drawn.kind == 3, 5, 4)
    )

    number = np.arange(size)
    share = story.DIRTY_SHARE / 4
    twice = some(rng, size - 1, share)
    number[twice + 1] = number[twice]
    admitted[some(rng, size, share)] += rng.integers(61, 90)
    method[some(rng, size, share)] = len(METHODS) - 1
    site[some(rng, size, share)] = len(region.here.site_codes)
    return pl.DataFrame(
        {
            "spell_id": region.ids("IP", month, number),
            "person_id": region.person_ids(drawn.person),
            "admission_date": dates(admitted),
            "discharge_date": dates(drawn.day),
            "discharge_ready_date": dates(ready).set(pl.Series(~known), None),
            "admission_method": coded(METHODS, method),
            "discharge_method": coded(("1", "2", "4"), np.where(stay.died, 2, chance(rng, 0.012, size))),
            "discharge_destination": coded(DESTINATIONS, destination),
            "patient_classification": coded(("1", "2"), drawn.kind == 2),
            "treatment_function_code": coded(FUNCTIONS, FUNCTION.draw(rng, patient)),
            "diagnoses": coded(lists, condition * LISTS + rng.integers(0, LISTS, size)),
            "provider_code": region.providers(month, site),
            "practice_code": region.practices(rng, people.practice[drawn.person]),
            **region.person_columns(rng, drawn.person, drawn.day),
        }
    )
