"""One part of the country in memory, and the steps every person-level feed shares."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.demo.cohorts import Cohorts, make_cohorts
from pipeline.demo.draws import coded, some, stream
from pipeline.demo.geography import LETTERS, NO_PRACTICE, Geography, make_geography
from pipeline.demo.months import Month
from pipeline.demo.people import DAYS_A_YEAR, ETHNIC_GROUPS, SEXES, People, make_people
from pipeline.demo.pools import Pool, Pools, Use
from pipeline.demo.sizes import Size
from pipeline.demo.story import MERGER, UNATTRIBUTED_SHARE

Index = NDArray[np.integer]
NO_LSOA_SHARE = 0.003
MICROSECONDS_A_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Region:
    """The geography, people and cohorts that all feeds of one part are drawn from."""

    seed: int
    here: Geography
    people: People
    cohorts: Cohorts

    def stream(self, feed: str, month: Month | None = None) -> np.random.Generator:
        """A feed's generator for a month; without a month, for what all its months share."""
        return stream(self.seed, self.here.part, feed, 0 if month is None else month.number + 1)

    def pools(self, rng: np.random.Generator, use: Use) -> Pools:
        """Everybody, weighted for one service, year by year."""
        return Pools(rng, self.people, self.cohorts, use)

    def ids(self, prefix: str, month: Month, numbers: Index) -> pl.Series:
        """Record ids: a prefix (and a part's letters) and nine digits, never the ten of an NHS number."""
        part = (
            "" if self.here.size.parts == 1 else LETTERS[self.here.part // 24] + LETTERS[self.here.part % 24]
        )
        number = pl.Series(numbers + (100_000_000 + month.number * 5_000_000)).cast(pl.String)
        return pl.select(pl.lit(prefix + part) + number).to_series()

    def practices(self, rng: np.random.Generator, practice: Index) -> pl.Series:
        """Practice codes, about 1 in 100 of which map nowhere."""
        index = practice.astype(np.uint32)
        lost = some(rng, len(index), UNATTRIBUTED_SHARE)
        index[lost] = len(self.here.practice_codes) + rng.integers(0, len(NO_PRACTICE), len(lost))
        return coded(self.here.practice_column, index)

    def providers(self, month: Month, site: Index) -> pl.Series:
        """The provider code a site's records carry in a month (the merger falls on the first of one)."""
        return coded(self.here.provider_column(month.first, MERGER), site)

    def person_columns(
        self, rng: np.random.Generator, person: Index, day: NDArray[np.int32]
    ) -> dict[str, pl.Series]:
        """Age on the day, sex, ethnic group and LSOA; 3 in 1,000 have no LSOA recorded."""
        people = self.people
        lsoa = people.lsoa[person].astype(np.uint32)
        lsoa[some(rng, len(lsoa), NO_LSOA_SHARE)] = len(self.here.lsoa_codes)
        return {
            "age": pl.Series(self.ages(person, day)),
            "sex": coded(SEXES, people.sex[person]),
            "ethnic_group": coded(ETHNIC_GROUPS, people.ethnic_group[person]),
            "lsoa_code": coded([*self.here.lsoa_codes, None], lsoa),
        }

    def person_ids(self, person: Index) -> pl.Series:
        """Pseudonyms by position."""
        return self.people.code.gather(pl.Series(person.astype(np.uint32)))

    def ages(self, person: Index, day: NDArray[np.int32]) -> NDArray[np.int16]:
        """Whole years on a day."""
        return np.maximum(0, (day - self.people.birth[person]) / DAYS_A_YEAR).astype(np.int16)


def make_region(size: Size, seed: int, part: int = 0) -> Region:
    """Make one part: where, who, and in which cohorts."""
    here = make_geography(size, seed, part)
    people = make_people(here, seed)
    return Region(seed, here, people, make_cohorts(here, people, seed))


@dataclass(frozen=True, slots=True)
class Drawn:
    """Records with their person, day (since 1970), neighbourhood and kind; in order of day."""

    person: NDArray[np.int32]
    day: NDArray[np.int32]
    neighbourhood: NDArray[np.int64]
    member: NDArray[np.bool_]
    kind: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.person)


def draw(
    rng: np.random.Generator,
    pool: Pool,
    month: Month,
    expected: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> Drawn:
    """Draw a month's records: `expected` is groups of the pool x kinds, `weights` the days'.

    Counts are Poisson round expectations that themselves move by about 1.5% a neighbourhood a month. Draws of
    people not yet born or no longer alive are dropped, which a pool's shares allow for.
    """
    groups, kinds = expected.shape
    wobble = np.repeat(np.exp(rng.normal(0, 0.015, groups // 2)), 2)[:, None]
    counts = rng.poisson(expected * wobble * np.exp(rng.normal(0, 0.006))).ravel()
    cell = np.repeat(np.arange(groups * kinds, dtype=np.uint16), counts)
    rng.shuffle(cell)
    group = cell // kinds
    day = np.repeat(month.days, rng.multinomial(len(cell), weights / weights.sum()))
    person, present = pool.draw(rng, group, day)
    group = group[present]
    return Drawn(
        person[present],
        day[present],
        (group // 2).astype(np.int64),
        group % 2 == 1,
        (cell % kinds)[present].astype(np.int64),
    )


def minutes(day: NDArray[np.int32], minute: Index) -> NDArray[np.int64]:
    """Microseconds since 1970 from a day and a minute of it."""
    return (day.astype(np.int64) * 1440 + minute) * MICROSECONDS_A_MINUTE


def timestamps(values: NDArray[np.int64]) -> pl.Series:
    """Naive local timestamps from microseconds."""
    return pl.Series(values).cast(pl.Datetime("us"))


def dates(days: Index) -> pl.Series:
    """Dates from days since 1970."""
    return pl.Series(days.astype(np.int32)).cast(pl.Date)


def in_cohort(region: Region, month: Month, cohort: int) -> NDArray[np.bool_]:
    """For each person, whether in a cohort on some day of the month."""
    now = region.cohorts.during(int(month.days[0]), int(month.days[-1])) & (region.cohorts.cohort == cohort)
    held = np.zeros(len(region.people), np.bool_)
    held[region.cohorts.person[now]] = True
    return held
