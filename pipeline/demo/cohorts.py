"""The four priority cohorts, who is in them and when. They overlap, and they end with a death."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.demo.draws import chance, coded, stream
from pipeline.demo.geography import Geography
from pipeline.demo.people import DAYS_A_YEAR, END, ETHNIC_GROUPS, SEXES, START, People

COHORTS = ("frailty", "care_home", "housebound", "end_of_life")
SOURCES = ("electronic_frailty_index", "care_home_register", "community_caseload", "palliative_care_register")
FRAILTY, CARE_HOME, HOUSEBOUND, END_OF_LIFE = range(4)

_AGE_STEPS = np.array([0, 18, 50, 65, 70, 75, 80, 85, 90])
_FRAIL = np.array([0.0, 0.0006, 0.009, 0.042, 0.082, 0.18, 0.33, 0.54, 0.72])
_CARE_HOME_FRAIL = np.array([0.0, 0.10, 0.10, 0.10, 0.11, 0.13, 0.17, 0.29, 0.42])
_CARE_HOME_OTHER = np.array([0.0, 0.0004, 0.0008, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03])
_HOUSEBOUND_FRAIL = np.array([0.0, 0.20, 0.22, 0.24, 0.26, 0.28, 0.31, 0.35, 0.38])
_HOUSEBOUND_OTHER = np.array([0.0001, 0.0006, 0.0012, 0.003, 0.004, 0.008, 0.012, 0.02, 0.03])
"""In the cohort at some time in the 42 months, by age from each step of `_AGE_STEPS`."""

JOINS_WITHIN = 0.40
JOINS_HOME_WITHIN = 0.56
"""Of those ever in a cohort, the share who join within the 42 months; more in care homes: more die there."""

GOMPERTZ_LEVEL, GOMPERTZ_SLOPE = 2.3e-5, 0.097
"""Deaths a year at age x: level x exp(slope x), near England's life table from 40."""


@dataclass(slots=True)
class Cohorts:
    """Memberships as columns: positions of people and of cohorts, first and last day."""

    person: NDArray[np.int64]
    cohort: NDArray[np.uint8]
    start: NDArray[np.int32]
    end: NDArray[np.int32]

    def during(self, first: int, last: int) -> NDArray[np.bool_]:
        """Which memberships have a day from `first` to `last`."""
        return (self.start <= last) & (self.end >= first)


def make_cohorts(here: Geography, people: People, seed: int) -> Cohorts:
    """Draw who joins each cohort and when, then deaths (sooner among members), then the ends.

    Joiners replace those who die, so that a cohort's size and risk hold steady. Sets people's last days.
    """
    rng = stream(seed, here.part, "cohorts")
    total = len(people)
    step = np.searchsorted(_AGE_STEPS, np.maximum(people.age_on((START + END) // 2), 0), side="right") - 1
    deprived = np.array([0, 1.22, 1.10, 1.0, 0.92, 0.84])[people.quintile]
    frail = chance(rng, _FRAIL[step] * deprived, total)
    care_home = chance(rng, np.where(frail, _CARE_HOME_FRAIL[step], _CARE_HOME_OTHER[step]), total)
    housebound = chance(rng, np.where(frail, _HOUSEBOUND_FRAIL[step], _HOUSEBOUND_OTHER[step]), total)

    joined = _joined(rng, np.where(care_home, JOINS_HOME_WITHIN, JOINS_WITHIN))
    member = frail | care_home | housebound
    hazard = 1 + 0.9 * frail + 1.6 * care_home + 0.8 * housebound
    people.last_day = _last_days(rng, people, np.where(member, joined, START), hazard)
    aged = (people.last_day - people.birth) / DAYS_A_YEAR
    dying = (aged > 40) & (people.last_day < END + 2_000) & chance(rng, 0.5, total)
    registered = people.last_day - rng.exponential(270, total)

    parts = [
        _spells(rng, people, np.flatnonzero(ever), cohort, start)
        for cohort, ever, start in (
            (FRAILTY, frail, joined),
            (CARE_HOME, care_home, joined + rng.exponential(200, total) * chance(rng, 0.5, total)),
            (HOUSEBOUND, housebound, joined + rng.exponential(200, total) * chance(rng, 0.5, total)),
            (END_OF_LIFE, dying, registered),
        )
    ]
    person, cohort, start, end = (np.concatenate(column) for column in zip(*parts, strict=True))
    real = (start <= end) & (start <= END) & (end >= START) & (start > people.birth[person])
    order = np.lexsort((start[real], cohort[real], person[real]))
    person, cohort, start, end = (column[real][order] for column in (person, cohort, start, end))
    return Cohorts(person, cohort.astype(np.uint8), start, end)


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


def _joined(rng: np.random.Generator, share: NDArray[np.float64]) -> NDArray[np.float64]:
    """The day on which each person would join: for most before the 42 months, for the others within them."""
    total = len(share)
    within = START + rng.random(total) * (END - START)
    return np.where(chance(rng, share, total), within, START - 1 - rng.exponential(700, total))


def _last_days(
    rng: np.random.Generator, people: People, joined: NDArray[np.float64], hazard: NDArray[np.float64]
) -> NDArray[np.int32]:
    """Days of death under a Gompertz law from the start, birth or joining, whichever is last."""
    since = np.maximum(np.maximum(people.birth, START), joined)
    age = (since - people.birth) / DAYS_A_YEAR
    level = GOMPERTZ_LEVEL * hazard * np.exp(GOMPERTZ_SLOPE * age)
    years = np.log1p(GOMPERTZ_SLOPE * rng.exponential(1.0, len(people)) / level) / GOMPERTZ_SLOPE
    return (since + np.minimum(years * DAYS_A_YEAR, 40_000)).astype(np.int32)


_Spells = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]


def _spells(
    rng: np.random.Generator, people: People, who: NDArray[np.int64], cohort: int, starts: NDArray[np.float64]
) -> _Spells:
    """Memberships of `who` until they die or, a few, leave; some of those come back."""
    count = len(who)
    start, last = starts[who].astype(np.int32), people.last_day[who]
    leaves = chance(rng, (0.03, 0.03, 0.14, 0.02)[cohort], count)
    end = np.where(leaves, np.minimum(last, np.maximum(start, START) + rng.random(count) * 900), last)
    end = end.astype(np.int32)
    # a move is a second membership from the day after the first; others are out of the cohort for a while
    back = np.flatnonzero((end < last) & chance(rng, 0.4, count))
    away = (rng.random(len(back)) * 120).astype(np.int32) * chance(rng, 0.7, len(back))
    return (
        np.concatenate([who, who[back]]),
        np.full(count + len(back), cohort),
        np.concatenate([start, end[back] + 1 + away]).astype(np.int32),
        np.concatenate([end, last[back]]),
    )
