"""Days between dates, on any engine: durations have no common way to be read as whole days."""

from calendar import monthrange
from datetime import date

import narwhals as nw


def days_between(earlier: nw.Expr, later: nw.Expr) -> nw.Expr:
    """Whole days from one date to another (Int64); negative when they are the other way round."""
    return day_number(later) - day_number(earlier)


def day_number(day: nw.Expr) -> nw.Expr:
    """Days since the first day of year 1, by the Gregorian rule for leap years."""
    past = day.dt.year().cast(nw.Int64) - 1
    return past * 365 + past // 4 - past // 100 + past // 400 + day.dt.ordinal_day().cast(nw.Int64)


def last_day(period: date) -> date:
    """Last day of the month that begins on `period`."""
    return period.replace(day=monthrange(period.year, period.month)[1])
