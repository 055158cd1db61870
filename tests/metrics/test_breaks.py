"""A known break in a series says what changed, from the first day of a month."""

from datetime import date

import pytest

from metrics.indicator import Break
from metrics.indicators import all_indicators


@pytest.mark.parametrize(("period", "text"), [(date(2025, 11, 2), "Moved."), (date(2025, 11, 1), " ")])
def test_half_a_break_is_refused(period, text):
    with pytest.raises(ValueError, match="a break has"):
        Break(period=period, text=text)


def test_the_breaks_of_the_published_monthly_return_are_declared():
    declared = {one.period for each in all_indicators().values() for one in each.breaks}
    assert {date(2019, 5, 1), date(2023, 6, 1), date(2025, 11, 1)} <= declared
    footprints = [one for one in all_indicators()["four_hour_ed"].breaks if one.period == date(2026, 4, 1)]
    assert [(one.basis, one.level) for one in footprints] == [("published", "system")]
