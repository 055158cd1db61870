"""Enough categories at the target: held against every outcome counted out, and against one tossed for all."""

from dataclasses import replace
from itertools import product
from math import prod

import numpy as np
import polars as pl
import pytest
from forecast_series import SHARE, month
from hypothesis import given
from hypothesis import strategies as st

from metrics.baseline import SERIES
from metrics.indicator import Breakdown, KOfN
from metrics.k_of_n_chance import at_least, chance_of_enough

LISTED = ("110", "120", "130")
RULED = replace(
    SHARE,
    breakdowns=(Breakdown(name="specialty", title="Specialty", labels=dict.fromkeys(LISTED, "x")),),
    k_of_n=KOfN(breakdown="specialty", least=2, categories=LISTED),
)


def counted_out(chances: list[float], least: int) -> float:
    outcomes = product((0, 1), repeat=len(chances))
    return sum(
        prod(p if yes else 1 - p for p, yes in zip(chances, outcome, strict=True))
        for outcome in outcomes
        if sum(outcome) >= least
    )


@given(st.lists(st.floats(0, 1), min_size=1, max_size=7), st.integers(0, 8))
def test_equal_to_every_outcome_counted_out(chances, least):
    found = at_least(np.array([chances, chances]), least)
    assert found == pytest.approx([counted_out(chances, least)] * 2, abs=1e-9)


def rows(organisation: str, chances: dict[str, float | None], reason: str = "12 months.") -> list[dict]:
    key = dict.fromkeys(SERIES, "x") | {"organisation": organisation, "breakdown": "specialty"}
    return [
        key
        | {"category": code, "target_due": month(72), "target": 0.25, "months_ahead": 6, "chance": chance}
        | {"reason": None if chance is not None else reason}
        for code, chance in chances.items()
    ]


def found(*given_rows: list[dict]) -> dict[str, dict]:
    frame = pl.DataFrame([row for rows in given_rows for row in rows], infer_schema_length=None)
    return {row["organisation"]: row for row in chance_of_enough(RULED, frame).iter_rows(named=True)}


def test_each_organisation_for_itself_under_both_assumptions():
    done = found(
        rows("A", {"110": 0.9, "120": 0.5, "130": 0.1}), rows("B", {"110": 1.0, "120": 1.0, "130": 0.0})
    )
    assert done["A"]["chance"] == pytest.approx(counted_out([0.9, 0.5, 0.1], 2))
    assert done["A"]["chance_together"] == 0.5, "the second likeliest of three"
    assert (done["B"]["chance"], done["B"]["chance_together"], done["B"]["reason"]) == (1, 1, None)


def test_moving_together_is_one_toss_for_all():
    chances = np.array([0.9, 0.5, 0.35])
    toss = np.random.default_rng(1).uniform(size=(20_000, 1))
    share = ((toss < chances).sum(axis=1) >= 2).mean()
    done = found(rows("A", dict(zip(LISTED, chances.tolist(), strict=True))))
    assert done["A"]["chance_together"] == pytest.approx(share, abs=0.01)


def test_a_category_without_a_chance_leaves_none_for_all_and_one_not_listed_is_left_out():
    done = found(
        rows("A", {"110": 0.9, "120": None, "130": 0.1}),
        rows("B", {"110": 0.9, "120": 0.9}),
        rows("C", {"110": 0.5, "120": 0.5, "130": 0.5, "999": None}),
        rows("D", dict.fromkeys(LISTED), "The target's month has come: see the value itself."),
    )
    assert (done["A"]["chance"], done["A"]["reason"]) == (None, "1 of the 3 have no forecast.")
    assert done["B"]["reason"] == "1 of the 3 have no forecast."
    assert done["C"]["chance"] == pytest.approx(0.5)
    assert "month has come" in done["D"]["reason"]


def test_without_a_rule_it_refuses():
    with pytest.raises(ValueError, match="no k-of-n rule"):
        chance_of_enough(SHARE, pl.DataFrame(rows("A", {"110": 0.5})))
