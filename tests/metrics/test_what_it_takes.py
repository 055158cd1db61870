"""What closing a distance would take, against plain Python and by hand."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.indicator import KOfN
from metrics.indicators import all_indicators
from metrics.what_it_takes import DAYS, SERIES, year_to_rule, year_to_target

DECLARED = all_indicators()
SHARE = next(one for one in DECLARED.values() if one.kind == "proportion" and one.better == "higher")
RATE = next(one for one in DECLARED.values() if one.kind == "rate" and one.event == "bed day")
MEAN = next(one for one in DECLARED.values() if one.kind == "mean")
KEYS = {
    "indicator": "i", "definition_version": "1", "basis": "local", "level": "neighbourhood",
    "organisation": "N1", "breakdown": "all", "category": "all",
}  # fmt: skip


def months(pairs, status="final", organisation="N1", first=date(2025, 4, 1)):
    rows = []
    for at, (r, n) in enumerate(pairs):
        period = date(first.year + (first.month - 1 + at) // 12, (first.month - 1 + at) % 12 + 1, 1)
        value = None if not n else r / n
        rows.append({**KEYS, "organisation": organisation, "period": period, "numerator": r, "denominator": n,
                     "value": value, "status": status})  # fmt: skip
    return pl.DataFrame(
        rows, schema_overrides={"numerator": pl.Float64, "denominator": pl.Float64, "value": pl.Float64}
    )


def aimed(target, organisation="N1"):
    return pl.DataFrame(
        {**KEYS, "organisation": organisation, "target": target, "target_due": date(2027, 3, 1)}
    )


def one(indicator, observations, target):
    (row,) = year_to_target(indicator, observations, aimed(target)).to_dicts()
    return row


def test_by_hand_patients_more_within_four_hours():
    # 70 of 100 each month, 840 of 1,200 a year; 82% would be 984.
    row = one(SHARE, months([(70.0, 100.0)] * 14), 0.82)
    assert (row["events"], row["denominator"], row["value"]) == (840, 1200, 0.7)
    assert row["needed"] == pytest.approx(144)
    assert row["beds"] is None
    assert (row["first"], row["last"]) == (date(2025, 6, 1), date(2026, 5, 1))


def test_by_hand_bed_days_amount_to_beds():
    # 500 bed days among 1,000 person-months, a rate of 500 per 1,000; 450 would be 600 fewer a year.
    row = one(RATE, months([(500.0, 1000.0)] * 12), 450.0)
    assert row["value"] == pytest.approx(500)
    assert row["needed"] == pytest.approx(600)
    assert row["beds"] == pytest.approx(600 / DAYS)


def test_there_already_is_nothing_more_to_do():
    assert one(SHARE, months([(90.0, 100.0)] * 12), 0.82)["needed"] == 0


@pytest.mark.parametrize(
    "observations",
    [
        months([(70.0, 100.0)] * 11),
        months([(70.0, 100.0)] * 12, status="provisional"),
        months([(70.0, None)] * 12),
        pl.concat([months([(70.0, 100.0)] * 6), months([(70.0, 100.0)] * 6, first=date(2025, 11, 1))]),
    ],
    ids=["eleven months", "provisional", "no denominator", "a gap"],
)
def test_without_a_whole_final_year_nothing_is_said(observations):
    assert one(SHARE, observations, 0.82)["needed"] is None


def test_without_a_target_or_for_a_mean_nothing_is_said():
    assert one(SHARE, months([(70.0, 100.0)] * 12), None)["needed"] is None
    assert one(MEAN, months([(70.0, 100.0)] * 12), 0.5)["needed"] is None


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(500, 900)), min_size=12, max_size=30),
    st.floats(0.05, 0.95),
    st.sampled_from(["higher", "lower"]),
)
def test_against_plain_python(pairs, target, better):
    indicator = replace(SHARE, better=better)
    row = one(indicator, months([(float(r), float(n)) for r, n in pairs]), target)
    r, n = (sum(pair[side] for pair in pairs[-12:]) for side in (0, 1))
    short = target * n - r if better == "higher" else r - target * n
    assert row["needed"] == pytest.approx(max(short, 0.0), abs=1e-9)


def test_many_series_at_once_are_each_as_alone():
    a, b = months([(70.0, 100.0)] * 12), months([(50.0, 100.0)] * 12, organisation="N2")
    together = year_to_target(SHARE, pl.concat([a, b]), pl.concat([aimed(0.82), aimed(0.9, "N2")]))
    assert together["needed"].to_list() == pytest.approx([144, 480])
    assert together.select(SERIES).is_unique().all()


RULED = replace(SHARE, k_of_n=KOfN(breakdown="specialty", least=2, categories=("100", "110", "120")))


def of_parts(needed):
    rows = [{**KEYS, "breakdown": "specialty", "category": c, "needed": n} for c, n in needed.items()]
    return pl.DataFrame(rows, schema_overrides={"needed": pl.Float64})


@pytest.mark.parametrize(
    ("needed", "told"),
    [
        ({"100": 30.0, "110": 10.0, "120": 25.0}, 35.0),
        ({"100": 0.0, "110": 0.0, "120": 25.0}, 0.0),
        ({"100": 30.0, "110": None, "120": 25.0}, 55.0),
        ({"100": 30.0, "110": None, "120": None}, None),
        ({"100": 30.0, "110": 4.0, "999": 1.0}, 34.0),
    ],
)
def test_a_rule_over_categories_needs_what_the_nearest_of_them_lack(needed, told):
    """The pooled share may be at the target while the specialties are not: it is not there."""
    whole = year_to_target(RULED, months([(90.0, 100.0)] * 12), aimed(0.82))
    assert whole["needed"].item() == 0
    found = year_to_rule(RULED, whole, of_parts(needed))
    assert found["needed"].item() == told
    assert found.columns == whole.columns
    assert found.drop("needed").equals(whole.drop("needed"))


def test_without_a_rule_there_is_nothing_to_hold_it_to():
    whole = year_to_target(RATE, months([(9.0, 100.0)] * 12), aimed(80.0))
    with pytest.raises(ValueError, match="no k-of-n rule"):
        year_to_rule(RATE, whole, of_parts({"100": 1.0}))
