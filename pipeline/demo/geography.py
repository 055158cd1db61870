"""The organisations of one part of the country: who belongs to whom, and where people go for care."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.demo import names
from pipeline.demo.draws import Choice, stream
from pipeline.demo.sizes import Size

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWX"
PRACTICES_PER_PART = 220
LSOAS_PER_PART = 1_000
PEOPLE_PER_LSOA = 1_600

NO_PRACTICE: tuple[str | None, ...] = (None, None, "V81999", "X99990")
"""Practices that map to no neighbourhood: none given, the national code for not known, one out of area."""


@dataclass(frozen=True, slots=True)
class Geography:
    """Codes and names by position; each array of numbers gives a child's parent by position.

    `sites` are hospital sites: one for each trust and, last, the closed trust's, whose `site_trust` is its
    successor. `mix` chooses a site for each neighbourhood. `quintile` is an LSOA's, 1 the most deprived.
    """

    size: Size
    part: int
    region_code: str
    ambulance_code: str
    system_codes: list[str]
    place_codes: list[str]
    place_system: NDArray[np.int16]
    place_names: list[str]
    neighbourhood_codes: list[str]
    neighbourhood_names: list[str]
    neighbourhood_place: NDArray[np.int16]
    practice_codes: list[str]
    practice_names: list[str]
    practice_neighbourhood: NDArray[np.int16]
    site_codes: list[str]
    site_names: list[str]
    site_system: NDArray[np.int16]
    site_trust: NDArray[np.int16]
    mix: Choice
    lsoa_codes: list[str]
    lsoa_neighbourhood: NDArray[np.int16]
    quintile: NDArray[np.int8]

    @property
    def neighbourhood_system(self) -> NDArray[np.int16]:
        """Each neighbourhood's system, by position."""
        return self.place_system[self.neighbourhood_place]

    @property
    def moving_practice(self) -> int:
        """The practice that changes neighbourhood: the last of the first one."""
        return int(np.flatnonzero(self.practice_neighbourhood == 0)[-1])

    @property
    def practice_column(self) -> pl.Series:
        """Practice codes by position, then those that map nowhere."""
        return pl.Series([*self.practice_codes, *NO_PRACTICE], dtype=pl.String)

    def provider_column(self, on: date, merger: date) -> pl.Series:
        """The provider code each site's records carry on a day, then one that no organisation has."""
        trust = self.site_trust if on >= merger else np.arange(len(self.site_codes))
        return pl.Series([*(self.site_codes[i] for i in trust), "X0X"], dtype=pl.String)


def make_geography(size: Size, seed: int, part: int) -> Geography:
    """Lay out one part: systems, places, neighbourhoods, practices, trusts and small areas."""
    rng = stream(seed, part, "geography")
    place_system = np.arange(size.places) * size.systems // size.places
    neighbourhood_place = np.arange(size.neighbourhoods) * size.places // size.neighbourhoods
    called = names.places(rng, size.places + size.neighbourhoods + size.trusts + 1)
    place_names = called[: size.places]
    neighbourhood_names = called[size.places : size.places + size.neighbourhoods]

    per_neighbourhood = rng.integers(size.practices[0], size.practices[1] + 1, size.neighbourhoods)
    practice_neighbourhood = np.repeat(np.arange(size.neighbourhoods), per_neighbourhood)
    trusts = np.arange(size.trusts)
    trust_system = trusts * size.systems // size.trusts
    successor = min(2, size.trusts - 1)
    site_system = np.append(trust_system, trust_system[successor])
    neighbourhood_system = place_system[neighbourhood_place]

    per_lsoa = max(3, round(np.mean(size.people) / PEOPLE_PER_LSOA))
    lsoa_neighbourhood = np.repeat(np.arange(size.neighbourhoods), per_lsoa)
    letter = LETTERS[part % len(LETTERS)]
    marks = "123456789" if part < len(LETTERS) else "JKLMNPRST"
    region = part // size.parts_per_region
    return Geography(
        size=size,
        part=part,
        region_code=f"Y9{region}",
        ambulance_code=f"XZ{region + 1}",
        system_codes=[_system_code(part * size.systems + i) for i in range(size.systems)],
        place_codes=[f"E06999{part * size.places + i + 1:03d}" for i in range(size.places)],
        place_system=place_system.astype(np.int16),
        place_names=place_names,
        neighbourhood_codes=[
            f"XN{part * size.neighbourhoods + i + 1:04d}" for i in range(size.neighbourhoods)
        ],
        neighbourhood_names=neighbourhood_names,
        neighbourhood_place=neighbourhood_place.astype(np.int16),
        practice_codes=[
            f"X{part * PRACTICES_PER_PART + i + 10_001}" for i in range(len(practice_neighbourhood))
        ],
        practice_names=[names.practice(rng, neighbourhood_names[i]) for i in practice_neighbourhood],
        practice_neighbourhood=practice_neighbourhood.astype(np.int16),
        site_codes=[f"X{letter}{marks[i]}" for i in range(size.trusts)] + [f"X{letter}{marks[8]}"],
        site_names=[f"{name} Hospitals NHS Trust" for name in called[-size.trusts - 1 :]],
        site_system=site_system.astype(np.int16),
        site_trust=np.append(trusts, successor).astype(np.int16),
        mix=Choice(_mix(neighbourhood_system, site_system)),
        lsoa_codes=[f"E019{part * LSOAS_PER_PART + i:05d}" for i in range(len(lsoa_neighbourhood))],
        lsoa_neighbourhood=lsoa_neighbourhood.astype(np.int16),
        quintile=_quintiles(rng, size, per_lsoa),
    )


def _system_code(number: int) -> str:
    digits = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return f"Q{'ZI'[number // len(digits)]}{digits[number % len(digits)]}"


def _mix(neighbourhood_system: NDArray[np.integer], site_system: NDArray[np.integer]) -> NDArray[np.float64]:
    """Neighbourhoods x sites: 80% to the nearest site, most others within the system."""
    mix = np.full((len(neighbourhood_system), len(site_system)), 0.06 / len(site_system))
    for system in np.unique(neighbourhood_system):
        own = np.flatnonzero(neighbourhood_system == system)
        near = np.flatnonzero(site_system == system)
        home = near[np.arange(len(own)) * len(near) // len(own)]
        mix[np.ix_(own, near)] += 0.14 / len(near)
        mix[own, home] += 0.80
    return mix


def _quintiles(rng: np.random.Generator, size: Size, per_lsoa: int) -> NDArray[np.int8]:
    """LSOA quintiles: neighbourhoods differ most, and small areas are in order within each."""
    level = np.linspace(1.2, 4.8, size.neighbourhoods)
    level = level[rng.permutation(size.neighbourhoods)]
    spread = np.sort(rng.normal(level[:, None], 0.8, (size.neighbourhoods, per_lsoa)), axis=1)
    return np.clip(np.rint(spread), 1, 5).astype(np.int8).ravel()
