"""Everybody registered at some time: one table that every feed draws its people from."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.demo.draws import Choice, chance, stream
from pipeline.demo.geography import Geography
from pipeline.demo.months import day_number
from pipeline.demo.story import EXTRACTED, FIRST_MONTH

SEXES = ("1", "2", "9", "X")
ETHNIC_GROUPS = (*tuple("ABCDEFGHJKLMNPRSZ"), "99")
_ETHNIC_SHARE = np.array([70, 1, 7, 0.9, 0.4, 1, 0.9, 4, 3.2, 1.4, 2, 1.4, 3.4, 0.7, 0.9, 1.6, 6, 2.0])
_AGE_SHARE = np.array(
    [5.4, 5.9, 6.1, 5.9, 6.1, 6.5, 7.0, 6.9, 6.5, 6.1, 6.6, 6.7, 6.0, 5.0, 4.6, 4.0, 2.5, 1.5, 0.9]
)
"""England's registered people by five-year age band, 0-4 to 90+, per cent."""

BIRTHS_PER_100 = 3.7
"""Born in the 42 months, per 100 registered at the start."""

_SCATTER = np.uint64(2_654_435_761)
"""Odd, so that different people keep different numbers modulo 2^32."""

DAYS_A_YEAR = 365.25
START = day_number(FIRST_MONTH)
END = day_number(EXTRACTED)


@dataclass(slots=True)
class People:
    """Columns by person; days are counted since 1970. A person is registered from `birth` to
    `last_day`, the day of death (which may be long after the 42 months)."""

    code: pl.Series
    practice: NDArray[np.uint16]
    neighbourhood: NDArray[np.uint16]
    birth: NDArray[np.int32]
    last_day: NDArray[np.int32]
    sex: NDArray[np.uint8]
    ethnic_group: NDArray[np.uint8]
    lsoa: NDArray[np.uint16]
    quintile: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.birth)

    def age_on(self, day: int) -> NDArray[np.float64]:
        """Years on a day; negative before birth."""
        return (day - self.birth) / DAYS_A_YEAR


def make_people(here: Geography, seed: int) -> People:
    """Draw the population of one part, sorted by practice. Nobody's last day is set here."""
    rng = stream(seed, here.part, "people")
    low, high = here.size.people
    sizes = (low + (high - low) * rng.beta(0.5, 3.2, here.size.neighbourhoods)).astype(np.int64)
    sizes[0] = round(1.26 * low)  # it stays large enough when one of its practices moves to the next
    share = rng.gamma(9.0, 1.0, len(here.practice_codes))
    share[here.moving_practice] = 5.0
    per_practice = _split(share, sizes, here.practice_neighbourhood)
    practice = np.repeat(np.arange(len(per_practice)), per_practice)
    neighbourhood = here.practice_neighbourhood[practice]
    total = len(practice)

    deprived = 3 - np.bincount(here.lsoa_neighbourhood, here.quintile) / np.bincount(here.lsoa_neighbourhood)
    band = Choice(_age_shares(deprived)).draw(rng, neighbourhood)
    age = band * 5 + rng.random(total) * 5
    age = np.where(band == 18, 90 + rng.exponential(2.8, total), age)
    born = band == len(_AGE_SHARE)
    age = np.where(born, -rng.random(total) * (END - START) / DAYS_A_YEAR, age)
    birth = (START - np.floor(age * DAYS_A_YEAR)).astype(np.int32)

    female = chance(rng, 0.497 + np.maximum(0, age - 70) * 0.006, total)
    sex = female.astype(np.uint8)
    sex[chance(rng, 0.0006, total)] = 3
    sex[chance(rng, 0.0002, total)] = 2
    ethnic = np.tile(_ETHNIC_SHARE, (here.size.neighbourhoods, 1))
    ethnic[:, 1:16] *= np.exp(0.55 * deprived)[:, None]
    lsoa = _lsoas(rng, here, practice)
    number = (np.arange(total, dtype=np.uint64) + np.uint64(here.part * 2_000_000 + 1)) * _SCATTER
    return People(
        code=_pseudonyms(number % np.uint64(2**32)),
        practice=practice.astype(np.uint16),
        neighbourhood=neighbourhood.astype(np.uint16),
        birth=birth,
        last_day=np.full(total, END + 40_000, np.int32),
        sex=sex,
        ethnic_group=Choice(ethnic).draw(rng, neighbourhood).astype(np.uint8),
        lsoa=lsoa.astype(np.uint16),
        quintile=here.quintile[lsoa],
    )


def _split(
    share: NDArray[np.float64], sizes: NDArray[np.int64], parent: NDArray[np.int16]
) -> NDArray[np.int64]:
    """Divide each neighbourhood's people among its practices by their shares."""
    share = share / np.bincount(parent, share)[parent]
    return np.maximum(1, np.rint(share * sizes[parent])).astype(np.int64)


def _age_shares(deprived: NDArray[np.float64]) -> NDArray[np.float64]:
    """Neighbourhoods x age bands, then those not yet born: deprived neighbourhoods are younger."""
    middle = np.arange(len(_AGE_SHARE)) * 5 + 2.5
    tilt = np.exp(-0.0055 * deprived[:, None] * (middle - 40))
    bands = _AGE_SHARE * tilt
    bands *= 100 / bands.sum(axis=1, keepdims=True)
    births = BIRTHS_PER_100 * np.exp(0.08 * deprived)[:, None]
    return np.hstack([bands, births])


def _lsoas(rng: np.random.Generator, here: Geography, practice: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each practice draws from about a third of its neighbourhood's small areas, next to each other."""
    home = here.practice_neighbourhood
    first_practice = np.searchsorted(home, home)
    of = np.bincount(home)[home]
    centre = (np.arange(len(home)) - first_practice + 0.5) / of
    per_lsoa = len(here.lsoa_codes) // here.size.neighbourhoods
    where = centre[practice] + rng.normal(0, 0.09, len(practice))
    offset = np.clip(np.floor(where * per_lsoa), 0, per_lsoa - 1).astype(np.int64)
    return home[practice].astype(np.int64) * per_lsoa + offset


def _pseudonyms(numbers: NDArray[np.uint64]) -> pl.Series:
    """`P` and eight hexadecimal digits: never ten digits, as an NHS number has."""
    text = numbers.astype(">u4").tobytes().hex().upper().encode()
    return pl.Series(np.frombuffer(text, "S8").astype("U8").tolist(), dtype=pl.String).str.pad_start(9, "P")
