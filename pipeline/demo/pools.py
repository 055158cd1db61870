"""Who is likely to use a service, and drawing them: people weighted by age, deprivation and cohort."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.demo.cohorts import Cohorts
from pipeline.demo.months import Month, months
from pipeline.demo.people import DAYS_A_YEAR, People

AGE_STEPS = np.array([1, 5, 15, 25, 45, 65, 75, 85])
"""Weights by age are given for 0, 1-4, 5-14, 15-24, 25-44, 45-64, 65-74, 75-84, 85 and over."""

_STEP_OF_AGE = np.searchsorted(AGE_STEPS, np.arange(120), side="right")
MONTHS_A_POOL = 6
COPIES = 4
"""A person appears in a pool about this many times, times their weight."""


@dataclass(frozen=True, slots=True)
class Use:
    """How the use of a service differs: by age, by deprivation (1 to 5) and in each cohort.

    `cohort` multiplies while a membership lasts, in the order of `COHORTS`; multipliers add where people are
    in several (1.5 and 2 make 2.5).
    """

    age: tuple[float, ...]
    deprivation: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0, 1.0)
    cohort: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0)
    women_only: bool = False
    spread: float = 3.0
    """Shape of a gamma: lower means that a few people account for more of the use."""


@dataclass(frozen=True, slots=True)
class Pool:
    """People repeated by weight for one half-year, in groups one after another.

    A group is neighbourhood x 2 + (a cohort member in the half-year). `share` is each group's expected
    records over all records of people alive: it sums to a little more than 1, since draws outside an
    entry's days (before birth, after death, outside a membership) are dropped.
    """

    entries: NDArray[np.int32]
    first: NDArray[np.int64]
    size: NDArray[np.int64]
    share: NDArray[np.float64]
    registered: int
    person: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]

    def draw(
        self, rng: np.random.Generator, group: NDArray[np.integer], day: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """A person for each group, and whether the draw counts on the day."""
        place = (rng.random(len(group)) * self.size[group]).astype(np.int64)
        entry = self.entries[self.first[group] + place]
        return self.person[entry], (self.start[entry] <= day) & (day <= self.end[entry])


class Pools:
    """One service's pools: a new one each half-year, as people age, join cohorts and die."""

    def __init__(self, rng: np.random.Generator, people: People, cohorts: Cohorts, use: Use) -> None:
        self._rng, self._people, self._cohorts, self._use = rng, people, cohorts, use
        self._own = (
            rng.gamma(use.spread, 1 / use.spread, len(people))
            * np.array((0.0, *use.deprivation))[people.quintile]
        )
        if use.women_only:
            self._own *= people.sex == 1
        self._rounding = rng.random(len(people) + len(cohorts.person))
        self._half = -1
        self._pool: Pool | None = None

    def of(self, month: Month) -> Pool:
        """The pool of a month's half-year."""
        half = month.number // MONTHS_A_POOL
        if self._pool is None or half != self._half:
            self._half, self._pool = half, self._make(half)
        return self._pool

    def _make(self, half: int) -> Pool:
        people, cohorts = self._people, self._cohorts
        held = months()[half * MONTHS_A_POOL : (half + 1) * MONTHS_A_POOL]
        first, last = int(held[0].days[0]), int(held[-1].days[-1])
        middle = (first + last) // 2
        years = np.clip((middle - people.birth) // DAYS_A_YEAR, 0, 119).astype(np.int8)
        own = self._own * np.array(self._use.age)[_STEP_OF_AGE][years]
        own = np.where((people.birth <= last) & (people.last_day >= first), own, 0.0)
        now = cohorts.during(first, last)
        extra = np.where(now, np.array(self._use.cohort)[cohorts.cohort] - 1, 0.0) * own[cohorts.person]
        person = np.concatenate([np.arange(len(people)), cohorts.person]).astype(np.int32)
        start = np.concatenate([people.birth, cohorts.start])
        end = np.concatenate([people.last_day, cohorts.end])
        weight = np.concatenate([own, np.maximum(extra, 0)])

        member = np.zeros(len(people), np.bool_)
        member[cohorts.person[now]] = True
        group = (people.neighbourhood.astype(np.int64) * 2 + member)[person]
        groups = (int(people.neighbourhood.max()) + 1) * 2
        copies = np.floor(weight * (COPIES / own.mean()) + self._rounding).astype(np.int64)
        order = np.argsort(group.astype(np.uint16), kind="stable")
        size = np.bincount(group, copies, groups).astype(np.int64)
        alive = (start <= middle) & (middle <= end)
        return Pool(
            entries=np.repeat(order.astype(np.int32), copies[order]),
            first=np.concatenate([[0], np.cumsum(size)[:-1]]),
            size=size,
            share=np.where(size > 0, np.bincount(group, weight, groups), 0) / weight[alive].sum(),
            registered=int(alive[: len(people)].sum()),
            person=person,
            start=start,
            end=end,
        )
