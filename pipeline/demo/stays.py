"""How long stays last, how many end late, and which discharge ready dates are recorded."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.demo import story
from pipeline.demo.cohorts import END_OF_LIFE
from pipeline.demo.draws import chance, some
from pipeline.demo.geography import Geography
from pipeline.demo.months import Month
from pipeline.demo.region import Drawn, Region, in_cohort

MISSING_READY = 0.055
MISSING_READY_WHEN_POOR = 0.34
IMPOSSIBLE_READY = 0.004


@dataclass(frozen=True, slots=True)
class Stay:
    """Days of a stay and what ended it."""

    nights: NDArray[np.int64]
    delay: NDArray[np.int64]
    died: NDArray[np.bool_]


def make_stay(
    region: Region,
    rng: np.random.Generator,
    month: Month,
    drawn: Drawn,
    age: NDArray[np.int16],
    site: NDArray[np.int64],
) -> Stay:
    """Nights needed, then nights of delay for those not discharged on the day they were ready."""
    size, emergency = len(drawn), drawn.kind == 0
    same_day = np.where(emergency, np.where(drawn.member, 0.20, np.where(age < 16, 0.60, 0.44)), 0.0)
    same_day = np.where(drawn.kind == 2, 1.0, same_day)
    mean = np.where(drawn.member, 6.6, np.where(age < 16, 1.0, np.where(age < 65, 2.4, 4.6)))
    places = story.cycled(story.COHORT_STAY_CHANGE, int(region.here.size.places))
    change = story.since_baseline(places, month.number)[region.here.neighbourhood_place[drawn.neighbourhood]]
    mean = np.where(emergency, mean * np.where(drawn.member, change, 1.0), 1.1)
    nights = 1 + np.floor(rng.exponential(1.0, size) * mean).astype(np.int64)
    nights = np.where(chance(rng, same_day, size), 0, np.minimum(nights, 150))

    died = (drawn.kind < 2) & chance(rng, np.clip(0.003 * np.exp((age - 45) / 17), 0.0005, 0.07), size)
    died |= emergency & in_cohort(region, month, END_OF_LIFE)[drawn.person] & chance(rng, 0.08, size)
    site = site % len(story.READY_ON_THE_DAY)
    on_day = story.between(story.READY_ON_THE_DAY, month.number)[site] + np.where(drawn.member, -0.11, 0.025)
    days = story.between(story.DELAY_DAYS, month.number)[site]
    delayed = (nights > 0) & (age >= 16) & ~died & ~chance(rng, np.where(emergency, on_day, 0.97), size)
    delay = np.where(delayed, 1 + np.minimum(np.floor(rng.exponential(1.0, size) * (days - 0.5)), 120), 0)
    delay = delay.astype(np.int64)
    return Stay(nights + delay, delay, died)


def make_ready(
    here: Geography,
    rng: np.random.Generator,
    month: Month,
    drawn: Drawn,
    stay: Stay,
    site: NDArray[np.int64],
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Discharge ready days, and which are recorded; a few recorded ones cannot be right."""
    size = len(drawn)
    ready = drawn.day - stay.delay.astype(np.int32)
    ready[some(rng, size, IMPOSSIBLE_READY / 2)] += 400
    before = some(rng, size, IMPOSSIBLE_READY / 2)
    ready[before] -= (stay.nights[before] + 3).astype(np.int32)
    first, last = story.POOR_COMPLETENESS_MONTHS
    trust = story.POOR_COMPLETENESS_TRUST % here.size.trusts
    poor = (here.site_trust[site] == trust) & (first <= month.first <= last)
    known = ~chance(rng, np.where(poor, MISSING_READY_WHEN_POOR, MISSING_READY), size)
    return ready, known
