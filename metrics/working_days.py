"""Working days of a month in England: Monday to Friday, without bank holidays."""

from datetime import date, timedelta
from functools import cache

import holidays


@cache
def working_days(period: date) -> int:
    """Working days in England in the month that begins on `period`.

    Bank holidays come from the `holidays` library (GB, England), which keeps the moved and one-off days too.
    """
    bank_holidays = holidays.country_holidays("GB", subdiv="ENG", years=period.year)
    following = (period.replace(day=28) + timedelta(days=4)).replace(day=1)
    days = (period + timedelta(days=number) for number in range((following - period).days))
    return sum(day.weekday() < 5 and day not in bank_holidays for day in days)
