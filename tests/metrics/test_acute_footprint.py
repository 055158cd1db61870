"""Type 3 units shared among acute trusts by fractions: a second view whose sums are those of the first."""

from fractions import Fraction

import polars as pl
import pytest
from feeds import as_feeds, frame
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.counting import count_published
from metrics.indicators import all_indicators
from metrics.observations import roll_up_published

FOUR_HOUR = all_indicators()["four_hour_ed"]


def observed(returns: list[dict[str, object]], shares: list[tuple[str, str, float]] | None) -> pl.DataFrame:
    frames = {"ae_monthly": frame("ae_monthly", returns)}
    if shares is not None:
        rows = [{"code": one, "acute_code": to, "fraction": part} for one, to, part in shares]
        frames["acute_trust_mapping"] = frame("acute_trust_mapping", rows)
    return roll_up_published(FOUR_HOUR, count_published(FOUR_HOUR, as_feeds(frames)))


def providers(found: pl.DataFrame, breakdown: str, category: str) -> dict[str, tuple[float | None, float]]:
    kept = found.filter(level="provider", breakdown=breakdown, category=category)
    return {row[0]: row[1:] for row in kept.select("organisation", "numerator", "denominator").iter_rows()}


RETURNS: list[dict[str, object]] = [
    {"org_code": "RA1", "attendances": 100, "over_four_hours": 20},
    {"org_code": "RA2", "attendances": 50, "over_four_hours": 10},
    {"org_code": "AX901", "department_type": "03", "attendances": 200, "over_four_hours": 50},
    {"org_code": "RA3", "attendances": 7, "over_four_hours": 0},
]
SHARES = [("RA1", "RA1", 1.0), ("RA2", "RA2", 1.0), ("AX901", "RA1", 0.62), ("AX901", "RA2", 0.38)]


def test_a_unit_is_shared_and_the_headline_stays_what_it_was():
    found = observed(RETURNS, SHARES)
    assert providers(found, "footprint", "acute") == {
        "RA1": (80 + 93, 100 + 124),
        "RA2": (40 + 57, 50 + 76),
        "RA3": (7, 7),
    }
    own = {"RA1": (80, 100), "RA2": (40, 50), "AX901": (150, 200), "RA3": (7, 7)}
    assert providers(found, "all", "all") == providers(found, "footprint", "own") == own
    assert providers(found, "department_type", "03") == {"AX901": (150, 200)}
    without = observed(RETURNS, None)
    assert without.filter(breakdown="footprint").is_empty()
    kept = pl.col("breakdown") != "footprint"
    assert without.sort(pl.all()).equals(found.filter(kept).sort(pl.all()))


def test_a_month_without_fractions_has_no_second_view():
    frames = {
        "ae_monthly": frame("ae_monthly", RETURNS).with_columns(period=pl.date(2025, 7, 1)),
        "acute_trust_mapping": frame("acute_trust_mapping", [{}]),
    }
    counts = count_published(FOUR_HOUR, as_feeds(frames))
    assert counts.filter(breakdown="footprint")["category"].unique().to_list() == ["own"]


def test_fractions_alone_count_nothing():
    alone = as_feeds({"acute_trust_mapping": frame("acute_trust_mapping", [{}])})
    assert count_published(FOUR_HOUR, alone).is_empty()


def test_what_a_unit_did_not_report_is_not_told_of_the_trusts_that_share_it():
    returns = [*RETURNS[:2], {**RETURNS[2], "over_four_hours": None}]
    found = providers(observed(returns, SHARES), "footprint", "acute")
    assert found["RA1"] == (None, 224)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 99), min_size=2, max_size=6), st.integers(0, 30_000), st.data())
def test_sums_before_and_after_agree(weights: list[int], seen: int, data: st.DataObject):
    over = data.draw(st.integers(0, seen))
    parts = [float(Fraction(one, sum(weights))) for one in weights]
    shares = [("AX901", f"RB{at}", part) for at, part in enumerate(parts)]
    returns = [*RETURNS[:2], {**RETURNS[2], "attendances": seen, "over_four_hours": over}]
    found = observed(returns, shares)
    for category in ("own", "acute"):
        england = found.filter(level="england", breakdown="footprint", category=category)
        assert england["denominator"].item() == pytest.approx(150 + seen, rel=1e-9)
        assert england["numerator"].item() == pytest.approx(120 + seen - over, rel=1e-9)
        summed = providers(found, "footprint", category).values()
        assert sum(one[1] for one in summed) == pytest.approx(150 + seen, rel=1e-9)
