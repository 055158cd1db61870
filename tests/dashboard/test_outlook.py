"""A forecast is said as a chance, never a promise, with how such forecasts did before."""

from datetime import date

import polars as pl

from dashboard.charts import trajectory
from dashboard.outlook import HOW_TO_READ, Outlook
from dashboard.palette import LIGHT
from metrics.indicators import all_indicators
from warehouse import forecasts

SHARE = next(
    one for one in all_indicators().values() if one.kind == "proportion" and one.targets and not one.k_of_n
)
POOLED = next(one for one in all_indicators().values() if one.k_of_n)
MONTHS = pl.DataFrame({"period": pl.date_range(date(2026, 10, 1), date(2027, 3, 1), "1mo", eager=True)})
FAN = MONTHS.with_columns(
    pl.lit(level).alias(name)
    for name, level in {
        "mean": 0.79, "lower_80": 0.74, "upper_80": 0.84, "lower_95": 0.71, "upper_95": 0.86
    }.items()
)  # fmt: skip
RECORD = {
    "reason": None,
    "verdict": "beats naive",
    "tests": 2,
    "tested_months": 24,
    "tested_ahead": 12,
    "coverage_80": 0.79,
    "smoothing_error": 0.033,
    "naive_error": 0.047,
}
CHANCE = {"target_due": date(2027, 3, 1), "target": 0.82, "chance": 0.31, "reason": None}
LATER = {"target_due": date(2029, 3, 1), "target": 0.85, "chance": 0.1, "reason": None}
NOW = date(2026, 9, 1)


def test_the_chance_of_the_next_target():
    said = Outlook(FAN, RECORD, [LATER, CHANCE]).chance(SHARE, False, NOW)
    assert said == "On current variation, the chance of being at 82% or more in March 2027 is about 3 in 10."
    assert "pooled figure" in Outlook(FAN, RECORD, [CHANCE]).chance(POOLED, False, NOW)


def test_never_a_promise_and_its_record_beside_it():
    outlook = Outlook(FAN, RECORD, [CHANCE])
    said = " ".join([outlook.tested(SHARE), outlook.alt(SHARE, False, NOW), HOW_TO_READ])
    assert " will " not in said
    assert "79% of 24 months in 2 tests, up to 12 months ahead" in said
    assert "between 74.0% and 84.0% in 8 of 10 cases" in said


def test_without_a_forecast_the_reason_is_said():
    bare = Outlook(FAN.clear(), {"reason": "12 months of final values; a forecast needs 24."}, [])
    assert bare.missing == "There is no forecast. 12 months of final values; a forecast needs 24."
    assert bare.chance(SHARE, False, NOW) == bare.tested(SHARE) == ""
    assert "None has been made" in Outlook(FAN.clear(), None, []).missing
    refused = CHANCE | {"chance": None, "reason": "Not forecast."}
    assert Outlook(FAN, RECORD, [refused]).chance(SHARE, False, NOW).endswith("Not forecast.")


def test_where_naive_is_not_beaten_it_says_so():
    assert "nothing beat repeating" in Outlook(FAN, RECORD | {"verdict": "naive not beaten"}, []).tested(
        SHARE
    )


def test_the_fan_has_a_table_and_is_on_the_chart():
    table = Outlook(FAN, RECORD, []).table(SHARE, False)
    assert table["8 in 10 between"][0] == "74.0% to 84.0%"
    series = pl.DataFrame(
        {"period": [NOW], "value": [0.78], "path": [0.82], "target": [0.82], "status": ["final"]}
    )
    labels = {"actual": "Actual 78%", "path": "Path", "target": "Target 82%"}
    drawn = trajectory.main_chart(
        series,
        LIGHT,
        unit="",
        texts=[""],
        labels=labels,
        proportion=True,
        forecast=FAN,
    )
    names = [trace.name for trace in drawn.data]
    assert names.count("Forecast 80%") == names.count("Forecast 95%") == 2
    assert drawn.layout.xaxis.range[1] >= date(2027, 3, 1)


def plan_row(due: date, chance: float | None, target: float = 0.8, reason: str | None = None) -> dict:
    row = {"aim": forecasts.OWN_PLAN, "target_due": due, "target": target, "chance": chance}
    return row | {"chance_together": None, "reason": reason}


def test_the_chance_against_an_own_plan_names_its_level_and_date():
    rows = [plan_row(date(2027, 9, 1), 0.2, 0.81), plan_row(date(2027, 3, 1), 0.44)]
    said = Outlook(FAN, RECORD, [CHANCE], rows).own_plan(SHARE, False, NOW)
    assert said == (
        "Against its own plan, 80% by March 2027: about 4 in 10; 81% by September 2027: about 2 in 10."
    )
    without = [plan_row(date(2030, 9, 1), None, reason="The forecast ends before the target's date.")]
    said = Outlook(FAN, RECORD, [], without).own_plan(SHARE, False, NOW)
    assert said.endswith("own plan. The forecast ends before the target's date.")
    assert Outlook(FAN, RECORD, [], rows).own_plan(SHARE, False, date(2028, 1, 1)) == ""
    assert Outlook(FAN, RECORD, []).own_plan(SHARE, False, NOW) == ""


def test_enough_categories_under_both_assumptions_or_why_not():
    def said(chance, together, reason=None) -> str:
        row = {"aim": forecasts.ENOUGH_CATEGORIES, "target_due": date(2027, 3, 1), "target": 0.25}
        row |= {"chance": chance, "chance_together": together, "reason": reason}
        return Outlook(FAN, RECORD, [], [row]).enough(POOLED, NOW)

    assert said(0.02, 0.31) == (
        "The chance that all 10 specialties are at 25% or more in March 2027 is less than 1 in 10 if each "
        "goes its own way. It is about 3 in 10 if all rise and fall together."
    )
    assert said(0.01, 0.02).endswith("It is so if each goes its own way, and if all rise and fall together.")
    assert said(None, None, "3 of the 10 have no forecast.").startswith("No chance is given that all 10 ")
    assert Outlook(FAN, RECORD, []).enough(POOLED, NOW) == ""
    assert Outlook(FAN, RECORD, []).enough(SHARE, NOW) == ""
