"""What the public sees of a small region: rounded, covered, and marked."""

from dataclasses import replace
from datetime import date

import made_indicator
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.audience import public
from metrics.indicator import Breakdown

SHARE = replace(
    made_indicator.SHARE,
    breakdowns=(Breakdown(name="sex", title="Sex", labels={"1": "male", "2": "female"}),),
)
WHOLES = pl.DataFrame(
    [("neighbourhood", code, "place", "P") for code in ("A", "B", "C")],
    schema=["level", "organisation", "whole_level", "whole_organisation"],
    orient="row",
)
CELL = st.integers(0, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def observed(counts: dict[tuple[str, str], tuple[int | None, int | None]]) -> pl.DataFrame:
    rows = []
    for (organisation, category), (r, n) in counts.items():
        known = r is not None and n != 0
        rows.append(
            {
                "indicator": "share",
                "definition_version": "1",
                "basis": "local",
                "level": "place" if organisation == "P" else "neighbourhood",
                "organisation": organisation,
                "period": date(2026, 4, 1),
                "breakdown": "all" if category == "all" else "sex",
                "category": category,
                "numerator": r,
                "denominator": n,
                "value": (r / n if n else float(r)) if known else None,
                "status": "final" if known else "not_reported",
            }
        )
    floats = dict.fromkeys(("numerator", "denominator", "value"), pl.Float64)
    return pl.DataFrame(rows, schema_overrides=floats)


def place(parts: dict[str, tuple[int, int]]) -> dict[tuple[str, str], tuple[int | None, int | None]]:
    counts: dict[tuple[str, str], tuple[int | None, int | None]] = {(k, "all"): v for k, v in parts.items()}
    counts["P", "all"] = (sum(r for r, _ in parts.values()), sum(n for _, n in parts.values()))
    return counts


def test_counts_are_rounded_and_the_value_comes_from_them():
    got = public(observed(place({"A": (52, 103), "B": (61, 99)})), [SHARE], WHOLES)
    assert got["numerator"].to_list() == [50, 60, 115]
    assert got["denominator"].to_list() == [105, 100, 200]
    assert got["value"].to_list() == pytest.approx([50 / 105, 0.6, 115 / 200])
    assert got["status"].unique().to_list() == ["final"]


def test_a_small_count_takes_another_with_it_when_the_total_would_give_it_away():
    got = public(observed(place({"A": (6, 100), "B": (12, 100)})), [SHARE], WHOLES)
    assert got["status"].to_list() == ["suppressed", "suppressed", "final"]
    assert got["numerator"].to_list() == [None, None, 20]
    assert got["value"].null_count() == 2


def test_suppressed_missing_and_zero_are_three_states():
    counts = {("A", "all"): (0, 50), ("B", "all"): (3, 50), ("C", "all"): (None, None)}
    got = public(observed(counts), [SHARE], WHOLES)
    assert got["status"].to_list() == ["final", "suppressed", "not_reported"]
    assert got["numerator"].to_list() == [0, None, None]
    assert got["value"].to_list() == [0, None, None]


def test_categories_are_covered_too():
    counts = {("A", "all"): (18, 100), ("A", "1"): (6, 50), ("A", "2"): (12, 50)}
    got = public(observed(counts), [SHARE], WHOLES)
    assert got["status"].to_list() == ["final", "suppressed", "suppressed"]
    alone = public(observed(counts), [replace(SHARE, breakdowns=())], WHOLES)
    assert alone["status"].to_list() == ["final", "suppressed", "final"]


def test_counts_without_denominators_and_working_days():
    count = replace(SHARE, kind="pace", at_risk=lambda feeds, months: feeds["f"])
    got = public(observed({("A", "all"): (23, 21), ("B", "all"): (23, None)}), [count], WHOLES)
    assert got["numerator"].to_list() == [25, 25]
    assert got["denominator"].to_list() == [21, None]
    assert got["value"].to_list() == [pytest.approx(25 / 21), 25]


def test_an_empty_frame_stays_empty():
    nothing = observed(place({"A": (1, 2)})).clear()
    assert public(nothing, [SHARE], WHOLES).equals(nothing)


@given(st.tuples(CELL, CELL, CELL))
@settings(deadline=None, max_examples=60)
def test_public_figures_hold_no_small_count_and_hiding_twice_hides_no_more(cells):
    observations = observed(place(dict(zip("ABC", cells, strict=True))))
    once = public(observations, [SHARE], WHOLES)
    shown = once["numerator"].drop_nulls().to_list() + once["denominator"].drop_nulls().to_list()
    assert all(count == 0 or (count >= 10 and count % 5 == 0) for count in shown)
    assert public(once, [SHARE], WHOLES).equals(once)


@given(st.tuples(CELL, CELL, CELL), st.randoms())
@settings(deadline=None, max_examples=40)
def test_the_order_of_rows_decides_nothing(cells, shuffle):
    observations = observed(place(dict(zip("ABC", cells, strict=True)))).with_row_index("at")
    order = list(range(observations.height))
    shuffle.shuffle(order)
    shuffled = public(observations[order], [SHARE], WHOLES)
    assert shuffled["at"].to_list() == order
    assert shuffled.sort("at").equals(public(observations, [SHARE], WHOLES))


def companion(observations: pl.DataFrame) -> pl.DataFrame:
    """The same people, counted by another indicator of the family: everybody over all of them."""
    return observations.with_columns(indicator=pl.lit("other"), numerator="denominator", value=pl.lit(1.0))


@given(st.tuples(CELL, CELL, CELL))
@settings(deadline=None, max_examples=60)
def test_a_count_under_two_names_is_hidden_under_both_or_neither(cells):
    observations = observed(place(dict(zip("ABC", cells, strict=True))))
    both = pl.concat([observations, companion(observations)])
    got = public(both, [SHARE, replace(SHARE, id="other")], WHOLES)
    here, there = got.filter(indicator="share"), got.filter(indicator="other")
    assert here["denominator"].equals(there["denominator"])
    assert there["numerator"].equals(there["denominator"], check_names=False)
