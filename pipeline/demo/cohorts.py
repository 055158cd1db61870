"""The four priority cohorts, who is in them and when. They overlap, and they end with a death."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.demo.draws import chance, coded, stream
from pipeline.demo.geography import Geography
from pipeline.demo.people import ALIVE, DAYS_A_YEAR, END, ETHNIC_GROUPS, SEXES, START, People

COHORTS = ("frailty", "care_home", "housebound", "end_of_life")
SOURCES = ("electronic_frailty_index", "care_home_register", "community_caseload", "palliative_care_register")
FRAILTY, CARE_HOME, HOUSEBOUND, END_OF_LIFE = range(4)

_AGE_STEPS = np.array([0, 18, 50, 65, 70, 75, 80, 85, 90])
_FRAIL = np.array([0.0, 0.0004, 0.004, 0.022, 0.045, 0.105, 0.20, 0.36, 0.52])
_CARE_HOME_FRAIL = np.array([0.0, 0.10, 0.10, 0.10, 0.11, 0.13, 0.17, 0.29, 0.42])
_CARE_HOME_OTHER = np.array([0.0, 0.0004, 0.0008, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03])
_HOUSEBOUND_FRAIL = np.array([0.0, 0.20, 0.22, 0.24, 0.26, 0.28, 0.31, 0.35, 0.38])
_HOUSEBOUND_OTHER = np.array([0.0001, 0.0006, 0.0012, 0.003, 0.004, 0.008, 0.012, 0.02, 0.03])
"""Ever in the cohort in the 42 months, by age from each step of `_AGE_STEPS`."""

JOINS_WITHIN = 0.36
"""Of those ever in a cohort, the share who join within the 42 months."""

GOMPERTZ_LEVEL, GOMPERTZ_SLOPE = 2.3e-5, 0.097
"""Deaths a year at age x: level x exp(slope x), near England's life table from 40."""


@dataclass(slots=True)
class Cohorts:
    """Memberships as columns (positions of people), and for each person whether ever a member."""

    person: NDArray[np.int64]
    cohort: NDArray[np.uint8]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    member: NDArray[np.bool_]
    ever: NDArray[np.bool_]
    """People x cohorts."""


def make_cohorts(here: Geography, people: People, seed: int) -> Cohorts:
    """Draw who is ever in each cohort, then deaths (more among members), then the dates. Sets last days."""
    rng = stream(seed, here.part, "cohorts")
    total = len(people)
    step = np.searchsorted(_AGE_STEPS, np.maximum(people.age_on((START + END) // 2), 0), side="right") - 1
    deprived = np.array([0, 1.22, 1.10, 1.0, 0.92, 0.84])[people.quintile]
    ever = np.zeros((total, 4), np.bool_)
    ever[:, FRAILTY] = frail = chance(rng, _FRAIL[step] * deprived, total)
    ever[:, CARE_HOME] = chance(rng, np.where(frail, _CARE_HOME_FRAIL[step], _CARE_HOME_OTHER[step]), total)
    ever[:, HOUSEBOUND] = chance(
        rng, np.where(frail, _HOUSEBOUND_FRAIL[step], _HOUSEBOUND_OTHER[step]), total
    )
    people.last_day = _last_days(rng, people, ever)
    dies = people.last_day <= END
    aged = people.age_on(END)
    ever[:, END_OF_LIFE] = chance(rng, np.where(dies & (aged > 40), 0.52, (aged > 65) * 0.006), total)

    parts = [_spells(rng, people, ever, cohort) for cohort in range(4)]
    person, cohort, start, end = (np.concatenate(column) for column in zip(*parts, strict=True))
    # those who never start within their life, or whose life ends first, are no members
    real = (start <= end) & (start <= END) & (start > people.birth[person])
    order = np.lexsort((start[real], cohort[real], person[real]))
    person, cohort, start, end = (column[real][order] for column in (person, cohort, start, end))
    held = np.zeros((total, 4), np.bool_)
    held[person, cohort] = True
    return Cohorts(person, cohort.astype(np.uint8), start, end, held.any(axis=1), held)


def cohort_memberships(here: Geography, people: People, cohorts: Cohorts) -> pl.DataFrame:
    """The feed: one row for each time a person spends in a cohort; age is in years at its start."""
    who = cohorts.person
    age = np.clip((cohorts.start - people.birth[who]) / DAYS_A_YEAR, 0, 115).astype(np.int16)
    end = pl.Series(cohorts.end, dtype=pl.Int32)
    return pl.DataFrame(
        {
            "person_id": people.code.gather(pl.Series(who)),
            "cohort": coded(COHORTS, cohorts.cohort),
            "start_date": pl.Series(cohorts.start, dtype=pl.Int32).cast(pl.Date),
            "end_date": end.set(end > END, None).cast(pl.Date),
            "practice_code": coded(here.practice_column, people.practice[who]),
            "source": coded(SOURCES, cohorts.cohort),
            "age": age,
            "sex": coded(SEXES, people.sex[who]),
            "ethnic_group": coded(ETHNIC_GROUPS, people.ethnic_group[who]),
            "lsoa_code": coded(here.lsoa_codes, people.lsoa[who]),
        }
    )


def _last_days(rng: np.random.Generator, people: People, ever: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Time to death from the start (or birth) under a Gompertz law, faster for members."""
    hazard = 1 + 0.9 * ever[:, FRAILTY] + 1.6 * ever[:, CARE_HOME] + 0.8 * ever[:, HOUSEBOUND]
    age = np.maximum(people.age_on(START), 0)
    level = GOMPERTZ_LEVEL * hazard * np.exp(GOMPERTZ_SLOPE * age)
    years = np.log1p(GOMPERTZ_SLOPE * rng.exponential(1.0, len(people)) / level) / GOMPERTZ_SLOPE
    last = np.maximum(people.birth, START) + np.minimum(years * DAYS_A_YEAR, 40_000)
    return np.where(last <= END, last, ALIVE).astype(np.int32)


_Spells = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]


def _spells(rng: np.random.Generator, people: People, ever: NDArray[np.bool_], cohort: int) -> _Spells:
    who = np.flatnonzero(ever[:, cohort])
    count = len(who)
    last = people.last_day[who]
    if cohort == END_OF_LIFE:
        start = np.where(last <= END, last - rng.exponential(270, count), END - rng.random(count) * 600)
        end = last
    else:
        joins = chance(rng, JOINS_WITHIN, count)
        before = START - 1 - rng.exponential(700, count)
        start = np.where(joins, START + rng.random(count) * (END - START), before)
        recovers = chance(rng, 0.14 if cohort == HOUSEBOUND else 0.02, count)
        end = np.where(recovers, np.minimum(last, START + rng.random(count) * (END - START)), last)
    start, end = start.astype(np.int32), end.astype(np.int32)
    # some come back: a second time in the same cohort, from the day after the first (a move) or later
    back = np.flatnonzero((end < last) & (end < END - 60) & chance(rng, 0.4, count))
    again = end[back] + 1 + (rng.random(len(back)) * 120).astype(np.int32) * chance(rng, 0.7, len(back))
    return (
        np.concatenate([who, who[back]]),
        np.full(count + len(back), cohort),
        np.concatenate([start, again.astype(np.int32)]),
        np.concatenate([end, last[back]]),
    )
