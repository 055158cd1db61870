"""No charted value is a rolling window: a month's figure is made of that month's counts and nothing else.

SPC rests on months that are independent of each other (METHODS 1): overlapping windows are not.
"""

import polars as pl
import pytest
from feeds import as_feeds
from generated import MONTHS, region
from polars.testing import assert_frame_equal

from metrics import geography
from metrics.counting import count
from metrics.indicators import all_indicators
from metrics.observations import roll_up

ORDER = ["level", "organisation", "period", "breakdown", "category"]


@pytest.mark.parametrize("id", list(all_indicators()))
def test_a_month_alone_gives_the_figure_it_has_among_others(id: str):
    indicator, frames = all_indicators()[id], region(7, 120)
    feeds, changes = as_feeds(frames), geography.change_dates(frames["neighbourhood_map"])
    reference = frames["organisations"], frames["neighbourhood_map"]
    whole = roll_up(indicator, count(indicator, feeds, MONTHS, changes), *reference, MONTHS[-1])
    assert whole["value"].count() > 0
    for month in MONTHS:
        alone = roll_up(indicator, count(indicator, feeds, [month], changes), *reference, MONTHS[-1])
        among = whole.filter(pl.col("period") == month)
        assert_frame_equal(alone.sort(ORDER), among.sort(ORDER), check_exact=False)
