"""Feed outpatient_appointments: first and follow-up, in person and by phone, seen and not seen."""

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.demo import specialties, story
from pipeline.demo.draws import Choice, chance, coded, some
from pipeline.demo.months import CLINIC_BY_MONTH, MEAN_CLINIC_DAYS, Month
from pipeline.demo.pools import Use
from pipeline.demo.region import Drawn, Region, dates, draw

FEED = "outpatient_appointments"
A_YEAR_PER_PERSON = np.array([27_600, 52_000, 4_500, 12_500]) / 50_000
"""By first_attendance 1 to 4: first and follow-up in person, first and follow-up by phone."""

USE = Use(
    age=(0.7, 0.55, 0.5, 0.55, 0.8, 1.05, 1.65, 2.1, 1.9),
    deprivation=(1.04, 1.02, 1.0, 0.98, 0.97),
    cohort=(1.25, 1.0, 1.0, 1.2),
    spread=0.9,
)
FIRST_ATTENDANCE = ("1", "2", "3", "4", "9")
STATUSES = ("5", "6", "3", "2", "4", "7")
"""Seen, seen late, did not attend, cancelled by the patient, by the provider, came too late to be seen."""
ADMINISTRATIVE = ("01", "02", "03", "04")
ADMINISTRATIVE_SHARE = Choice([0.984, 0.010, 0.001, 0.005])
MISSED = np.array([0.0, 0.095, 0.072, 0.058, 0.046, 0.038])
"""Share not attended without notice, by deprivation quintile."""

HRGS = (
    *("WF01B", "WF01A", "WF01D", "WF01C", "WF02B", "WF02A", "WF02D", "WF02C"),
    *specialties.PROCEDURE_GROUPS,
)
"""By first_attendance, single- then multi-professional; then procedures by specialty."""

YEARS_MISTYPED = 7


def prepare(region: Region) -> Callable[[Month], pl.DataFrame]:
    """The feed's maker of months."""
    pools = region.pools(region.stream(FEED), USE)
    systems = np.repeat(region.here.neighbourhood_system, 2)
    change = story.cycled(story.FOLLOW_UP_CHANGE, systems.max() + 1)[systems]
    case_mix = Choice(
        np.vstack([specialties.PEOPLE.T * specialties.FIRST, specialties.PEOPLE.T * specialties.FOLLOW_UP])
    )

    def make(month: Month) -> pl.DataFrame:
        rng = region.stream(FEED, month)
        pool = pools.of(month)
        usual = month.clinic.sum() / MEAN_CLINIC_DAYS * CLINIC_BY_MONTH[month.calendar]
        expected = pool.share[:, None] * A_YEAR_PER_PERSON * pool.registered / 12 * usual
        expected[:, (1, 3)] *= story.since_baseline(change, month.number)[:, None]
        drawn = draw(rng, pool, month, expected, month.clinic)
        return _frame(region, rng, month, drawn, case_mix)

    return make


def _frame(
    region: Region, rng: np.random.Generator, month: Month, drawn: Drawn, case_mix: Choice
) -> pl.DataFrame:
    size, people, kind = len(drawn), region.people, drawn.kind
    site = region.here.mix.draw(rng, drawn.neighbourhood).astype(np.int64)
    age = region.ages(drawn.person, drawn.day)
    group = np.where(age < 16, 0, np.where(age >= 65, 3, 1 + (people.sex[drawn.person] == 1)))
    specialty = case_mix.draw(rng, group + 4 * (kind % 2))
    status = _statuses(rng, people.quintile[drawn.person])
    seen = status < 2
    in_person = kind < 2
    procedure = seen & in_person & chance(rng, specialties.WITH_PROCEDURE[specialty] * 0.8, size)
    hrg = np.where(procedure, 8 + specialty, kind + 4 * chance(rng, 0.11, size))
    # some procedures leave the attendance in a WF group: the two follow-up definitions then differ
    coded_procedure = procedure | (seen & in_person & chance(rng, 0.035, size))

    number, day = np.arange(size), drawn.day
    share = story.DIRTY_SHARE / 4
    twice = some(rng, size - 1, share)
    number[twice + 1] = number[twice]
    kind[some(rng, size, share)] = 4
    site[some(rng, size, share)] = len(region.here.site_codes)
    mistyped = some(rng, size, share / 4)
    day[mistyped] += round(YEARS_MISTYPED * 365.25)
    return pl.DataFrame(
        {
            "appointment_id": region.ids("OP", month, number),
            "person_id": region.person_ids(drawn.person),
            "appointment_date": dates(day),
            "first_attendance": coded(FIRST_ATTENDANCE, kind),
            "attendance_status": coded(STATUSES, status),
            "treatment_function_code": coded(specialties.CODES, specialty),
            "main_specialty_code": coded(specialties.MAIN_CODES, specialty),
            "healthcare_resource_group": coded(HRGS, hrg),
            "primary_procedure": coded(
                (*specialties.PROCEDURES, None), np.where(coded_procedure, specialty, len(specialties.CODES))
            ),
            "administrative_category": coded(ADMINISTRATIVE, ADMINISTRATIVE_SHARE.draw(rng, size)),
            "provider_code": region.providers(month, site),
            "practice_code": region.practices(rng, people.practice[drawn.person]),
            **region.person_columns(rng, drawn.person, day),
        }
    )


def _statuses(rng: np.random.Generator, quintile: NDArray[np.int8]) -> NDArray[np.int64]:
    """Positions in `STATUSES`: more are missed where people are more deprived."""
    u = rng.random(len(quintile), dtype=np.float32)
    missed = MISSED[quintile]
    rest = (u - missed) / (1 - missed)
    kept = np.array([0, 1, 3, 4, 5])[np.searchsorted(np.array([0.880, 0.925, 0.958, 0.990]), rest)]
    return np.where(u < missed, 2, kept)
