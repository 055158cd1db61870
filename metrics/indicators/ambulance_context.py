"""All ambulance responses, whoever the patient: what the national file can say beside the target."""

from dataclasses import replace
from typing import Any

import narwhals as nw

from metrics.indicator import CountingRule, Feeds
from metrics.indicators.ambulance_conveyances import CATEGORIES_3_AND_4, MAIN, PERSON
from metrics.people import PEOPLE, with_people

FACE_TO_FACE = ("see_and_treat", "conveyed_ed", "conveyed_elsewhere")
"""Dispositions of incidents that somebody went to, as AmbSYS A56 = A53 + A54 + A55 has them."""


def responses(holds: nw.Expr) -> CountingRule:
    """Incidents with a face-to-face response; those of which something holds in the numerator."""

    def events(feeds: Feeds) -> nw.LazyFrame[Any]:
        seen = feeds["ambulance_incidents"].filter(nw.col("disposition").is_in(FACE_TO_FACE))
        counted = seen.select(
            *PERSON,
            "practice_code",
            "provider_code",
            "ambulance_service_code",
            on=nw.col("call_datetime").dt.date(),
            numerator=nw.when(holds).then(1).otherwise(0),
            denominator=nw.lit(1),
        )
        return with_people(counted, feeds)

    return events


def published(of: tuple[str, ...], among: str) -> CountingRule:
    """NHS England's monthly items: the sum of some over another, each organisation at its own level."""

    def events(feeds: Feeds) -> nw.LazyFrame[Any]:
        item, value = nw.col("item"), nw.col("value")
        return (
            feeds["ambsys"]
            .filter(item.is_in([*of, among]))
            .with_columns(
                on=nw.col("period"),
                organisation=nw.col("organisation_code"),
                numerator=nw.when(item.is_in(of)).then(value).otherwise(0),
                denominator=nw.when(item == among).then(value).otherwise(0),
            )
        )

    return events


CONVEYED = replace(
    MAIN,
    id="ambulance_conveyed_share",
    title="Ambulance responses that ended at an emergency department, all patients",
    short_title="Conveyed of responses",
    meaning="Of incidents that an ambulance service went to, the share taken to an emergency department: "
    "every patient and every category.",
    why="Shows whether conveyance falls for everybody, or for the priority cohorts alone.",
    kind="proportion",
    per=1,
    unit="% of face-to-face responses",
    event="conveyance",
    feeds=("ambulance_incidents",),
    events=responses(nw.col("disposition") == "conveyed_ed"),
    at_risk=None,
    headline={},
    breakdowns=PEOPLE,
    published=published(("A53",), "A56"),
    published_feeds=("ambsys",),
    unpublished="",
    target_note="A companion: no target is set for it.",
    definition_status="nearest_official",
    source="NHS England, Ambulance Quality Indicators (AmbSYS): A53 over A56",
    numerator_title="Transported to an emergency department",
    denominator_title="Face-to-face responses",
    cautions=(
        "Context, not the target: the national file splits conveyance neither by category nor by cohort.",
        "Local records count calls by professionals and transfers too; which of them AmbSYS counts is its "
        "own matter, so the two are not compared to the last incident.",
    ),
    role="companion",
    of=MAIN.id,
)

CATEGORIES = replace(
    CONVEYED,
    id="ambulance_category_share",
    title="Category 3 and 4 among ambulance responses, all patients",
    short_title="Category 3 and 4 of responses",
    meaning="Of incidents that an ambulance service went to, the share of category 3 (urgent) or 4 (less "
    "urgent): every patient, wherever they were taken.",
    why="Shows how much of the service's work the target is about. More in other categories lowers it too.",
    event="response",
    events=responses(nw.col("response_category").is_in(CATEGORIES_3_AND_4)),
    published=published(("A11", "A12"), "A56"),
    source="NHS England, Ambulance Quality Indicators (AmbSYS): A11 and A12 over A56",
    numerator_title="Category 3 and 4 responses",
)

INDICATORS = (CONVEYED, CATEGORIES)
