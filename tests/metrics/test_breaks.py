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


def test_a_break_of_some_trusts_is_theirs_and_their_areas():
    some = Break(period=date(2019, 5, 1), text="Did not report.", providers=("RA1",))
    assert some.concerns("provider", "RA1")
    assert not some.concerns("provider", "RA2")
    assert some.concerns("region", "Y56")
    assert not Break(period=date(2019, 5, 1), text="Merged.", level="system").concerns("provider", "RA1")


def test_the_trusts_of_the_field_test_are_those_whose_zeros_are_not_read():
    from metrics.indicators.four_hour_ed import FIELD_TEST
    from pipeline.sources.ae_monthly.layout import NOT_REPORTING

    assert set(FIELD_TEST) == set(NOT_REPORTING)
