"""`targets observations --audience public`: attacked with everything that the command line gives."""

import io
import random
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import polars as pl
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_matrix
from typer.testing import CliRunner, Result

from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from pipeline import public as protection
from pipeline.cli import app

KEYS = ["basis", "level", "organisation", "period", "breakdown", "category"]
MOST = 100_000
ABOVE = {
    "XN0001": ("E06999001", "QZ1", "Y90"),
    "XN0002": ("E06999001", "QZ1", "Y90"),
    "XN0003": ("E06999002", "QZ2", "Y90"),
    "XN0004": ("E06999002", "QZ2", "Y90"),
    "unattributed": ("unattributed", "unattributed", "unattributed"),
}
"""The small region's map, written out: an attacker knows it from the organisations' own pages."""


ATTACKED = {
    "four_hour_ed": ["2026-05-01"],
    "discharged_on_ready_date": ["2026-06-01"],
    "cohort_admissions": ["2026-06-01"],
    "outpatient_follow_ups": ["2026-07-01"],
}
"""An indicator of each kind of sum, and the months whose suppressed counts a solver is set on."""


@pytest.fixture(scope="module")
def observations(small_home):
    def go(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["observations", *arguments, "--home", str(small_home)])

    return go


@pytest.fixture(scope="module")
def everything(observations):
    """Every row that the command gives of an indicator, breakdown by breakdown.

    The command protects all breakdowns whichever it is asked for, so each indicator is protected once here.
    """
    monkeypatch = pytest.MonkeyPatch()

    @cache
    def go(name: str, audience: str) -> pl.DataFrame:
        breakdowns = ["all", *(split.name for split in all_indicators()[name].breakdowns)]
        frames = []
        with monkeypatch.context() as once:
            once.setattr(protection, "public", remembered(protection.public))
            for one in breakdowns:
                done = observations("--indicator", name, "--audience", audience, "--breakdown", one)
                assert done.exit_code == 0, done.stderr
                frame = pl.read_csv(io.StringIO(done.stdout), infer_schema=False)
                numbers = ["numerator", "denominator", "value", "target"]
                frames.append(frame.with_columns(pl.col(numbers).cast(pl.Float64)))
        return pl.concat(frames)

    return go


def remembered(protect: Callable[..., pl.DataFrame]) -> Callable[..., pl.DataFrame]:
    """The same answer again to the very same rows; other rows are protected afresh."""
    asked: list[tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]] = []

    def go(rows: pl.DataFrame, kin: Sequence[Indicator], adding_up: pl.DataFrame, *more) -> pl.DataFrame:
        for before, wholes, answer in asked:
            if before.equals(rows) and wholes.equals(adding_up):
                return answer
        asked.append((rows, adding_up, protect(rows, kin, adding_up, *more)))
        return asked[-1][2]

    return go


@pytest.mark.parametrize("name", ATTACKED)
def test_public_figures_are_rounded_and_nothing_small_is_shown(everything, name):
    indicator = all_indicators()[name]
    public, restricted = everything(name, "public"), everything(name, "restricted")
    assert public.select(KEYS).equals(restricted.select(KEYS))
    lost = public["status"] == "suppressed"
    assert lost.any()
    assert public.filter(lost).select("numerator", "denominator", "value").null_count().row(0) == (
        (lost.sum(),) * 3
    )
    counts = public["numerator"].drop_nulls().to_list()
    if indicator.kind != "pace":
        counts += public["denominator"].drop_nulls().to_list()
    assert all(count == 0 or (count >= 10 and count % 5 == 0) for count in counts)
    small = restricted["numerator"].is_between(1, 7)
    assert lost.filter(small).all()
    kept = public.filter(~lost & (public["denominator"] > 0).fill_null(value=False))
    assert kept["value"].to_list() == pytest.approx(
        (indicator.scale * kept["numerator"] / kept["denominator"]).to_list()
    )


def test_a_relative_target_comes_from_public_figures_or_is_withheld(everything):
    name = "outpatient_follow_ups"
    public, exact = everything(name, "public"), everything(name, "restricted")
    baseline = (pl.col("period") >= "2025-04-01") & (pl.col("period") <= "2026-03-01")
    series = ["level", "organisation", "breakdown", "category"]
    usable = (pl.col("status") == "final") & pl.col("value").is_not_null() & baseline
    levels = public.filter(usable).group_by(series).agg(
        pl.len(), level_=pl.col("numerator").sum() / pl.col("denominator").sum(),
    )  # fmt: skip
    held = public.filter(period="2026-06-01").join(levels, on=series, how="left")
    given = held.filter(pl.col("target").is_not_null())
    assert given.height > 10
    assert (given["len"] == 12).all()
    wanted = 0.9 * given["level_"]
    assert given["target"].to_list() == pytest.approx(wanted.to_list())
    withheld = held.filter(pl.col("target").is_null())
    assert (withheld["len"].fill_null(0) < 12).all()
    before = exact.filter(period="2026-06-01").join(given.select(series), on=series)
    assert before["target"].to_list() != given["target"].to_list()


def test_an_absolute_target_is_public(everything):
    got = everything("four_hour_ed", "public").filter(period="2026-06-01")
    assert got["target"].unique().to_list() == [0.82]


def test_a_choice_of_rows_is_the_same_rows_of_the_whole(observations, everything):
    name = "discharged_on_ready_date"
    whole = everything(name, "public").filter(
        pl.col("level") == "place", pl.col("breakdown") == "sex", pl.col("period") == "2026-05-01"
    )
    choice = ["--indicator", name, "--audience", "public", "--level", "place", "--breakdown", "sex"]
    part = observations(*choice, "--from", "2026-05", "--to", "2026-05").stdout
    assert pl.read_csv(io.StringIO(part), infer_schema=False)["status"].equals(whole["status"])
    assert whole.height > 0


