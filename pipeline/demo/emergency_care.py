"""Feed emergency_care_attendances: arrivals, how long people stay, and the four-hour share of each site."""

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.demo import story
from pipeline.demo.draws import Choice, chance, coded, some
from pipeline.demo.months import EMERGENCY_BY_MONTH, FOUR_HOUR_BY_MONTH, Month
from pipeline.demo.pools import Use
from pipeline.demo.region import Drawn, Region, draw, minutes, timestamps

FEED = "emergency_care_attendances"
A_YEAR_PER_PERSON = 22_000 / 50_000
USE = Use(
    age=(1.9, 1.45, 0.85, 1.05, 0.9, 0.8, 0.95, 1.5, 2.2),
    deprivation=(1.32, 1.12, 0.98, 0.88, 0.78),
    cohort=(2.2, 1.5, 1.4, 2.2),
    spread=1.2,
)
TYPES = ("01", "02", "03", "05", "04")
"""The last is not one a record may have from 2023: a fault for the gate to catch."""
TYPE_BY_SITE = Choice(
    [
        [0.60, 0.02, 0.35, 0.03],
        [0.64, 0.03, 0.30, 0.03],
        [0.62, 0.02, 0.33, 0.03],
        [0.66, 0.00, 0.30, 0.04],
        [0.58, 0.04, 0.36, 0.02],
        [0.63, 0.00, 0.33, 0.04],
        [0.65, 0.00, 0.33, 0.02],
    ]
)
WITHIN = (0.0, 0.95, 0.97, 0.62)
"""Share within four hours by type; type 1 follows its site's story."""
BOOKED = np.array([0.004, 0.03, 0.09, 0.35, 0.0])
BY_AMBULANCE = np.array([0.16, 0.20, 0.30, 0.46, 0.60])
"""In type 1, by age under 16, 16-44, 45-64, 65-79, 80 and over."""
OLDER = np.array([0.11, 0.035, -0.02, -0.10, -0.16])
HOURS = Choice(
    [
        *(3.0, 2.4, 2.0, 1.7, 1.6, 1.7, 2.1, 2.9, 4.1, 5.3, 6.0, 6.1),
        *(5.8, 5.6, 5.5, 5.5, 5.5, 5.6, 5.5, 5.3, 4.9, 4.5, 4.0, 3.4),
    ]
)

ARRIVAL_MODES = (
    "1048031000000100",
    "1048041000000109",
    "1048051000000107",
    "1048021000000102",
    "1048061000000105",
    "1048071000000103",
    "1048001000000106",
)
AMBULANCE_MODE = Choice([0.93, 0.045, 0.005, 0.02])
OTHER_MODE = Choice([0.13, 0.855, 0.015])
ACUITIES = (
    "1064891000000107",
    "1064911000000105",
    "1064901000000108",
    "1077241000000103",
    "1077251000000100",
    None,
)
ACUITY = Choice(
    [
        [0.005, 0.10, 0.47, 0.34, 0.065, 0.02],
        [0.0, 0.02, 0.25, 0.60, 0.11, 0.02],
        [0.0, 0.004, 0.10, 0.52, 0.346, 0.03],
        [0.0, 0.06, 0.60, 0.30, 0.02, 0.02],
        [0.03, 0.23, 0.53, 0.17, 0.02, 0.02],
    ]
)
"""By type, and (last row) type 1 arrivals by ambulance."""


def prepare(region: Region) -> Callable[[Month], pl.DataFrame]:
    """The feed's maker of months."""
    pools = region.pools(region.stream(FEED), USE)

    def make(month: Month) -> pl.DataFrame:
        rng = region.stream(FEED, month)
        season = EMERGENCY_BY_MONTH[month.calendar] * (1 + 0.006 * month.number / 12)
        pool = pools.of(month)
        total = A_YEAR_PER_PERSON * pool.registered / 365.25 * len(month.days) * season
        drawn = draw(rng, pool, month, pool.share[:, None] * total, month.emergency)
        return _frame(region, rng, month, drawn)

    return make


def _frame(region: Region, rng: np.random.Generator, month: Month, drawn: Drawn) -> pl.DataFrame:
    size = len(drawn)
    site = region.here.mix.draw(rng, drawn.neighbourhood).astype(np.int64)
    kind = TYPE_BY_SITE.draw(rng, site % 7).astype(np.int64)
    age = region.ages(drawn.person, drawn.day)
    band = np.searchsorted(np.array([16, 45, 65, 80]), age, side="right")
    ambulance = chance(rng, np.where(kind == 0, BY_AMBULANCE[band], 0.015), size)
    hour = HOURS.draw(rng, size)
    arrival = minutes(drawn.day, hour * np.int64(60) + rng.integers(0, 60, size))

    sites = len(region.here.site_codes)
    share = story.between(story.cycled(story.FOUR_HOUR_TYPE_1, sites), month.number)
    share = share + FOUR_HOUR_BY_MONTH[month.calendar] + rng.normal(0, 0.007, sites)
    if month.first >= story.STEP_CHANGE_MONTH:
        share[story.STEP_CHANGE_TRUST % region.here.size.trusts] += story.STEP_CHANGE
    within = np.array(WITHIN)[kind] + rng.normal(0, 0.004)
    night = (hour < 7) | (hour > 21)
    patient = OLDER[band] - 0.075 * ambulance - 0.045 * night + 0.04
    within = np.where(kind == 0, share[site] + patient, within)
    stay = _stay(rng, chance(rng, np.clip(within, 0.02, 0.995), size), size)

    number = np.arange(size)
    _spoil(rng, number, stay, kind, site, sites)
    mode = np.where(ambulance, AMBULANCE_MODE.draw(rng, size), 4 + OTHER_MODE.draw(rng, size))
    acuity = ACUITY.draw(rng, np.where(ambulance & (kind == 0), 4, np.minimum(kind, 3)))
    return pl.DataFrame(
        {
            "attendance_id": region.ids("EC", month, number),
            "person_id": region.person_ids(drawn.person),
            "arrival_datetime": timestamps(arrival),
            "departure_datetime": timestamps(arrival + stay * 60_000_000),
            "department_type": coded(TYPES, kind),
            "booked": pl.Series(chance(rng, BOOKED[kind], size)),
            "arrival_mode": coded(ARRIVAL_MODES, mode),
            "acuity": coded(ACUITIES, acuity),
            "provider_code": region.providers(month, site),
            "practice_code": region.practices(rng, region.people.practice[drawn.person]),
            **region.person_columns(rng, drawn.person, drawn.day),
        }
    )


def _stay(rng: np.random.Generator, within: NDArray[np.bool_], size: int) -> NDArray[np.int64]:
    """Minutes from arrival to departure: crowded just before four hours (240 is within), then a tail."""
    short = 15 + np.floor(226 * rng.random(size, dtype=np.float32) ** 0.62)
    long = 241 + np.minimum(np.floor(rng.exponential(185, size)), 2_600)
    return np.where(within, short, long).astype(np.int64)


def _spoil(
    rng: np.random.Generator,
    number: NDArray[np.int64],
    stay: NDArray[np.int64],
    kind: NDArray[np.int64],
    site: NDArray[np.int64],
    sites: int,
) -> None:
    """Faults: departure before arrival, an id used twice, an unknown type, an unknown trust."""
    share = story.DIRTY_SHARE / 4
    early = some(rng, len(stay), share)
    stay[early] = -rng.integers(5, 600, len(early))
    twice = some(rng, len(stay) - 1, share)
    number[twice + 1] = number[twice]
    kind[some(rng, len(stay), share)] = 4
    site[some(rng, len(stay), share)] = sites
