"""A feed is older than expected when a month is not here that its contract promises by now."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data_contracts.contract import load_contract
from pipeline.export import freshness
from pipeline.fetching.publications import publications
from pipeline.load import load_files
from warehouse.home import Home

MADE = Path(__file__).parents[1] / "data"


def test_status_says_which_feed_is_older_than_expected(tmp_path, demo_files):
    home = Home.open(tmp_path / "home")
    load_files(home, [MADE / "ae_monthly" / "2025_no_total_row.csv", demo_files / "organisations.parquet"])
    for today, older in ((date(2025, 7, 31), False), (date(2025, 8, 31), True)):
        rows = {row["feed"]: row for row in freshness(home, today).to_dicts()}
        assert rows["ae_monthly"]["older_than_expected"] is older
        assert rows["organisations"]["older_than_expected"] is None
    assert rows["ae_monthly"]["expected_month"] == date(2025, 7, 1)
    home.close()


@pytest.mark.parametrize("publication", publications().values(), ids=publications())
def test_a_feeds_contract_promises_a_month_at_most_a_week_after_its_usual_day(publication):
    promised = load_contract(publication.feed).latency_days
    months = pl.date_range(date(2024, 1, 1), date(2029, 12, 1), "1mo", eager=True)
    longest = max(
        (publication.usual.day(m) - end).days for m, end in zip(months, months.dt.month_end(), strict=True)
    )
    assert longest <= promised <= longest + 7