def test_the_default_is_restricted_and_earlier_public_figures_are_refused(observations):
    choice = ["--indicator", "four_hour_ed", "--level", "england"]
    assert observations(*choice).stdout == observations(*choice, "--audience", "restricted").stdout
    done = observations(*choice, "--audience", "public", "--as-known-on", "2026-09-01")
    assert done.exit_code == 1
    assert "two editions of a month can be subtracted" in done.stderr


class Attack:
    """All that is published of one month, as sums and bounds, for an exact solver."""

    def __init__(self, rows: pl.DataFrame, name: str) -> None:
        self.rows = rows.to_dicts()
        self.indicator = all_indicators()[name]
        self.people = self.indicator.kind != "pace"
        self.size = len(self.rows)
        at = {tuple(row[key] for key in ("level", "organisation", "breakdown", "category")): n
              for n, row in enumerate(self.rows)}  # fmt: skip
        sums = self.sums_of(at)
        shares = self.indicator.kind == "proportion"
        matrix = lil_matrix((2 * len(sums) + self.size, 2 * self.size))
        low, high = [], []
        for whole, parts, sides in sums:
            for side in sides:
                line = len(low)
                matrix[line, whole + side * self.size] = -1
                for part in parts:
                    matrix[line, part + side * self.size] = 1
                low.append(0)
                high.append(0)
        if shares:
            for row in range(self.size):
                matrix[len(low), row + self.size], matrix[len(low), row] = 1, -1
                low.append(0)
                high.append(MOST)
        self.lines = LinearConstraint(matrix[: len(low)].tocsr(), low, high)
        bounds = [self.bound(row, "numerator") for row in self.rows]
        bounds += [self.bound(row, "denominator") for row in self.rows]
        self.bounds = Bounds(*map(list, zip(*bounds, strict=True)))

    def bound(self, row: dict, name: str) -> tuple[float, float]:
        shown = row[name]
        if name == "denominator" and not self.people:
            return 0, MOST
        if shown is None:
            return 0, MOST
        return (0, 0) if shown == 0 else (max(shown - 2, 8), shown + 2)

    def sums_of(self, at: dict) -> list[tuple[int, list[int], list[int]]]:
        """(whole, parts, sides) of every sum that holds in what is published."""
        ladder = ("neighbourhood", "place", "system", "region")
        sides = [0, 1] if self.people else [0]
        found = []
        cells = {key[2:] for key in at}
        for cell in cells:
            groups: dict[tuple, list[int]] = {}
            for home, above in ABOVE.items():
                part = at.get(("neighbourhood", home, *cell))
                for level, code in zip((*ladder[1:], "england"), (*above, "E92000001"), strict=True):
                    groups.setdefault((level, code), []).extend([] if part is None else [part])
            for (level, code), parts in groups.items():
                if (level, code, *cell) in at and parts:
                    found.append((at[level, code, *cell], parts, sides))
            for level in ("provider", "ambulance_service"):
                parts = [n for key, n in at.items() if key[0] == level and key[2:] == cell]
                if parts and ("england", "E92000001", *cell) in at:
                    shared = sides if self.indicator.kind in ("proportion", "mean") else [0]
                    found.append((at["england", "E92000001", *cell], parts, shared))
        return found + self.sums_of_categories(at, sides)

    def sums_of_categories(self, at: dict, sides: list[int]) -> list[tuple[int, list[int], list[int]]]:
        found = []
        for key, whole in at.items():
            if key[2] != "all":
                continue
            for split in self.indicator.breakdowns:
                parts = {k[3]: n for k, n in at.items() if k[:2] == key[:2] and k[2] == split.name}
                both = sides if self.indicator.at_risk is None or split.at_risk == "parts" else [0]
                if split.sums and parts:
                    found.append((whole, [*parts.values()], both))
                same = self.indicator.headline.get(split.name)
                if same in parts:
                    found.append((whole, [parts[same]], sides))
                if split.at_risk == "whole" and self.people:
                    found += [(whole, [n], [1]) for n in parts.values()]
        return found

    def ends(self, cell: int) -> tuple[int, int]:
        aim = np.zeros(2 * self.size)
        aim[cell] = 1
        ends = []
        for sign in (1, -1):
            done = milp(
                sign * aim, constraints=self.lines, bounds=self.bounds, integrality=np.ones(2 * self.size)
            )
            assert done.success, done.message
            ends.append(round(sign * done.fun))
        return ends[0], ends[1]


@pytest.mark.parametrize("name", ATTACKED)
def test_no_suppressed_count_comes_back(everything, name):
    public, exact = everything(name, "public"), everything(name, "restricted")
    for month in ATTACKED[name]:
        shown = public.filter(period=month)
        truth = exact.filter(period=month)
        attack = Attack(shown, name)
        hidden = [n for n, row in enumerate(attack.rows) if row["status"] == "suppressed"]
        cells = [
            (n + side * attack.size, count)
            for n in hidden
            for side, column in enumerate(("numerator", "denominator")[: 1 + attack.people])
            if (count := truth[column][n])
        ]
        small = [one for one in cells if one[1] <= 7]
        chosen = random.Random(2026)
        for cell, count in chosen.sample(small, min(30, len(small))) + chosen.sample(cells, 8):
            low, high = attack.ends(cell)
            assert low <= count <= high
            assert high - low + 1 >= 3, (attack.rows[cell % attack.size], count, low, high)
            if count <= 7:
                assert min(high, 7) - max(low, 1) + 1 >= 3, (attack.rows[cell % attack.size], low, high)
