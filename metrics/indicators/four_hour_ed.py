"""The four-hour standard in emergency departments."""

from datetime import date
from typing import Any

import narwhals as nw

from metrics.codes import one_of
from metrics.indicator import Break, Breakdown, Feeds, Indicator, Target
from metrics.people import PEOPLE, with_people

COUNTED = {"01": "Type 1 major", "02": "Type 2 single specialty", "03": "Type 3 other and urgent treatment"}
"""EMERGENCY CARE DEPARTMENT TYPE; 05 (same day emergency care) is outside the standard."""


RETURN, SHARES = "ae_monthly", "acute_trust_mapping"


def attendances(feeds: Feeds) -> nw.LazyFrame[Any]:
    """Every attendance of types 1 to 3, booked ones included; departure exactly 4 hours on is within.

    An attendance without a departure time has not been shown to end within four hours, so it counts against.
    """
    within = nw.col("departure_datetime") <= nw.col("arrival_datetime").dt.offset_by("4h")
    counted = (
        feeds["emergency_care_attendances"]
        .filter(one_of(nw.col("department_type"), COUNTED))
        .with_columns(
            on=nw.col("arrival_datetime").dt.date(),
            numerator=nw.when(within).then(1).otherwise(0),
            denominator=nw.lit(1),
        )
    )
    return with_people(counted, feeds)


FOOTPRINTS = {
    "own": "As each provider reported",
    "acute": "Acute trusts, with local type 3 units shared among them",
}


def monthly_return(feeds: Feeds) -> nw.LazyFrame[Any]:
    """NHS England's monthly provider return; no over-four-hours figure means not reported, never none.

    In a month whose fractions are there, a second time with each unit shared among acute trusts by them.
    """
    if RETURN not in feeds:
        return _unreturned(feeds[SHARES])
    own = feeds[RETURN].with_columns(
        on=nw.col("period"),
        provider_code=nw.col("org_code"),
        numerator=nw.when(nw.col("attendances") == 0)
        .then(0)
        .otherwise(nw.col("attendances") - nw.col("over_four_hours")),
        denominator=nw.col("attendances"),
    )
    if SHARES not in feeds:
        return own
    kept = ("on", "provider_code", "region_code", "department_type", "footprint", "numerator", "denominator")
    shares = feeds[SHARES].select("period", "acute_code", "fraction", org_code=nw.col("code"))
    months = feeds[SHARES].select("period").unique()
    # A provider that is not among the units stays whole and itself.
    part = nw.col("fraction").fill_null(1.0)
    shared = (
        own.join(months, on="period", how="semi")
        .join(shares, on=["period", "org_code"], how="left")
        .with_columns(
            provider_code=nw.coalesce("acute_code", "org_code"),
            footprint=nw.lit("acute"),
            numerator=nw.col("numerator") * part,
            denominator=nw.col("denominator") * part,
        )
    )
    whole = own.with_columns(nw.col("numerator", "denominator").cast(nw.Float64), footprint=nw.lit("own"))
    return nw.concat([whole.select(*kept), shared.select(*kept)])


def _unreturned(shares: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """No rows: fractions alone count nothing."""
    return shares.filter(nw.col("fraction") < 0).select(
        on=nw.col("period"),
        provider_code=nw.col("acute_code"),
        region_code=nw.col("acute_code"),
        numerator=nw.col("fraction"),
        denominator=nw.col("fraction"),
    )


SET_BY = "NHS England, Medium Term Planning Framework and Neighbourhood Health Framework"

FIELD_TEST = (
    *("RC9", "RD3", "R0D", "RDU", "RFR", "RGR", "RGT", "RHU", "RK9", "RNQ", "RQM", "RVW", "RX1", "RXF"),
    "RYJ",
)
"""The 14 trusts of the field test, one under two codes (RD3 became R0D)."""

FOUR_HOUR_ED = Indicator(
    id="four_hour_ed",
    national_target=4,
    version="1",
    title="Emergency department attendances completed within four hours",
    short_title="Four-hour standard",
    meaning="Patients come to an emergency department or an urgent treatment centre. This is the share who "
    "were admitted, transferred or discharged within four hours of arriving.",
    why="Long waits in emergency departments harm patients, and show where care nearer home is missing.",
    better="higher",
    kind="proportion",
    unit="% of attendances",
    event="attendance",
    feeds=("emergency_care_attendances",),
    events=attendances,
    published=monthly_return,
    published_feeds=(RETURN, SHARES),
    systems_of_providers=True,
    breakdowns=(
        Breakdown(name="department_type", title="Department type", labels=COUNTED),
        Breakdown(
            name="footprint",
            title="Provider or acute trust footprint",
            labels=FOOTPRINTS,
            sums=False,
            note="Two ways of giving the same attendances to trusts, in months whose fractions are loaded.",
        ),
        *PEOPLE,
    ),
    headline={"footprint": "own"},
    targets=(
        Target(level=0.78, due=date(2026, 3, 1), since=date(2025, 4, 1), set_by=SET_BY),
        Target(level=0.82, due=date(2027, 3, 1), since=date(2026, 4, 1), set_by=SET_BY),
        Target(level=0.85, due=date(2029, 3, 1), since=date(2027, 4, 1), set_by=SET_BY),
    ),
    definition_status="official",
    source="NHS England, A&E attendances and emergency admissions monthly return: definitions; "
    "checked against England, June 2025: 75.5450% of 2,350,478 as first published, 75.5565% of 2,351,581 "
    "as revised",
    owner="Urgent and emergency care lead",
    checked_by="Checked against published national figures; not yet checked by a clinician",
    next_review=date(2027, 3, 31),
    numerator_title="Attendances completed within four hours",
    denominator_title="All attendances, types 1 to 3, booked included",
    cautions=(
        "Times are local clock times: on the two nights the clocks change, a stay across 01:00 reads an hour "
        "short or long, as it does in the national figures.",
        "The published file has breaks: 14 trusts did not report from May 2019 to May 2023; the source moved "
        "to the Emergency Care Data Set in November 2025; boards' footprints changed in April 2026.",
    ),
    breaks=(
        Break(
            period=date(2019, 5, 1),
            basis="published",
            text="14 trusts began a field test and reported no four-hour waits until May 2023.",
            providers=FIELD_TEST,
        ),
        Break(
            period=date(2023, 6, 1),
            basis="published",
            text="The 14 trusts of the field test report again.",
            providers=FIELD_TEST,
        ),
        Break(
            period=date(2025, 11, 1),
            basis="published",
            text="The source moved from the monthly return to the Emergency Care Data Set.",
        ),
        Break(
            period=date(2026, 4, 1),
            basis="published",
            level="system",
            text="Footprints changed: 12 of 42 boards closed, 6 opened. Earlier months stand on today's.",
        ),
    ),
)

INDICATORS = (FOUR_HOUR_ED,)
