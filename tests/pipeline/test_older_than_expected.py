"""A published feed is older than expected when the month that should be out by now is not here."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.export import freshness
from pipeline.fetching.publications import Usual
from pipeline.load import load_files
from warehouse.home import Home

MADE = Path(__file__).parents[1] / "data"
SECOND_THURSDAY = Usual(2, 3, 1)


@pytest.mark.parametrize(
    ("today", "newest"),
    [
        (date(2025, 7, 16), date(2025, 5, 1)),  # June's figures came on the 10th; a week's grace
        (date(2025, 7, 17), date(2025, 6, 1)),
        (date(2025, 8, 20), date(2025, 6, 1)),
        (date(2025, 8, 21), date(2025, 7, 1)),
        (date(2026, 1, 15), date(2025, 12, 1)),
        (date(2026, 1, 14), date(2025, 11, 1)),
    ],
)
def test_the_newest_month_that_should_be_out(today, newest):
    assert SECOND_THURSDAY.newest(today) == newest


def test_status_says_which_published_feed_is_older_than_expected(tmp_path, demo_files):
    home = Home.open(tmp_path / "home")
    load_files(home, [MADE / "ae_monthly" / "2025_no_total_row.csv", demo_files / "organisations.parquet"])
    for today, older in ((date(2025, 7, 31), False), (date(2025, 8, 31), True)):
        rows = {row["feed"]: row for row in freshness(home, today).to_dicts()}
        assert rows["ae_monthly"]["older_than_expected"] is older
        assert rows["organisations"]["older_than_expected"] is None
    assert rows["ae_monthly"]["expected_month"] == date(2025, 7, 1)
    home.close()
