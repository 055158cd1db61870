"""Emergency admissions and bed days of the priority cohorts."""

from dataclasses import replace
from datetime import date
from typing import Any

import narwhals as nw

from metrics.codes import one_of
from metrics.cohorts import ANY, COHORT, COHORT_CAUTIONS, PER_PERSON_MONTHS, members_only, person_months
from metrics.dates import days_between
from metrics.indicator import Breakdown, CountingRule, Feeds, Indicator, Target
from metrics.people import PEOPLE, with_people

EMERGENCY = ("21", "22", "23", "24", "25", "28", "2A", "2B", "2C", "2D")
"""ADMISSION METHOD CODE: emergency."""
NON_ELECTIVE = (*EMERGENCY, "31", "32", "81", "82", "83")
"""Adds maternity, birth and transfers, which NHS England's wider `non-elective` takes in."""
SAME_DAY, OVERNIGHT = "0", "1+"


def admissions(methods: tuple[str, ...]) -> CountingRule:
    """Each finished spell of a cohort member, in the month of discharge."""
    return lambda feeds: _stays(feeds, methods).with_columns(numerator=nw.lit(1))


def bed_days(methods: tuple[str, ...]) -> CountingRule:
    """Length of stay in days, all credited to the month of discharge."""
    return lambda feeds: _stays(feeds, methods).with_columns(numerator=nw.col("days"))


def occupied_bed_days(feeds: Feeds) -> nw.LazyFrame[Any]:
    """Nights of finished emergency spells in the months they fell in, of members on the last night there.

    A stay reaches back over the months in which spells were discharged at all, as those are the months at
    hand.
    """
    spells = _spells(feeds, EMERGENCY).filter(nw.col("days") > 0)
    discharges = feeds["inpatient_spells"].select(
        month=nw.col("discharge_date").dt.truncate("1mo").cast(nw.Date)
    )
    months = discharges.unique().with_columns(following=nw.col("month").dt.offset_by("1mo").cast(nw.Date))
    first = _later(nw.col("admission_date"), nw.col("month"))
    leave = nw.when(nw.col("discharge_date") < nw.col("following")).then(nw.col("discharge_date"))
    nights = (
        spells.join(months, how="cross")
        .filter(nw.col("admission_date") < nw.col("following"), nw.col("discharge_date") > nw.col("month"))
        .with_columns(leave=leave.otherwise(nw.col("following")), first=first)
        .with_columns(
            numerator=days_between(nw.col("first"), nw.col("leave")),
            on=nw.col("leave").dt.offset_by("-1d").cast(nw.Date),
            night=nw.concat_str("spell_id", nw.col("month").cast(nw.String), separator=" "),
        )
    )
    return with_people(members_only(nights, feeds, "night"), feeds)


def _later(one: nw.Expr, other: nw.Expr) -> nw.Expr:
    return nw.when(one > other).then(one).otherwise(other)


def _spells(feeds: Feeds, methods: tuple[str, ...]) -> nw.LazyFrame[Any]:
    columns = ("spell_id", "person_id", "admission_date", "discharge_date", "provider_code", "practice_code")
    days = days_between(nw.col("admission_date"), nw.col("discharge_date"))
    return (
        feeds["inpatient_spells"]
        .filter(one_of(nw.col("admission_method"), methods))
        .select(*columns, "age", "sex", "ethnic_group", "lsoa_code", days=days, on=nw.col("discharge_date"))
    )


def _stays(feeds: Feeds, methods: tuple[str, ...]) -> nw.LazyFrame[Any]:
    stays = members_only(_spells(feeds, methods), feeds, "spell_id")
    band = nw.when(nw.col("days") == 0).then(nw.lit(SAME_DAY)).otherwise(nw.lit(OVERNIGHT))
    return with_people(stays.with_columns(length_of_stay=band), feeds)


SET_BY = "Neighbourhood Health Framework (England, March 2026)"
OUR_READING = "Our reading of the NNHIP Measurement Guide: "

