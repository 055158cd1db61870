"""Feed ambulance_incidents: calls by category, and whether the patient was conveyed."""

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.demo import story
from pipeline.demo.draws import Choice, chance, coded, some
from pipeline.demo.emergency_care import HOURS
from pipeline.demo.months import ADMISSION_BY_MONTH, Month
from pipeline.demo.pools import Use
from pipeline.demo.region import Drawn, Region, draw, minutes, timestamps

FEED = "ambulance_incidents"
A_YEAR_PER_PERSON = 7_000 / 50_000
CALLS = ("C1", "C2", "C3", "C4", "C5")
OTHER_CALLS = ("HCP1", "HCP2", "HCP3", "HCP4", "IFT1", "IFT2", "IFT3", "IFT4")
CATEGORIES = (*CALLS, *OTHER_CALLS, "C9")
SHARE = np.array([8.0, 48.0, 20.0, 3.0, 8.0, 0.4, 2.2, 2.6, 1.4, 0.3, 1.6, 2.4, 1.1])
"""Per cent of incidents by category; the last category of all is a fault for the gate to catch."""
CONVEYED = np.array([0.72, 0.60, 0.50, 0.46, 0.10, 0.92, 0.92, 0.90, 0.88, 0.35, 0.30, 0.25, 0.25, 0.5])
"""Share conveyed to an emergency department."""
DISPOSITIONS = ("conveyed_ed", "see_and_treat", "hear_and_treat", "conveyed_elsewhere")
_OTHERWISE: list[list[float]] = [
    [0, 0.82, 0.04, 0.14],
    [0, 0.70, 0.15, 0.15],
    [0, 0.58, 0.30, 0.12],
    [0, 0.55, 0.35, 0.10],
    [0, 0.12, 0.86, 0.02],
    *[[0, 0.10, 0.02, 0.88]] * 4,
    *[[0, 0.01, 0.0, 0.99]] * 4,
    [0, 1, 0, 0],
]
OTHERWISE = Choice(_OTHERWISE)
"""Dispositions of those not conveyed to an emergency department, by category."""
USE = Use(
    age=(0.9, 0.6, 0.35, 0.75, 0.75, 0.95, 1.6, 3.2, 5.6),
    deprivation=(1.30, 1.11, 0.98, 0.88, 0.80),
    cohort=(2.6, 2.0, 1.8, 2.6),
    spread=1.0,
)


def prepare(region: Region) -> Callable[[Month], pl.DataFrame]:
    """The feed's maker of months."""
    pools = region.pools(region.stream(FEED), USE)

    def make(month: Month) -> pl.DataFrame:
        rng = region.stream(FEED, month)
        season = (1 + ADMISSION_BY_MONTH[month.calendar]) / 2
        pool = pools.of(month)
        total = A_YEAR_PER_PERSON * pool.registered / 365.25 * len(month.days) * season
        drawn = draw(rng, pool, month, np.outer(pool.share * total, SHARE / SHARE.sum()), month.emergency)
        return _frame(region, rng, month, drawn)

    return make


def _frame(region: Region, rng: np.random.Generator, month: Month, drawn: Drawn) -> pl.DataFrame:
    size, kind = len(drawn), drawn.kind
    place = region.here.neighbourhood_place[drawn.neighbourhood]
    change = story.cycled(story.CONVEYANCE_CHANGE, region.here.size.places)
    urgent = ((kind == 2) | (kind == 3)) & drawn.member
    conveyed = CONVEYED[kind] * np.where(urgent, story.since_baseline(change, month.number)[place], 1.0)
    disposition = np.where(chance(rng, conveyed, size), 0, OTHERWISE.draw(rng, kind))
    site = region.here.mix.draw(rng, drawn.neighbourhood).astype(np.int64)
    call = minutes(drawn.day, HOURS.draw(rng, size) * np.int64(60) + rng.integers(0, 60, size))

    number = _spoil(rng, kind, site, len(region.here.site_codes))
    carried = pl.Series((disposition == 0) | (disposition == 3))
    return pl.DataFrame(
        {
            "incident_id": region.ids("AM", month, number),
            "person_id": region.person_ids(drawn.person),
            "call_datetime": timestamps(call),
            "response_category": coded(CATEGORIES, kind),
            "disposition": coded(DISPOSITIONS, disposition),
            "ambulance_service_code": coded((region.here.ambulance_code,), np.zeros(size, np.uint32)),
            "provider_code": region.providers(month, site).set(~carried, None),
            "practice_code": region.practices(rng, region.people.practice[drawn.person]),
            **region.person_columns(rng, drawn.person, drawn.day),
        }
    )


def _spoil(
    rng: np.random.Generator, kind: NDArray[np.int64], site: NDArray[np.int64], unknown: int
) -> NDArray[np.int64]:
    """Record numbers with a few used twice; also an unknown category and an unknown trust."""
    number, share = np.arange(len(kind)), story.DIRTY_SHARE / 3
    twice = some(rng, len(kind) - 1, share)
    number[twice + 1] = number[twice]
    kind[some(rng, len(kind), share)] = len(CATEGORIES) - 1
    site[some(rng, len(kind), share)] = unknown
    return number
