"""Seasons taken out: held against plain Python, and against series whose season is known."""

import math
import random

import polars as pl
import pytest
from forecast_series import OF_KIND, RATE, SHARE, month, seasonal, series
from oracle.seasonal import usual

from metrics.baseline import month_number
from metrics.seasonal import adjusted, year_before

FEW = 1e-9


def noisy(months: int, seed: int, missing: tuple[int, ...] = ()) -> list[float | None]:
    pick = random.Random(seed)
    values = seasonal(months)
    return [None if n in missing else v + pick.gauss(0, 0.01) + n * 0.0004 for n, v in enumerate(values)]


@pytest.mark.parametrize("kind", OF_KIND)
@pytest.mark.parametrize(
    ("months", "missing", "years"),
    [(36, (), 3), (47, (2,), 3), (60, (30,), 4), (90, (), 6), (35, (), 0), (40, (39,), 3), (40, (20,), 0)],
)
def test_equal_to_plain_python(kind, months, missing, years):
    one = OF_KIND[kind]
    values = noisy(months, months, missing)
    found = adjusted(series(values, indicator=one), one)
    bend = (lambda v: math.asin(math.sqrt(v))) if kind == "proportion" else math.sqrt
    back = (lambda w: math.sin(w) ** 2) if kind == "proportion" else (lambda w: w**2)
    working = {month_number(month(n)): bend(v) for n, v in enumerate(values) if v is not None}
    season = usual(working)
    assert found["season_years"].unique().to_list() == [years]
    assert bool(season) == (years > 0)
    for n, row in enumerate(found.iter_rows(named=True)):
        at = month_number(month(n))
        if at not in working or not season:
            assert row["adjusted"] is None
            continue
        expected = back(working[at] - season[at % 12])
        assert row["adjusted"] == pytest.approx(expected, abs=FEW)
        assert row["season"] == pytest.approx(row["value"] - expected, abs=FEW)


def test_a_pure_season_leaves_a_level_line_and_a_pure_climb_is_left_alone():
    season = [
        math.sin(math.asin(math.sqrt(0.7)) + 0.05 * math.cos(2 * math.pi * n / 12)) ** 2 for n in range(48)
    ]
    flat = adjusted(series(season), SHARE)["adjusted"]
    assert flat.to_list() == pytest.approx([0.7] * 48, abs=FEW)
    climb = [(20 + n / 10) ** 2 for n in range(48)]
    assert adjusted(series(climb, indicator=RATE), RATE)["adjusted"].to_list() == pytest.approx(
        climb, abs=1e-6
    )


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_a_flat_line_at_the_edge_of_the_possible_stays_there(level):
    found = adjusted(series([level] * 36), SHARE)["adjusted"]
    assert found.to_list() == pytest.approx([level] * 36, abs=1e-12)
    assert found.is_between(0, 1).all()


def test_provisional_months_neither_count_nor_are_adjusted():
    whole = adjusted(series(noisy(36, 1)), SHARE)
    with_more = adjusted(series([*noisy(36, 1), 0.1, 0.1], provisional=2), SHARE)
    assert with_more["adjusted"].to_list() == [*whole["adjusted"].to_list(), None, None]


def test_many_series_at_once_each_for_itself_in_the_order_given():
    one, other = series(noisy(48, 1), "A"), series(noisy(37, 2), "B")
    short = series(noisy(12, 3), "C")
    together = pl.concat([one, other, short]).sample(fraction=1, shuffle=True, seed=4)
    found = adjusted(together, SHARE)
    assert found.select(together.columns).equals(together)
    for name, alone in (("A", one), ("B", other), ("C", short)):
        mine = found.filter(pl.col("organisation") == name).sort("period")
        expected = adjusted(alone, SHARE)["adjusted"].to_list()
        assert mine["adjusted"].to_list() == pytest.approx(expected, abs=FEW)


def test_the_same_month_last_year():
    lines = pl.concat([series([0.1, None, 0.3, *[0.5] * 10, 0.6], "A"), series([0.9], "B", first=12)])
    found = year_before(lines)
    assert found.select(lines.columns).equals(lines)
    assert found["year_before"].to_list() == [None] * 12 + [0.1, None] + [None]