ADMISSIONS = Indicator(
    id="cohort_admissions",
    national_target=3,
    version="1",
    title="Emergency admissions of people in the priority cohorts",
    short_title="Cohort admissions",
    meaning="Emergency stays of one night or more, of people who are frail, in care homes, "
    "housebound or near the end of life. They are counted for each 1,000 person-months in these cohorts.",
    why="For these people a night in hospital often does harm that care at home would have spared.",
    better="lower",
    kind="rate",
    per=PER_PERSON_MONTHS,
    unit="admissions per 1,000 cohort person-months",
    event="admission",
    feeds=("inpatient_spells", "cohort_memberships"),
    events=admissions(EMERGENCY),
    at_risk=person_months,
    unpublished="No published file says which patients are in the four cohorts, or how many people are.",
    headline={"cohort": ANY, "length_of_stay": OVERNIGHT},
    breakdowns=(
        COHORT,
        Breakdown(
            name="length_of_stay",
            title="Length of stay",
            labels={SAME_DAY: "Same day", OVERNIGHT: "One night or more"},
            sums=False,
            at_risk="whole",
            note="The headline is one night or more: same-day emergency care is being re-recorded "
            "elsewhere, which would flatter the figure.",
        ),
        *PEOPLE,
    ),
    targets=(Target(change=-0.10, due=date(2029, 3, 1), since=date(2026, 4, 1), set_by=SET_BY),),
    target_note="10% below each organisation's own baseline. No source states the baseline's months.",
    definition_status="nearest_official",
    source="NNHIP Measurement Guide: emergency admissions of the four cohorts, by admission method and "
    "month of discharge",
    owner="Neighbourhood health lead",
    checked_by="Not yet checked by a clinician",
    next_review=date(2027, 3, 31),
    numerator_title="Emergency admissions of one night or more",
    denominator_title="Person-months of membership",
    cautions=COHORT_CAUTIONS,
)

NON_ELECTIVE_ADMISSIONS = replace(
    ADMISSIONS,
    id="cohort_admissions_non_elective",
    title="Non-elective admissions of people in the priority cohorts",
    short_title="Admissions (non-elective)",
    meaning="As the main measure, with maternity, birth and transfer admissions added to emergencies.",
    events=admissions(NON_ELECTIVE),
    source=OUR_READING + "non-elective adds admission methods 31, 32, 81, 82 and 83",
    numerator_title="Non-elective admissions of one night or more",
    role="second_definition",
    of=ADMISSIONS.id,
)

SAME_DAY_ADMISSIONS = replace(
    ADMISSIONS,
    id="cohort_admissions_same_day",
    title="Same-day emergency admissions of people in the priority cohorts",
    short_title="Admissions (same day)",
    meaning="Emergency admissions of cohort members who went home on the day they came.",
    why="Shows whether a fall in admissions is matched by stays re-recorded as same-day care.",
    events=admissions(EMERGENCY),
    headline={"cohort": ANY, "length_of_stay": SAME_DAY},
    breakdowns=tuple(one for one in ADMISSIONS.breakdowns if one.name != "length_of_stay"),
    targets=(),
    target_note="A companion: no target is set for it.",
    numerator_title="Emergency admissions with no night",
    role="companion",
    of=ADMISSIONS.id,
)

BED_DAYS = replace(
    ADMISSIONS,
    id="cohort_bed_days",
    title="Emergency bed days of people in the priority cohorts",
    short_title="Cohort bed days",
    meaning="Days in hospital after an emergency admission, of people who are frail, in care homes, "
    "housebound or near the end of life. They are counted for each 1,000 person-months in these cohorts.",
    unit="bed days per 1,000 cohort person-months",
    event="bed day",
    events=bed_days(EMERGENCY),
    headline={"cohort": ANY},
    breakdowns=(COHORT, *PEOPLE),
    numerator_title="Days from admission to discharge",
    cautions=("All days of a stay count in the month of discharge.", *COHORT_CAUTIONS),
    source="NNHIP Measurement Guide: length of stay of emergency admissions of the four cohorts, in the "
    "month of discharge",
)

NON_ELECTIVE_BED_DAYS = replace(
    BED_DAYS,
    id="cohort_bed_days_non_elective",
    title="Non-elective bed days of people in the priority cohorts",
    short_title="Bed days (non-elective)",
    meaning="As the main measure, with maternity, birth and transfer admissions added to emergencies.",
    events=bed_days(NON_ELECTIVE),
    source=OUR_READING + "non-elective adds admission methods 31, 32, 81, 82 and 83",
    role="second_definition",
    of=BED_DAYS.id,
)

OCCUPIED_BED_DAYS = replace(
    BED_DAYS,
    id="cohort_bed_days_occupied",
    title="Emergency bed days of the priority cohorts, in the months they fell in",
    short_title="Bed days (occupied)",
    meaning="Nights in hospital after an emergency admission, counted in the month of each night.",
    why="A long stay that ends this month does not make this month look worse than it was.",
    events=occupied_bed_days,
    source=OUR_READING + "nights spread over months instead of credited to the month of discharge",
    numerator_title="Nights in hospital in the month",
    reaches_back=True,
    provisional_months=2,
    cautions=(
        "Only finished stays are known: the newest months rise as patients still in hospital are discharged.",
        *COHORT_CAUTIONS,
    ),
    role="second_definition",
    of=BED_DAYS.id,
)

INDICATORS = (
    ADMISSIONS,
    NON_ELECTIVE_ADMISSIONS,
    SAME_DAY_ADMISSIONS,
    BED_DAYS,
    NON_ELECTIVE_BED_DAYS,
    OCCUPIED_BED_DAYS,
)
