"""Ambulance conveyances of the priority cohorts to emergency departments, categories 3 and 4."""

from dataclasses import replace
from datetime import date
from typing import Any

import narwhals as nw

from metrics.cohorts import ANY, COHORT, COHORT_CAUTIONS, PER_PERSON_MONTHS, members_only, person_months
from metrics.indicator import CountingRule, Feeds, Indicator
from metrics.people import PEOPLE, with_people

CATEGORIES_3_AND_4 = ("C3", "C4")
PROFESSIONAL_CALLS = ("HCP1", "HCP2", "HCP3", "HCP4", "IFT1", "IFT2", "IFT3", "IFT4")
"""Calls by health care professionals, and transfers between hospitals, have levels of their own."""
BY_AMBULANCE = ("1048031000000100", "1048041000000109", "1048051000000107")
"""SNOMED CT arrival modes: by emergency road ambulance, with and without medical escort, and by air."""
URGENT_OR_STANDARD = ("1064901000000108", "1077241000000103")
"""SNOMED CT triage acuities that the NNHIP guide calls "category 3" and "category 4"."""
EMERGENCY_DEPARTMENTS = ("01", "02", "03")
PERSON = ("person_id", "age", "sex", "ethnic_group", "lsoa_code")


def conveyances(categories: tuple[str, ...]) -> CountingRule:
    """Incidents of these categories conveyed to an emergency department, of members on the day."""

    def events(feeds: Feeds) -> nw.LazyFrame[Any]:
        conveyed = (
            feeds["ambulance_incidents"]
            .filter(
                nw.col("response_category").is_in(categories),
                nw.col("disposition") == "conveyed_ed",
            )
            .select(
                *PERSON,
                "incident_id",
                "practice_code",
                "provider_code",
                "ambulance_service_code",
                on=nw.col("call_datetime").dt.date(),
                numerator=nw.lit(1),
            )
        )
        return with_people(members_only(conveyed, feeds, "incident_id"), feeds)

    return events


def arrivals_by_ambulance(feeds: Feeds) -> nw.LazyFrame[Any]:
    """Arrivals by ambulance triaged urgent or standard, of members on the day of arrival."""
    arrived = (
        feeds["emergency_care_attendances"]
        .filter(
            nw.col("arrival_mode").is_in(BY_AMBULANCE),
            nw.col("acuity").is_in(URGENT_OR_STANDARD),
            nw.col("department_type").is_in(EMERGENCY_DEPARTMENTS),
        )
        .select(
            *PERSON,
            "attendance_id",
            "practice_code",
            "provider_code",
            on=nw.col("arrival_datetime").dt.date(),
            numerator=nw.lit(1),
        )
    )
    return with_people(members_only(arrived, feeds, "attendance_id"), feeds)


MAIN = Indicator(
    id="ambulance_conveyances",
    national_target=5,
    version="1",
    title="Category 3 and 4 ambulance conveyances to emergency departments, priority cohorts",
    short_title="Ambulance conveyances",
    meaning="Ambulance calls of category 3 (urgent) or 4 (less urgent) that ended at an emergency "
    "department, of people in the priority cohorts. They are counted for each 1,000 person-months in them.",
    why="Many such calls can be met at home by a neighbourhood team, sparing the patient the journey.",
    better="lower",
    kind="rate",
    per=PER_PERSON_MONTHS,
    unit="conveyances per 1,000 cohort person-months",
    event="conveyance",
    feeds=("ambulance_incidents", "cohort_memberships"),
    events=conveyances(CATEGORIES_3_AND_4),
    at_risk=person_months,
    unpublished="The national ambulance file (AmbSYS) counts conveyances, but not by category and not by "
    "cohort. It can only be context.",
    headline={"cohort": ANY},
    breakdowns=(COHORT, *PEOPLE),
    target_note="No size of reduction is set: judged by signals against the baseline, with no target line.",
    definition_status="local_proxy",
    source="Our reading of the Neighbourhood Health Framework (England, March 2026): the national "
    "ambulance file does not split conveyance by category",
    owner="Urgent and emergency care lead",
    checked_by="Not yet checked by a clinician",
    next_review=date(2027, 3, 31),
    numerator_title="Conveyances to an emergency department",
    denominator_title="Person-months of membership",
    cautions=("Calls by professionals and transfers (HCP, IFT) are counted apart.", *COHORT_CAUTIONS),
)

PROFESSIONALS = replace(
    MAIN,
    id="ambulance_conveyances_hcp",
    title="Conveyances to emergency departments after calls by professionals and transfers, priority cohorts",
    short_title="Conveyances (HCP, IFT)",
    meaning="Conveyances of cohort members to an emergency department after a call by a health care "
    "professional or for a transfer between hospitals (levels HCP1 to 4 and IFT1 to 4).",
    why="Shows whether conveyances moved from the public's calls to professionals' calls.",
    events=conveyances(PROFESSIONAL_CALLS),
    target_note="A companion: no target is set for it.",
    cautions=COHORT_CAUTIONS,
    role="companion",
    of=MAIN.id,
)

NNHIP = replace(
    MAIN,
    id="ambulance_conveyances_nnhip",
    title="Arrivals by ambulance triaged urgent or standard (NNHIP proxy), priority cohorts",
    short_title="Ambulance arrivals (NNHIP)",
    meaning="Attendances of cohort members at an emergency department who came by ambulance and were triaged "
    "urgent or standard, for each 1,000 person-months of membership.",
    unit="arrivals per 1,000 cohort person-months",
    event="arrival",
    feeds=("emergency_care_attendances", "cohort_memberships"),
    events=arrivals_by_ambulance,
    definition_status="nearest_official",
    source="NNHIP Measurement Guide; department types 1 to 3 are our reading of emergency department",
    numerator_title="Arrivals by ambulance triaged urgent or standard",
    cautions=(
        "Triage acuity at the door is not the ambulance service's dispatch category.",
        *COHORT_CAUTIONS,
    ),
    role="second_definition",
    of=MAIN.id,
)

INDICATORS = (MAIN, PROFESSIONALS, NNHIP)
