"""What a forecast rests on: final months, short gaps bridged, long ones not; and why there is none."""

import polars as pl
import pytest
from forecast_series import SHARE, month, series

from metrics.forecast import forecast
from metrics.forecast_history import histories

LEVEL = 0.75


def reason(observed: pl.DataFrame, organisation: str = "A") -> str | None:
    made = histories(observed, SHARE).series
    return made.filter(pl.col("organisation") == organisation)["reason"].item()


@pytest.mark.parametrize(
    ("values", "provisional", "expected"),
    [
        ([LEVEL] * 24, 0, None),
        ([LEVEL] * 23, 0, "23 months of final values; a forecast needs 24."),
        ([LEVEL], 0, "1 month of final values; a forecast needs 24."),
        ([LEVEL] * 24, 1, "23 months of final values; a forecast needs 24."),
        ([None] * 30, 0, "No final values yet; a forecast needs 24 months."),
        ([LEVEL] * 12 + [None] + [LEVEL] * 12, 0, None),
        ([LEVEL] * 12 + [None] + [LEVEL] * 11, 0, "23 months of final values; a forecast needs 24."),
        ([LEVEL] * 12 + [None] * 2 + [LEVEL] * 12, 0, None),
        (
            [LEVEL] * 30 + [None] * 3 + [LEVEL] * 20,
            0,
            "20 months of final values since the gap before January 2024; a forecast needs 24.",
        ),
        ([LEVEL] * 5 + [None] * 3 + [LEVEL] * 24, 0, None),
        ([LEVEL, None] * 30, 0, "29 of the last 59 months are missing."),
    ],
)
def test_when_there_is_no_forecast_the_reason_is_a_sentence(values, provisional, expected):
    assert reason(series(values, provisional=provisional)) == expected


def test_a_series_that_stopped_is_not_forecast():
    running, stopped, late = (
        series([LEVEL] * n, name) for n, name in ((60, "running"), (53, "stopped"), (54, "late"))
    )
    together = pl.concat([running, stopped, late])
    assert reason(together, "stopped") == "No final value since August 2025."
    assert reason(together, "late") is None
    assert reason(together, "running") is None


def test_a_series_without_a_forecast_has_its_row_and_no_months():
    observed = pl.concat([series([LEVEL] * 40), series([LEVEL] * 10, "B", first=30)])
    made = forecast(observed, SHARE, month(50))
    assert made.without.select("organisation", "usable_months", "last_period").rows() == [
        ("B", 10, month(39))
    ]
    assert made.months["organisation"].unique().to_list() == ["A"]


def test_a_bridge_is_straight_and_is_counted():
    observed = series([0.5] * 20 + [None] * 2 + [0.8] * 10)
    made = histories(observed, SHARE)
    bridged = made.months.filter(pl.col("value").is_null())["working"]
    ends = made.months["working"].gather([19, 22])
    step = (ends[1] - ends[0]) / 3
    assert bridged.to_list() == pytest.approx([ends[0] + step, ends[0] + 2 * step])
    assert made.series.select("usable_months", "filled_months").row(0) == (30, 2)


def test_only_the_last_six_years_count():
    made = histories(series([0.2] * 30 + [0.8] * 72), SHARE)
    assert made.months.height == 72
    assert made.months["value"].unique().to_list() == [0.8]
