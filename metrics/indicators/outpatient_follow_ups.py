"""Follow-up outpatient attendances without a procedure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import narwhals as nw

from metrics.codes import one_of
from metrics.indicator import Breakdown, Feeds, Indicator, Target
from metrics.people import PEOPLE, deprivation_quintile, registered_age_band, sex, with_people
from metrics.specialties import OTHER, TREATMENT_FUNCTIONS

FOLLOW_UP = ("2", "4")
"""FIRST ATTENDANCE CODE: follow-up face to face, follow-up by telephone or video."""
ATTENDED = ("5", "6")
"""ATTENDED OR DID NOT ATTEND CODE: seen, and seen though late."""
NHS_PATIENT = "01"
EXCLUDED = frozenset(
    "812 501 560 700 710 711 712 713 715 720 721 722 723 724 725 726 727 199 499".split()  # noqa: SIM905
)
"""Treatment functions outside the measure: diagnostic imaging, maternity, mental health, non-UK providers."""
NOT_CONSULTANT_LED = ("560", "950", "960")
"""Main specialties of midwives, nurses and allied health professionals."""


def follow_ups(feeds: Feeds) -> nw.LazyFrame[Any]:
    """Attended follow-ups that carry the attendance tariff (WF), so no procedure was done."""
    return _follow_ups(feeds, nw.col("healthcare_resource_group").str.starts_with("WF"))


def consultant_led_follow_ups(feeds: Feeds) -> nw.LazyFrame[Any]:
    """Attended consultant-led follow-ups with no procedure recorded, whatever their tariff."""
    return _follow_ups(
        feeds,
        ~nw.col("main_specialty_code").is_in(NOT_CONSULTANT_LED),
        nw.col("primary_procedure").is_null() | (nw.col("primary_procedure") == ""),
    )


def _follow_ups(feeds: Feeds, *which: nw.Expr) -> nw.LazyFrame[Any]:
    function = nw.col("treatment_function_code").fill_null("")
    attended = feeds["outpatient_appointments"].filter(
        one_of(nw.col("first_attendance"), FOLLOW_UP),
        one_of(nw.col("attendance_status"), ATTENDED),
        nw.col("administrative_category") == NHS_PATIENT,
        ~function.is_in(sorted(EXCLUDED)),
        *which,
    )
    named = nw.when(function.is_in(list(TREATMENT_FUNCTIONS))).then(function).otherwise(nw.lit(OTHER))
    return with_people(
        attended.with_columns(on=nw.col("appointment_date"), specialty=named, numerator=nw.lit(1)), feeds
    )


def registered(feeds: Feeds, periods: Sequence[date]) -> nw.LazyFrame[Any]:
    """Patients registered in each month, in the breakdowns the register is given by."""
    return (
        feeds["registered_population"]
        .filter(nw.col("period").is_in(list(periods)))
        .with_columns(
            on=nw.col("period"),
            age_band=registered_age_band(nw.col("age_band")),
            sex=sex(nw.col("sex")),
            deprivation_quintile=deprivation_quintile(nw.col("deprivation_quintile")),
            denominator=nw.col("patients"),
        )
    )


MAIN = Indicator(
    id="outpatient_follow_ups",
    national_target=2,
    version="1",
    title="Follow-up outpatient attendances without a procedure",
    short_title="Outpatient follow-ups",
    meaning="Follow-up visits that patients made to outpatients, and at which no procedure was done. They "
    "are counted for each working day; for an area, also for each 1,000 people registered there.",
    why="Follow-ups of little use to the patient take time from those waiting for a first appointment.",
    better="lower",
    kind="pace",
    per=1000,
    unit="attendances per working day (per 1,000 registered patients)",
    event="attendance",
    feeds=("outpatient_appointments", "registered_population"),
    events=follow_ups,
    at_risk=registered,
    unpublished="No published file read here gives follow-ups without a procedure by month. None "
    "gives them for a provider, or for the people on a practice's list.",
    breakdowns=(
        Breakdown(
            name="specialty",
            title="Specialty",
            labels={**TREATMENT_FUNCTIONS, OTHER: "Other specialties"},
            at_risk="whole",
        ),
        *(replace(one, at_risk="none") if one.name == "ethnic_group" else one for one in PEOPLE),
    ),
    targets=(
        Target(
            change=-0.10,
            due=date(2027, 3, 1),
            since=date(2026, 4, 1),
            set_by="Neighbourhood Health Framework (England, March 2026)",
        ),
    ),
    target_note="10% below each organisation's own baseline. No source states the baseline's months.",
    definition_status="nearest_official",
    source="NHS England, outpatient follow-up reduction (OPFU), 2023/24 planning definition",
    owner="Elective care lead",
    checked_by="Not yet checked by a clinician",
    next_review=date(2027, 3, 31),
    numerator_title="Follow-up attendances without a procedure",
    denominator_title="Working days (times thousands of registered patients)",
    cautions=(
        "Working days are those of England, without bank holidays.",
        "By ethnic group there are counts for trusts only: the register of patients does not hold it.",
    ),
)

NNHIP = replace(
    MAIN,
    id="outpatient_follow_ups_nnhip",
    title="Consultant-led follow-up attendances without a procedure (NNHIP)",
    short_title="Follow-ups (NNHIP)",
    meaning="As the main measure, but consultant-led only, and without a procedure by the clinical coding "
    "instead of the tariff.",
    events=consultant_led_follow_ups,
    source="Our reading of the NNHIP Measurement Guide: consultant-led is any main specialty but 560, 950 "
    "and 960; no procedure is no OPCS code; all else as OPFU 2023/24",
    role="second_definition",
    of=MAIN.id,
)

INDICATORS = (MAIN, NNHIP)
