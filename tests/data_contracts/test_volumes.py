"""A month with implausibly few or many rows refuses the file."""

from datetime import date

import polars as pl
import pytest

from data_contracts.contract import load_contract
from data_contracts.gate import hold
from data_contracts.volumes import shares
from tests.data_contracts.valid import context, valid

FEED = "outpatient_referrals"
YEAR = {date(2025 + month // 12, month % 12 + 1, 1): 1000 for month in range(8, 20)}  # Sep 2025 to Aug 2026


def file_of(*months: tuple[date, int]) -> pl.DataFrame:
    dates = [month for month, rows in months for _ in range(rows)]
    return valid(FEED, len(dates)).with_columns(received_date=pl.Series(dates))


def held(frame: pl.DataFrame, usual: dict[date, int]):
    return hold(frame, load_contract(FEED), context(usual_rows=usual))


@pytest.mark.parametrize(
    ("rows", "outcome"), [(499, "refused"), (500, "accepted"), (2000, "accepted"), (2001, "refused")]
)
def test_a_month_is_judged_by_the_median_of_the_twelve_before(rows, outcome):
    usual = YEAR | {date(2026, 3, 1): 10, date(2020, 1, 1): 10**9}
    result = held(file_of((date(2026, 9, 1), rows)), usual)
    assert result.outcome == outcome
    if outcome == "refused":
        assert result.reasons == (
            f"a month has implausibly few or many rows: September 2026 has {rows:,} where 1,000 are usual",
        )
        assert result.accepted.is_empty()


def test_with_too_few_months_before_it_is_judged_by_what_is_held_for_the_month_itself():
    few = {date(2026, 8, 1): 1000, date(2026, 7, 1): 1000}
    assert held(file_of((date(2026, 9, 1), 300)), few).outcome == "accepted"
    assert held(file_of((date(2026, 9, 1), 300)), few | {date(2026, 9, 1): 900}).outcome == "refused"


def test_a_correction_of_a_wrong_month_is_judged_by_the_others():
    assert held(file_of((date(2026, 9, 1), 1000)), YEAR | {date(2026, 9, 1): 100}).outcome == "accepted"


def test_months_of_one_file_are_judged_by_each_other():
    months = [(date(2026, month, 1), 400) for month in range(1, 9)]
    assert held(file_of(*months), {}).outcome == "accepted"
    result = held(file_of(*months[:-1], (date(2026, 8, 1), 20)), {})
    assert result.outcome == "refused"
    assert "August 2026 has 20 where 400 are usual" in result.reasons[0]


def test_small_differences_are_chance():
    usual = dict.fromkeys(YEAR, 60)
    assert held(file_of((date(2026, 9, 1), 5)), usual).outcome == "accepted"


def test_a_snapshot_is_judged_by_what_is_held():
    contract = load_contract("cohort_memberships")
    frame = valid("cohort_memberships")
    assert hold(frame, contract, context(usual_rows={date(2026, 9, 1): 210})).outcome == "accepted"
    result = hold(frame, contract, context(usual_rows={date(2026, 9, 1): 1000}))
    assert result.outcome == "refused"
    assert "it has 200 where 1,000 are usual" in result.reasons[0]


def test_a_request_counts_in_the_month_it_was_processed():
    contract = load_contract("specialist_advice_requests")
    frame = valid("specialist_advice_requests", 4).with_columns(
        request_date=pl.lit(date(2026, 8, 31)),
        processed_date=pl.Series([date(2026, 9, 2), None, None, date(2026, 8, 31)]),
    )
    assert dict(shares(frame, contract, {}).select("period", "rows").iter_rows()) == {
        date(2026, 8, 1): 3,
        date(2026, 9, 1): 1,
    }
