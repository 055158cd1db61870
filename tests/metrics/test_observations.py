"""Roll-ups small enough to work out by hand: the checks of DEFINITIONS, statuses, footprints and zeros."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from feeds import all_frames, as_feeds, frame

from metrics.counting import SCHEMA, MissingFeed, count, count_published
from metrics.indicators import all_indicators
from metrics.observations import roll_up, roll_up_published

ALL = all_indicators()
JUNE = date(2025, 6, 1)
ORGANISATIONS = frame(
    "organisations",
    [
        {"code": "N1", "parent": "P1"},
        {"code": "P1", "level": "place", "parent": "S1"},
        {"code": "S1", "level": "system", "parent": "Y60"},
        {"code": "Y60", "level": "region", "parent": "E92000001"},
    ],
)
MAP = frame("neighbourhood_map", [{}])


def counts(*rows: dict[str, Any]) -> pl.DataFrame:
    usual = {"period": JUNE, "segment": JUNE, "practice_code": "A1", "breakdown": "all", "category": "all"}
    filled = [dict.fromkeys(SCHEMA) | usual | {"segment": row.get("period", JUNE)} | row for row in rows]
    return pl.DataFrame(filled, schema=SCHEMA)


def at(found: pl.DataFrame, level: str, **more: Any) -> dict[str, Any]:
    return found.filter(level=level, **({"breakdown": "all"} | more)).row(0, named=True)


def test_fewer_follow_ups_a_working_day():
    """DEFINITIONS: 21,000 in 21 days, then 19,800 in 22 days, is 10% fewer."""
    then, now = date(2025, 6, 1), date(2026, 6, 1)
    rows = [
        {"period": then, "numerator": 21_000, "provider_code": "RA1"},
        {"period": now, "numerator": 19_800, "provider_code": "RA1"},
        {"period": then, "denominator": 500_000},
        {"period": now, "denominator": 500_000},
    ]
    found = roll_up(ALL["outpatient_follow_ups"], counts(*rows), ORGANISATIONS, MAP)
    for level, before, after in (("provider", 1000, 900), ("neighbourhood", 2.0, 1.8)):
        assert at(found, level, period=then)["value"] == pytest.approx(before)
        assert at(found, level, period=now)["value"] == pytest.approx(after)
    assert at(found, "neighbourhood", period=then)["denominator"] == 21 * 500
    assert at(found, "provider", period=now)["denominator"] == 22


def test_discharge_delay_of_england_2024_25():
    """DEFINITIONS: 4,035,716 discharges, 546,404 delayed, 3,329,387 days: 6.09 days; BCF agrees."""
    valid, delayed, days = 4_035_716, 546_404, 3_329_387
    complete = {"valid": valid, "eligible": valid}
    delay = counts({"numerator": days, "denominator": delayed, **complete})
    share = counts({"numerator": valid - delayed, "denominator": valid, **complete})
    overall = counts({"numerator": days, "denominator": valid, **complete})
    mean = at(roll_up(ALL["discharge_delay"], delay, ORGANISATIONS, MAP), "england")["value"]
    on_day = at(roll_up(ALL["discharged_on_ready_date"], share, ORGANISATIONS, MAP), "england")["value"]
    both = at(roll_up(ALL["discharge_delay_all"], overall, ORGANISATIONS, MAP), "england")["value"]
    assert mean == pytest.approx(6.0933, abs=5e-5)
    assert both == pytest.approx((1 - on_day) * mean)


def test_no_delayed_discharges_is_no_mean():
    found = roll_up(
        ALL["discharge_delay"],
        counts({"numerator": 0, "denominator": 0, "valid": 9, "eligible": 9}),
        ORGANISATIONS,
        MAP,
    )
    assert (at(found, "england")["value"], at(found, "england")["status"]) == (None, "no_denominator")


@pytest.mark.parametrize(("valid", "status"), [(79, "insufficient_data"), (80, "final"), (100, "final")])
def test_under_80_percent_valid_is_insufficient(valid: int, status: str):
    rows = {"provider_code": "RA1", "numerator": 60, "denominator": valid, "valid": valid, "eligible": 100}
    found = at(roll_up(ALL["discharged_on_ready_date"], counts(rows), ORGANISATIONS, MAP), "provider")
    assert (found["status"], found["value"]) == (status, 60 / valid)


def test_the_last_months_of_diversion_are_provisional():
    rows = [{"period": date(2025, month, 1), "numerator": 1, "denominator": 4} for month in range(1, 7)]
    found = roll_up(ALL["outpatient_diversion"], counts(*rows), ORGANISATIONS, MAP).filter(level="england")
    assert found["status"].to_list() == ["final"] * 4 + ["provisional"] * 2
    later = roll_up(ALL["outpatient_diversion"], counts(*rows), ORGANISATIONS, MAP, date(2025, 8, 1))
    assert set(later["status"]) == {"final"}


def test_people_with_no_event_are_a_true_nought_only_in_a_loaded_month():
    members = [{"end_date": date(2025, 7, 15)}]
    spells = [{"person_id": "p9", "admission_method": "11"}]
    feeds = as_feeds(all_frames(cohort_memberships=members, inpatient_spells=spells))
    feeds["inpatient_spells"] = feeds["inpatient_spells"].with_columns(period=pl_lit(JUNE))
    months = [date(2025, 5, 1), JUNE, date(2025, 7, 1)]
    tallied = count(ALL["cohort_admissions"], feeds, months)
    found = roll_up(ALL["cohort_admissions"], tallied, ORGANISATIONS, MAP).filter(breakdown="all")
    assert found["period"].unique().to_list() == [JUNE]
    assert at(found, "neighbourhood")["numerator"] == 0
    assert at(found, "neighbourhood")["value"] == 0
    assert found.filter(organisation="unattributed").is_empty()


def pl_lit(value: Any) -> Any:
    import narwhals as nw

    return nw.lit(value)


def test_events_without_people_have_no_rate():
    tallied = counts({"numerator": 3, "provider_code": "RA1"})
    found = roll_up(ALL["cohort_admissions"], tallied, ORGANISATIONS, MAP)
    assert at(found, "neighbourhood")["value"] is None
    assert at(found, "neighbourhood")["status"] == "no_denominator"
    assert (at(found, "provider")["value"], at(found, "provider")["denominator"]) == (3, None)


def test_a_share_needs_both_of_its_feeds_in_a_month():
    from narwhals import lit

    feeds = as_feeds(all_frames(specialist_advice_requests=[{}], outpatient_referrals=[{}]))
    for name, month in (("specialist_advice_requests", JUNE), ("outpatient_referrals", date(2025, 5, 1))):
        feeds[name] = feeds[name].with_columns(period=lit(month))
    assert count(ALL["outpatient_diversion"], feeds).is_empty()


@pytest.mark.parametrize("id", ALL)
def test_a_missing_feed_is_named(id: str):
    feeds = as_feeds(all_frames())
    absent = ALL[id].feeds[-1]
    del feeds[absent]
    with pytest.raises(MissingFeed, match=absent):
        count(ALL[id], feeds)


@pytest.mark.parametrize("id", ALL)
def test_without_deprivation_only_that_breakdown_is_left_out(id: str):
    from generated import MONTHS, region

    feeds = as_feeds(region(1))
    whole = count(ALL[id], feeds, MONTHS)
    del feeds["deprivation"]
    without = count(ALL[id], feeds, MONTHS)
    rest = whole.filter(pl.col("breakdown") != "deprivation_quintile")
    assert rest.sort(rest.columns).equals(without.sort(without.columns))


def test_published_trusts_that_did_not_report_are_left_out_above():
    published = [
        {"org_code": "RA1", "attendances": 100, "over_four_hours": 20},
        {"org_code": "RA1", "attendances": 50, "over_four_hours": 0, "booked": True},
        {"org_code": "RA2", "attendances": 900, "over_four_hours": None},
        {"org_code": "RA3", "attendances": 0, "over_four_hours": 0},
        {"org_code": "RA3", "attendances": 0, "over_four_hours": None, "department_type": "02"},
    ]
    feeds = as_feeds({"ae_monthly": frame("ae_monthly", published)})
    found = roll_up_published(ALL["four_hour_ed"], count_published(ALL["four_hour_ed"], feeds))
    assert set(found["basis"]) == {"published"}
    assert at(found, "provider", organisation="RA1")["value"] == pytest.approx(130 / 150)
    silent = at(found, "provider", organisation="RA2")
    assert (silent["value"], silent["denominator"], silent["status"]) == (None, 900, "not_reported")
    empty = at(found, "provider", organisation="RA3")
    assert (empty["value"], empty["status"]) == (None, "no_denominator")
    assert at(found, "region")["denominator"] == 150
    england = at(found, "england")
    assert england["value"] == pytest.approx(130 / 150)
    assert (england["reporting"], england["expected"]) == (2, 3)
    assert england["status"] == "insufficient_data", "two of three is under four fifths"
    assert set(found["level"]) == {"provider", "region", "england"}


def test_history_stands_on_todays_trusts_and_footprints():
    organisations = pl.concat(
        [
            ORGANISATIONS.filter(pl.col("code") != "S1"),
            frame(
                "organisations",
                [
                    {"code": "S1", "level": "system", "valid_to": date(2026, 4, 1), "successor": "S2"},
                    {"code": "S2", "level": "system", "valid_to": date(2026, 7, 1), "successor": "S3"},
                    {"code": "S3", "level": "system", "parent": "Y60"},
                    {"code": "RA1", "level": "provider", "valid_to": JUNE, "successor": "RA2"},
                    {"code": "RA2", "level": "provider"},
                ],
            ),
        ]
    )
    rows = [
        {"provider_code": "RA1", "numerator": 1, "denominator": 2},
        {"provider_code": "RA2", "numerator": 1, "denominator": 3},
        {"provider_code": None, "practice_code": "A9", "numerator": 0, "denominator": 4},
    ]
    found = roll_up(ALL["four_hour_ed"], counts(*rows), organisations, MAP)
    assert at(found, "system", organisation="S3")["denominator"] == 5
    assert at(found, "region", organisation="Y60")["denominator"] == 5
    assert at(found, "provider", organisation="RA2")["denominator"] == 5
    assert at(found, "provider", organisation="unattributed")["denominator"] == 4
    assert at(found, "neighbourhood", organisation="unattributed")["denominator"] == 4
    assert at(found, "england")["denominator"] == 9
    assert found.filter(level="ambulance_service").is_empty()


def test_a_circle_of_successions_is_refused():
    circle = [{"code": "A", "successor": "B"}, {"code": "B", "successor": "A"}]
    with pytest.raises(ValueError, match="circle"):
        roll_up(
            ALL["four_hour_ed"],
            counts({"numerator": 1, "denominator": 1}),
            frame("organisations", circle),
            MAP,
        )


def test_an_indicator_without_governance_is_refused():
    with pytest.raises(ValueError, match="owner"):
        replace(ALL["four_hour_ed"], owner="")
