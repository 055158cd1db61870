"""What the public can work out by setting one indicator's rows off against another's, attacked exactly.

Discharges are shown four ways: on the day of all valid, days per delayed, days per valid, valid of all. One
count stands in several of them, so what one hides another could show.
"""

import random
from functools import cache

import numpy as np
import polars as pl
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_diag, lil_matrix, vstack
from test_cli_public import KEYS, Attack

from metrics.audience import public
from metrics.indicators import all_indicators
from metrics.shared_counts import family
from metrics.wholes import wholes
from pipeline import public as audience
from warehouse import observations, organisations
from warehouse.home import Home

ON_THE_DAY, DELAY, DELAY_ALL, COMPLETE = (
    "discharged_on_ready_date",
    "discharge_delay",
    "discharge_delay_all",
    "discharge_completeness",
)
MONTHS = ["2026-05-01", "2026-06-01"]
ONE_COUNT = [
    ((ON_THE_DAY, "denominator"), (DELAY_ALL, "denominator")),
    ((ON_THE_DAY, "denominator"), (COMPLETE, "numerator")),
    ((DELAY, "numerator"), (DELAY_ALL, "numerator")),
]
"""Counts that the definitions make the same; and the delayed are the valid less those on the day."""


class JointAttack:
    """Everything published of a month under four indicators, for an exact solver."""

    def __init__(self, shown: dict[str, pl.DataFrame]) -> None:
        self.parts = {name: Attack(rows, name) for name, rows in shown.items()}
        self.start, size = {}, 0
        for name, part in self.parts.items():
            self.start[name] = size
            size += 2 * part.size
        joined = self.identities(size)
        parts = list(self.parts.values())
        low = np.concatenate([*(part.lines.lb for part in parts), np.zeros(joined.shape[0])])
        high = np.concatenate([*(part.lines.ub for part in parts), np.zeros(joined.shape[0])])
        matrix = vstack([block_diag([part.lines.A for part in parts]), joined]).tocsr()
        self.lines = LinearConstraint(matrix, low, high)
        self.bounds = Bounds(
            np.concatenate([part.bounds.lb for part in parts]),
            np.concatenate([part.bounds.ub for part in parts]),
        )
        self.size = size

    def cells(self, name: str, column: str) -> dict[tuple, int]:
        part = self.parts[name]
        offset = self.start[name] + (part.size if column == "denominator" else 0)
        return {tuple(row[key] for key in KEYS): n + offset for n, row in enumerate(part.rows)}

    def identities(self, size: int) -> lil_matrix:
        lines = []
        for one, other in ONE_COUNT:
            here, there = self.cells(*one), self.cells(*other)
            lines += [[(here[key], 1), (there[key], -1)] for key in here.keys() & there.keys()]
        valid, early = self.cells(ON_THE_DAY, "denominator"), self.cells(ON_THE_DAY, "numerator")
        late = self.cells(DELAY, "denominator")
        for key in valid.keys() & late.keys():
            lines.append([(valid[key], 1), (early[key], -1), (late[key], -1)])
        matrix = lil_matrix((len(lines), size))
        for number, line in enumerate(lines):
            for cell, sign in line:
                matrix[number, cell] = sign
        return matrix

    def ends(self, cell: int) -> tuple[int, int]:
        aim = np.zeros(self.size)
        aim[cell] = 1
        ends = []
        for sign in (1, -1):
            done = milp(
                sign * aim, constraints=self.lines, bounds=self.bounds, integrality=np.ones(self.size)
            )
            assert done.success, done.message
            ends.append(round(sign * done.fun))
        return ends[0], ends[1]


@pytest.fixture(scope="module")
def published(small_home):
    """Public and exact rows of an indicator in a month, by name."""
    home = Home.open(small_home)
    known = all_indicators()

    @cache
    def whole(name: str) -> pl.DataFrame:
        return audience.observations(home, known[name], None)

    @cache
    def go(month: str) -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
        shown, exact = {}, {}
        for one in family(known[ON_THE_DAY], known):
            when = pl.col("period").cast(pl.String) == month
            shown[one.id] = whole(one.id).filter(when)
            held = observations.read(home, one.id, breakdown=None).filter(when)
            exact[one.id] = shown[one.id].select(*KEYS).join(held, on=KEYS, how="left", maintain_order="left")
        return shown, exact

    return go


def recovered(shown: dict[str, pl.DataFrame], exact: dict[str, pl.DataFrame], tries: int) -> list[tuple]:
    """Small suppressed counts that an exact solver is left with fewer than 3 candidates for."""
    attack, found, small = JointAttack(shown), [], []
    for name, part in attack.parts.items():
        columns = [name_ for name_ in ("numerator", "denominator") if name_ == "numerator" or part.people]
        for n, row in enumerate(part.rows):
            if row["status"] == "suppressed":
                small += [(name, column, n) for column in columns if 0 < (exact[name][column][n] or 0) <= 7]
    assert small
    for name, column, n in random.Random(7).sample(small, min(tries, len(small))):
        count = exact[name][column][n]
        offset = attack.start[name] + (attack.parts[name].size if column == "denominator" else 0)
        low, high = attack.ends(n + offset)
        assert low <= count <= high
        if min(high, 7) - max(low, 1) + 1 < 3:
            found.append((name, column, *attack.parts[name].rows[n].values(), low, high))
    return found


@pytest.mark.parametrize("month", MONTHS)
def test_no_count_comes_back_across_indicators(published, month):
    shown, exact = published(month)
    assert recovered(shown, exact, tries=40) == []


@pytest.mark.parametrize("month", MONTHS)
def test_what_is_shown_under_two_names_is_one_figure(published, month):
    shown, exact = published(month)
    for (one, column), (other, there) in ONE_COUNT:
        true = exact[one].join(exact[other].select(*KEYS, same=there), on=KEYS)
        assert true.filter(pl.col(column) != pl.col("same")).is_empty()
        told = shown[one].join(shown[other].select(*KEYS, same=there), on=KEYS).drop_nulls([column, "same"])
        assert told[column].equals(told["same"], check_names=False)


def test_each_indicator_alone_would_give_counts_away(small_home, published):
    """The attack works: on figures protected one indicator at a time it finds something."""
    home = Home.open(small_home)
    known = all_indicators()
    shown, exact = published(MONTHS[0])
    alone = {}
    for name in shown:
        held = exact[name].drop("target", "path")
        adding_up = wholes(organisations.read(home, "local").drop("source"), held, "local")
        alone[name] = public(held, [known[name]], adding_up)
    assert recovered(alone, exact, tries=60)
