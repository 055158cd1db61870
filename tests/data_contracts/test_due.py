"""By which day a feed's month should have arrived."""

from datetime import date

import polars as pl
import pytest

from data_contracts.contract import all_contracts, load_contract


@pytest.mark.parametrize(
    ("feed", "today", "month"),
    [
        ("ae_monthly", date(2026, 10, 20), date(2026, 8, 1)),
        ("ae_monthly", date(2026, 10, 21), date(2026, 9, 1)),
        ("drd", date(2026, 11, 20), date(2026, 8, 1)),
        ("drd", date(2026, 11, 21), date(2026, 9, 1)),
        ("outpatient_referrals", date(2027, 1, 1), date(2026, 10, 1)),
        ("neighbourhood_map", date(2026, 10, 21), None),
    ],
)
def test_the_newest_month_due(feed, today, month):
    assert load_contract(feed).due(today) == month


def test_on_every_day_the_newest_month_due_is_the_last_that_ended_long_enough_ago():
    days = pl.date_range(date(2024, 1, 1), date(2025, 12, 31), "1d", eager=True)
    starts = pl.date_range(date(2023, 1, 1), date(2025, 12, 1), "1mo", eager=True)
    for contract in all_contracts().values():
        if contract.latency_days is None:
            continue
        ends = dict(zip(starts, starts.dt.month_end(), strict=True))
        for day in days:
            old = [start for start, end in ends.items() if (day - end).days >= contract.latency_days]
            assert contract.due(day) == max(old)
