"""Outpatient referrals diverted: specialist advice in place of a hospital appointment."""

from dataclasses import replace
from datetime import date
from typing import Any

import narwhals as nw

from metrics.indicator import Breakdown, Feeds, Indicator, KOfN, Target
from metrics.observations import ENGLAND
from metrics.specialties import TREATMENT_FUNCTIONS

EDITIONS = {
    date(2025, 4, 1): ("110", "130", "120", "502", "330", "100", "101", "320", "301", "400"),
}
"""High-volume specialties by the date each list took effect; all history is counted on the newest."""

SPECIALTIES = EDITIONS[max(EDITIONS)]
COLUMNS = ("on", "practice_code", "provider_code", "specialty")
ONE, NOUGHT = nw.lit(1), nw.lit(0)


def diverted_and_referred(feeds: Feeds) -> nw.LazyFrame[Any]:
    """Diverted requests by the day they were processed, and referrals by the day they were received."""
    diverted = _processed(feeds).filter(nw.col("diverted")).select(*COLUMNS, numerator=ONE, denominator=ONE)
    referred = _of_specialties(feeds, "outpatient_referrals", "received_date")
    return nw.concat([diverted, referred.select(*COLUMNS, numerator=NOUGHT, denominator=ONE)])


def diverted_of_processed(feeds: Feeds) -> nw.LazyFrame[Any]:
    """Every processed request by the day it was processed; diverted ones in the numerator."""
    diverted = nw.when(nw.col("diverted")).then(1).otherwise(0)
    return _processed(feeds).select(*COLUMNS, numerator=diverted, denominator=ONE)


ASKED, ANSWERED = "specialist_advice_by_system", "specialist_advice_by_provider"
"""The two published views. They do not reconcile: each gives its own levels, and they are never added."""


def published_diverted_of_processed(feeds: Feeds) -> nw.LazyFrame[Any]:
    """NHS England's monthly figures: flagged diverted, over flagged processed, of the listed specialties."""
    levels = []
    if ASKED in feeds:
        asked = _published_of_specialties(feeds, ASKED)
        levels += [
            asked.with_columns(level=nw.lit("system")),
            asked.with_columns(level=nw.lit("england"), organisation=nw.lit(ENGLAND)),
        ]
    if ANSWERED in feeds:
        levels.append(_published_of_specialties(feeds, ANSWERED).with_columns(level=nw.lit("provider")))
    return nw.concat(levels)


def _published_of_specialties(feeds: Feeds, feed: str) -> nw.LazyFrame[Any]:
    listed = feeds[feed].filter(nw.col("treatment_function_code").is_in(SPECIALTIES))
    return listed.select(
        on=nw.col("period"),
        organisation=nw.col("organisation_code"),
        specialty=nw.col("treatment_function_code"),
        numerator=nw.col("diverted"),
        denominator=nw.col("processed"),
    )


def requests_and_first_attendances(feeds: Feeds) -> nw.LazyFrame[Any]:
    """Processed requests by the day they were processed, and first attendances by their day."""
    attended = _of_specialties(feeds, "outpatient_appointments", "appointment_date").filter(
        nw.col("first_attendance").is_in(["1", "3"]), nw.col("attendance_status").is_in(["5", "6"])
    )
    requests = _processed(feeds).select(*COLUMNS, numerator=ONE, denominator=NOUGHT)
    return nw.concat([requests, attended.select(*COLUMNS, numerator=NOUGHT, denominator=ONE)])


def _processed(feeds: Feeds) -> nw.LazyFrame[Any]:
    requests = _of_specialties(feeds, "specialist_advice_requests", "processed_date")
    return requests.filter(nw.col("processed"), ~nw.col("on").is_null())


def _of_specialties(feeds: Feeds, feed: str, day: str) -> nw.LazyFrame[Any]:
    listed = feeds[feed].filter(nw.col("treatment_function_code").is_in(SPECIALTIES))
    return listed.with_columns(on=nw.col(day), specialty=nw.col("treatment_function_code"))


