"""Leaving hospital on the day one is ready: the Discharge Ready Date."""

from dataclasses import replace
from datetime import date
from typing import Any

import narwhals as nw

from metrics.dates import days_between
from metrics.indicator import Feeds, Indicator
from metrics.people import PEOPLE, with_people

RECORDED_SINCE = date(2023, 4, 1)
ADULT = 16
ORDINARY_ADMISSION = "1"
DIED = ("4", "5")
"""DISCHARGE METHOD CODE: died, stillbirth."""
ANOTHER_HOSPITAL = ("49", "50", "51", "52", "53", "84", "87")
"""DISCHARGE DESTINATION CODE: the stay goes on elsewhere."""

READY, LEFT = nw.col("discharge_ready_date"), nw.col("discharge_date")


def on_the_day(feeds: Feeds) -> nw.LazyFrame[Any]:
    """Discharges with a valid ready date; those who left on it in the numerator."""
    return _discharges(feeds).with_columns(numerator=_when(VALID & (READY == LEFT)), denominator=_when(VALID))


def delay_of_the_delayed(feeds: Feeds) -> nw.LazyFrame[Any]:
    """Days from ready to discharge, over discharges later than ready."""
    return _discharges(feeds).with_columns(numerator=DELAY, denominator=_when(VALID & (READY < LEFT)))


def delay_of_all(feeds: Feeds) -> nw.LazyFrame[Any]:
    """Days from ready to discharge, over all discharges with a valid ready date."""
    return _discharges(feeds).with_columns(numerator=DELAY, denominator=_when(VALID))


def completeness(feeds: Feeds) -> nw.LazyFrame[Any]:
    """Discharges with a valid ready date, over all that should have one."""
    return _discharges(feeds).with_columns(numerator=_when(VALID), denominator=nw.lit(1))


PUBLISHED_LEVELS = ("england", "region", "system", "place", "provider")


def published_on_the_day(feeds: Feeds) -> nw.LazyFrame[Any]:
    """NHS England's monthly figures: on the day, over discharges from trusts with acceptable data."""
    return _published(feeds).with_columns(numerator=nw.col("on_the_day"), denominator=nw.col("discharges"))


def published_delay_of_the_delayed(feeds: Feeds) -> nw.LazyFrame[Any]:
    """NHS England's monthly figures: days of delay, over those discharged after the day."""
    return _published(feeds).with_columns(
        numerator=nw.col("delay_days"), denominator=nw.col("discharges") - nw.col("on_the_day")
    )


def published_delay_of_all(feeds: Feeds) -> nw.LazyFrame[Any]:
    """NHS England's monthly figures: days of delay, over all discharged."""
    return _published(feeds).with_columns(numerator=nw.col("delay_days"), denominator=nw.col("discharges"))


def _published(feeds: Feeds) -> nw.LazyFrame[Any]:
    """Each organisation at the level it is published at.

    Providers do not add up to England in every month, nor places in any: residents of other countries and
    of nowhere known are in no place. A trust and the residents of one place are no level.
    """
    return (
        feeds["drd"]
        .filter(nw.col("level").is_in(list(PUBLISHED_LEVELS)))
        .with_columns(
            on=nw.col("period"),
            organisation=nw.col("organisation_code"),
            reporting=nw.col("acceptable_trusts"),
            expected=nw.col("trusts"),
        )
    )


def _when(holds: nw.Expr) -> nw.Expr:
    return nw.when(holds).then(1).otherwise(0)


VALID = (
    ~READY.is_null()
    & (nw.lit(RECORDED_SINCE) <= READY)
    & (nw.col("admission_date") <= READY)
    & (READY <= LEFT)
)
"""An invalid date leaves both sides of the measure: taking it for "no delay" would flatter."""

DELAY = nw.when(VALID).then(days_between(READY, LEFT)).otherwise(0)


