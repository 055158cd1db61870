"""What must hold of any records: parts sum to wholes, order is nothing, doubling leaves shares alone."""

from typing import Any

import polars as pl
import pytest
from feeds import as_feeds
from generated import MONTHS, region
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from metrics import geography
from metrics.counting import count
from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from metrics.observations import COLUMNS, POPULATION_LEVELS, roll_up

SNAPSHOTS = ("organisations", "neighbourhood_map", "deprivation", "cohort_memberships")
IDS = list(all_indicators())
few = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def counted(indicator: Indicator, frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    changes = geography.change_dates(frames["neighbourhood_map"])
    return count(indicator, as_feeds(frames), MONTHS, changes)


def rolled(indicator: Indicator, counts: pl.DataFrame, frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return roll_up(indicator, counts, frames["organisations"], frames["neighbourhood_map"])


@pytest.mark.parametrize("id", IDS)
@few
@given(seed=st.integers(0, 10_000), rows=st.integers(0, 120))
def test_whatever_the_records(id: str, seed: int, rows: int):
    indicator = all_indicators()[id]
    frames = region(seed, rows)
    counts = counted(indicator, frames)
    found = rolled(indicator, counts, frames)
    assert found.columns == list(COLUMNS)
    assert not found["value"].is_nan().any()
    assert not found["value"].is_infinite().any()
    assert found.select("level", "organisation", "period", "breakdown", "category").is_duplicated().sum() == 0
    nothing = found.filter(pl.col("value").is_null())
    assert set(nothing["status"]) <= {"no_denominator"}
    if indicator.kind == "proportion":
        assert found.filter(~pl.col("value").is_between(0, 1)).is_empty()
    _levels_sum_to_england(indicator, found)
    _parts_sum_to_the_whole(indicator, counts)


def _levels_sum_to_england(indicator: Indicator, found: pl.DataFrame) -> None:
    by = ["period", "breakdown", "category"]
    england = found.filter(level="england").sort(by)
    levels = [*POPULATION_LEVELS] if indicator.at_risk is not None else [*POPULATION_LEVELS, "provider"]
    for level in levels:
        parts = found.filter(level=level).group_by(by).agg(pl.col("numerator", "denominator").sum()).sort(by)
        whole = england.select(*by, pl.col("numerator", "denominator").fill_null(0))
        assert_frame_equal(parts, whole, check_exact=False)


def _parts_sum_to_the_whole(indicator: Indicator, counts: pl.DataFrame) -> None:
    headline = _sums(counts.filter(breakdown="all"))
    for split in indicator.breakdowns:
        parts = _sums(counts.filter(breakdown=split.name))
        if split.sums:
            for period, numbers in headline.items():
                whole = numbers if split.at_risk == "parts" else (numbers[0], parts.get(period, (0, 0))[1])
                assert parts.get(period, (0, 0)) == whole, split.name


def _sums(counts: pl.DataFrame) -> dict[Any, tuple[int, int]]:
    sums = counts.group_by("period").agg(pl.col("numerator", "denominator").sum())
    return {period: (one, other) for period, one, other in sums.iter_rows()}


@pytest.mark.parametrize("id", IDS)
def test_the_order_of_rows_is_nothing(id: str):
    frames = region(11)
    turned = {name: frame.sample(fraction=1, shuffle=True, seed=2) for name, frame in frames.items()}
    indicator = all_indicators()[id]
    straight, other = (rolled(indicator, counted(indicator, one), one) for one in (frames, turned))
    assert_frame_equal(straight, other)


@pytest.mark.parametrize(
    "id", [id for id, one in all_indicators().items() if one.kind in ("proportion", "mean")]
)
def test_doubling_all_records_leaves_shares_alone(id: str):
    frames = region(12)
    doubled = {
        name: frame if name in SNAPSHOTS else pl.concat([frame, frame]) for name, frame in frames.items()
    }
    indicator = all_indicators()[id]
    once, twice = (rolled(indicator, counted(indicator, one), one) for one in (frames, doubled))
    assert_frame_equal(once.drop("numerator", "denominator"), twice.drop("numerator", "denominator"))
    assert (once["numerator"] * 2).to_list() == twice["numerator"].to_list()
