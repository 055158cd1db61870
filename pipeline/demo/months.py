"""The months of the synthetic region, and how busy each of their days is."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays
import numpy as np
from numpy.typing import NDArray

from pipeline.demo.story import FIRST_MONTH, LAST_MONTH

CLINIC_BY_WEEKDAY = np.array([1.02, 1.10, 1.08, 1.03, 0.90, 0.035, 0.015])
EMERGENCY_BY_WEEKDAY = np.array([1.09, 1.02, 0.99, 0.98, 0.98, 0.96, 0.98])
DISCHARGE_BY_WEEKDAY = np.array([1.02, 1.06, 1.07, 1.09, 1.22, 0.82, 0.72])
CLINIC_ON_BANK_HOLIDAY = 0.03
MEAN_CLINIC_DAYS = 21.6
"""A month's usual sum of clinic weights: 253 working days a year and a few at weekends."""

CLINIC_BY_MONTH = np.array([1.02, 1.02, 1.01, 1.0, 1.01, 1.01, 0.99, 0.96, 1.01, 1.02, 1.02, 0.95])
EMERGENCY_BY_MONTH = np.array([1.00, 1.00, 1.02, 0.99, 1.02, 1.02, 1.02, 0.96, 0.99, 1.01, 1.01, 0.98])
ADMISSION_BY_MONTH = np.array([1.07, 1.03, 1.02, 0.99, 0.98, 0.96, 0.96, 0.95, 0.97, 1.00, 1.03, 1.07])
FOUR_HOUR_BY_MONTH = np.array([-0.05, -0.03, -0.01, 0.01, 0.02, 0.03, 0.03, 0.03, 0.01, -0.01, -0.02, -0.06])
"""January to December; the first three multiply a volume, the last is added to a share."""


@dataclass(frozen=True, slots=True)
class Month:
    """One month: its number from April 2023, its days (since 1970) and the weight of each day by setting."""

    number: int
    first: date
    days: NDArray[np.int32]
    clinic: NDArray[np.float64]
    emergency: NDArray[np.float64]
    discharge: NDArray[np.float64]

    @property
    def calendar(self) -> int:
        """0 for January to 11 for December."""
        return self.first.month - 1

    @property
    def label(self) -> str:
        """The year and month as file names have them: `2026-04`."""
        return f"{self.first:%Y-%m}"

    @property
    def file_label(self) -> str:
        """History comes a financial year to a file, `2023-24`; from April 2026 a month to a file."""
        if self.first >= date(2026, 4, 1):
            return self.label
        year = self.first.year - (self.first.month < 4)
        return f"{year}-{(year + 1) % 100:02d}"


def day_number(day: date) -> int:
    """Days since 1 January 1970."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


@cache
def months() -> tuple[Month, ...]:
    """April 2023 to September 2026, in order."""
    years = range(FIRST_MONTH.year, LAST_MONTH.year + 1)
    closed = np.array(
        sorted(day_number(day) for day in holidays.country_holidays("GB", subdiv="ENG", years=years)),
        np.int32,
    )
    count = (LAST_MONTH.year - FIRST_MONTH.year) * 12 + LAST_MONTH.month - FIRST_MONTH.month + 1
    return tuple(_month(number, closed) for number in range(count))


def _month(number: int, closed: NDArray[np.int32]) -> Month:
    first = _first_of(number)
    days = np.arange(day_number(first), day_number(_first_of(number + 1)), dtype=np.int32)
    weekday = (days + 3) % 7  # 1 January 1970 was a Thursday
    shut = np.isin(days, closed)
    clinic = np.where(shut, CLINIC_ON_BANK_HOLIDAY, CLINIC_BY_WEEKDAY[weekday])
    discharge = np.where(shut, 0.75, DISCHARGE_BY_WEEKDAY[weekday])
    return Month(number, first, days, clinic, EMERGENCY_BY_WEEKDAY[weekday], discharge)


def _first_of(number: int) -> date:
    year, month = divmod(FIRST_MONTH.year * 12 + FIRST_MONTH.month - 1 + number, 12)
    return date(year, month + 1, 1)