def _discharges(feeds: Feeds) -> nw.LazyFrame[Any]:
    """Adults' ordinary stays of a night or more that ended alive and not in another hospital."""
    eligible = feeds["inpatient_spells"].filter(
        nw.col("age") >= ADULT,
        nw.col("admission_date") < LEFT,
        nw.col("patient_classification") == ORDINARY_ADMISSION,
        ~nw.col("discharge_method").fill_null("").is_in(DIED),
        ~nw.col("discharge_destination").fill_null("").is_in(ANOTHER_HOSPITAL),
    )
    dated = eligible.with_columns(on=LEFT, valid=_when(VALID), eligible=nw.lit(1))
    return with_people(dated, feeds)


ON_THE_DAY = Indicator(
    id="discharged_on_ready_date",
    national_target=6,
    version="1",
    title="Patients discharged on their discharge ready date",
    short_title="Discharged on ready date",
    meaning="Of adults who left hospital alive after a night or more, the share who left on the day they "
    "were ready to.",
    why="Every day in hospital past being ready costs strength and independence, and holds a bed others "
    "need.",
    better="higher",
    kind="proportion",
    unit="% of discharges with a valid ready date",
    event="discharge",
    feeds=("inpatient_spells",),
    events=on_the_day,
    published=published_on_the_day,
    published_feeds=("drd",),
    breakdowns=PEOPLE,
    target_note="A national metric; no size of improvement is set.",
    definition_status="official",
    source="NHS England, Discharge Ready Date monthly publication: methodology",
    owner="Discharge lead",
    checked_by="Not yet checked by a clinician",
    next_review=date(2027, 3, 31),
    numerator_title="Discharged on the ready date",
    denominator_title="Discharges with a valid ready date",
    least_complete=0.8,
    cautions=(
        "A ready date that is missing, before April 2023, before admission or after discharge is left out "
        "of both sides.",
        "Where fewer than 80% of discharges have a valid date there is no verdict.",
        "Published figures count only trusts with acceptable data (120 to 129 of 135 in 2024); places add up "
        "to 94% to 97% of England, for some patients live elsewhere or nowhere known.",
    ),
)

DELAY_OF_DELAYED = replace(
    ON_THE_DAY,
    id="discharge_delay",
    title="Days from ready to discharge, delayed patients",
    short_title="Discharge delay",
    meaning="Of adults who left hospital after the day they were ready to, the mean number of days they "
    "waited.",
    better="lower",
    kind="mean",
    unit="days",
    event="day of delay",
    events=delay_of_the_delayed,
    published=published_delay_of_the_delayed,
    numerator_title="Days of delay",
    denominator_title="Discharges after the ready date",
    cautions=(
        *ON_THE_DAY.cautions,
        "With no delayed discharges there is no mean.",
    ),
)

DELAY_OF_ALL = replace(
    DELAY_OF_DELAYED,
    id="discharge_delay_all",
    title="Days from ready to discharge, all patients (Better Care Fund)",
    short_title="Delay, all discharges",
    meaning="Of adults who left hospital, the mean number of days between being ready and leaving, those "
    "who left on the day counted as 0.",
    events=delay_of_all,
    published=published_delay_of_all,
    source="Better Care Fund metric: the share delayed times the mean delay of the delayed",
    denominator_title="Discharges with a valid ready date",
    cautions=ON_THE_DAY.cautions,
    role="companion",
    of=DELAY_OF_DELAYED.id,
)

COMPLETENESS = replace(
    ON_THE_DAY,
    id="discharge_completeness",
    title="Discharges with a valid discharge ready date",
    short_title="Ready date completeness",
    meaning="Of the discharges that should have a discharge ready date, the share that have a valid one.",
    why="A measure of discharge is worth as much as the dates it is built on.",
    unit="% of eligible discharges",
    events=completeness,
    published=None,
    published_feeds=(),
    unpublished="Published files hold valid dates alone; they give how many trusts were good enough.",
    numerator_title="Discharges with a valid ready date",
    denominator_title="Discharges that should have one",
    least_complete=None,
    cautions=(),
    role="companion",
    of=ON_THE_DAY.id,
)

INDICATORS = (ON_THE_DAY, DELAY_OF_DELAYED, DELAY_OF_ALL, COMPLETENESS)
