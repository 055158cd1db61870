"""Days between dates and working days, against the standard library."""

from datetime import date, timedelta

import duckdb
import narwhals as nw
import polars as pl
import pytest

from metrics.dates import days_between, last_day
from metrics.working_days import working_days

DAYS = [date(1999, 12, 25) + timedelta(step) for step in range(0, 11_000, 7)]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_days_between_agrees_with_the_calendar(engine: str):
    frame = pl.DataFrame({"earlier": DAYS, "later": DAYS[::-1]})
    connection = duckdb.connect()
    connection.register("dates", frame.to_arrow())
    lazy = nw.from_native(frame.lazy() if engine == "polars" else connection.table("dates"))
    found = lazy.select("earlier", days=days_between(nw.col("earlier"), nw.col("later"))).collect("polars")
    expected = {one: (other - one).days for one, other in zip(DAYS, DAYS[::-1], strict=True)}
    assert dict(found.to_native().iter_rows()) == expected


@pytest.mark.parametrize(
    ("period", "days"),
    [
        (date(2024, 2, 1), 21),  # leap year
        (date(2025, 4, 1), 20),  # Good Friday and Easter Monday
        (date(2025, 12, 1), 21),
        (date(2022, 6, 1), 20),  # a moved spring holiday and the Platinum Jubilee
        (date(2023, 5, 1), 20),  # the coronation
        (date(2021, 12, 1), 21),  # Christmas and Boxing Day in lieu
        (date(2026, 6, 1), 22),
    ],
)
def test_working_days_of_england(period: date, days: int):
    assert working_days(period) == days


def test_last_day_of_a_month():
    assert [last_day(date(2024, month, 1)).day for month in (2, 4, 12)] == [29, 30, 31]
