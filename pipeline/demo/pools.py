"""Who is likely to use a service, and drawing them: people weighted by age, deprivation and cohort."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.demo.cohorts import CARE_HOME, END_OF_LIFE, FRAILTY, HOUSEBOUND, Cohorts
from pipeline.demo.people import END, START, People

AGE_STEPS = np.array([1, 5, 15, 25, 45, 65, 75, 85])
"""Weights by age are given for 0, 1-4, 5-14, 15-24, 25-44, 45-64, 65-74, 75-84, 85 and over."""

COPIES = 4
"""A person appears in a pool about this many times, times their weight."""


@dataclass(frozen=True, slots=True)
class Pool:
    """People repeated by weight, in groups one after another: neighbourhood x 2 + (ever a cohort member).

    `share` is each group's part of the whole weight.
    """

    people: NDArray[np.int32]
    first: NDArray[np.int64]
    size: NDArray[np.int64]
    share: NDArray[np.float64]

    def draw(
        self, rng: np.random.Generator, group: NDArray[np.integer], people: People, day: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """A person for each group, and whether they are born and alive on the day."""
        place = (rng.random(len(group)) * self.size[group]).astype(np.int64)
        person = self.people[self.first[group] + place]
        return person, (people.birth[person] <= day) & (day <= people.last_day[person])


@dataclass(frozen=True, slots=True)
class Use:
    """How the use of a service differs: by age, by deprivation (1 to 5) and by cohort (as `COHORTS`)."""

    age: tuple[float, ...]
    deprivation: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0, 1.0)
    cohort: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0)
    women_only: bool = False
    spread: float = 3.0
    """Shape of a gamma: lower means that a few people account for more of the use."""


def make_pool(rng: np.random.Generator, people: People, cohorts: Cohorts, use: Use) -> Pool:
    """Weigh everybody for one service."""
    age = np.maximum(people.age_on((START + END) // 2), 0)
    weight = np.array(use.age)[np.searchsorted(AGE_STEPS, age, side="right")]
    weight = weight * np.array((0.0, *use.deprivation))[people.quintile]
    for column in (FRAILTY, CARE_HOME, HOUSEBOUND, END_OF_LIFE):
        weight *= np.where(cohorts.ever[:, column], use.cohort[column], 1.0)
    if use.women_only:
        weight *= people.sex == 1
    weight *= rng.gamma(use.spread, 1 / use.spread, len(people))
    group = people.neighbourhood.astype(np.int64) * 2 + cohorts.member
    groups = (int(people.neighbourhood.max()) + 1) * 2
    copies = np.floor(weight * COPIES / weight.mean() + rng.random(len(people))).astype(np.int64)
    order = np.argsort(group, kind="stable")
    size = np.bincount(group, copies, groups).astype(np.int64)
    total = np.bincount(group, weight, groups)
    return Pool(
        people=np.repeat(order.astype(np.int32), copies[order]),
        first=np.concatenate([[0], np.cumsum(size)[:-1]]),
        size=size,
        share=np.where(size > 0, total, 0) / total.sum(),
    )