MAIN = Indicator(
    id="outpatient_diversion",
    national_target=1,
    version="1",
    title="Outpatient referrals diverted by specialist advice, ten high-volume specialties",
    short_title="Outpatient diversion",
    meaning="A hospital specialist can be asked for advice, or be sent the patient by referral. This is the "
    "share of both that advice settled, so that the patient joined no waiting list.",
    why="Advice within days, near home, spares patients a wait and a journey, and keeps clinics for those "
    "who need them.",
    better="higher",
    kind="proportion",
    unit="% of requests and referrals",
    event="diverted request",
    feeds=("specialist_advice_requests", "outpatient_referrals"),
    events=diverted_and_referred,
    unpublished="System EROC counts specialist advice, but not the referrals to divide by. The share of "
    "processed requests that were diverted can be shown beside it.",
    breakdowns=(
        Breakdown(
            name="specialty",
            title="Specialty",
            labels={code: TREATMENT_FUNCTIONS[code] for code in SPECIALTIES},
        ),
    ),
    targets=(
        Target(
            level=0.25,
            due=date(2027, 3, 1),
            since=date(2026, 4, 1),
            set_by="Neighbourhood Health Framework (England, March 2026)",
        ),
    ),
    k_of_n=KOfN(breakdown="specialty", least=10, categories=SPECIALTIES),
    target_note="Each of at least 10 high-volume specialties is to reach 25%; the pooled share is shown "
    "beside.",
    definition_status="local_proxy",
    source="Our reading of the Neighbourhood Health Framework (England, March 2026): its technical annex "
    "is not to hand, so neither the share nor the specialties are the official ones",
    owner="Elective care lead",
    checked_by="Not yet checked by a clinician",
    next_review=date(2027, 3, 31),
    numerator_title="Diverted requests",
    denominator_title="Diverted requests and referrals received",
    provisional_months=2,
    cautions=(
        "Requests count in the month they were processed, referrals in the month they were received.",
        "Processing lags: the last two months are provisional.",
        "A referral returned with advice after triage counts both as diverted and as a referral received.",
        "Population levels count by the practice that asked or referred.",
    ),
)

PROCESSED = replace(
    MAIN,
    id="outpatient_diversion_processed",
    title="Specialist advice requests that ended in diversion",
    short_title="Diverted of processed",
    meaning="Of the specialist advice requests processed, the share after which the patient was not added "
    "to a waiting list.",
    why="Shows whether advice settles the question; nationally 44 to 50%, so this cannot be what 25% means.",
    unit="% of processed requests",
    feeds=("specialist_advice_requests",),
    events=diverted_of_processed,
    published=published_diverted_of_processed,
    published_feeds=(ASKED, ANSWERED),
    targets=(),
    target_note="A companion: no target is set for it.",
    k_of_n=None,
    source="NHS England, System e-RS and specialist advice activity (EROC): processed requests and "
    "diversions",
    denominator_title="Processed requests",
    role="companion",
    of=MAIN.id,
    cautions=(
        *MAIN.cautions[1:2],
        "Published figures: systems count the requests their practices raised, providers those they "
        "answered; the two do not reconcile, and England is the sum of systems.",
        "The target's own share cannot be published: System EROC has no referrals to divide by.",
    ),
)

PER_FIRST = replace(
    PROCESSED,
    id="outpatient_diversion_per_first",
    title="Specialist advice requests per 100 first outpatient attendances",
    short_title="Advice per 100 firsts",
    meaning="Specialist advice requests processed for every 100 first outpatient attendances.",
    why="Shows how much specialist advice is used at all, before asking how often it diverts.",
    kind="mean",
    per=100,
    unit="requests per 100 first attendances",
    event="request",
    feeds=("specialist_advice_requests", "outpatient_appointments"),
    events=requests_and_first_attendances,
    published=None,
    published_feeds=(),
    unpublished="System EROC has no first attendances to set requests against.",
    cautions=MAIN.cautions[1:2],
    numerator_title="Processed requests",
    denominator_title="First attendances",
    source="Our reading of NHS England's specialist advice utilisation rate, counted by month of processing",
)

INDICATORS = (MAIN, PROCESSED, PER_FIRST)
