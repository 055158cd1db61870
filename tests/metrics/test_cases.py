"""Every line of every table of cases counts as the table says."""

import polars as pl
import pytest
from case_tables import Case, tables
from feeds import all_frames, as_feeds

from metrics.counting import count
from metrics.indicators import all_indicators

TABLES = tables()
CASES = [pytest.param(one, id=f"{one.indicator}: {one.case}") for lines in TABLES.values() for one in lines]


def test_every_indicator_has_a_table_of_cases():
    missing = [id for id in all_indicators() if id not in TABLES]
    assert not missing, f"write tests/cases/<id>.md for: {', '.join(missing)}"


def test_every_table_is_of_an_indicator():
    assert [name for name in TABLES if name not in all_indicators()] == []


@pytest.mark.parametrize("case", CASES)
def test_case(case: Case):
    indicator = all_indicators()[case.indicator]
    frames = all_frames(**{case.feed: [case.given]}, cohort_memberships=case.memberships)
    counted = count(indicator, as_feeds(frames)).filter(pl.col("numerator").is_not_null(), breakdown="all")
    if all(number is None for number in case.expected.values()):
        assert counted.is_empty(), f"{case.case}: not to be counted"
    wanted = {name: number or 0 for name, number in case.expected.items()}
    found = {name: counted[name].sum() for name in wanted}
    assert found == wanted, case.case
