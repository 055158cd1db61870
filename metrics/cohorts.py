"""Priority cohorts: who is a member on a day, and how many person-months each cohort has.

Cohorts overlap, so events and person-months come once for each cohort and once more for `any` (distinct
people). They are never summed over cohorts.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import narwhals as nw

from metrics.dates import last_day
from metrics.indicator import Breakdown, Feeds
from metrics.people import with_people

ANY = "any"
PER_PERSON_MONTHS = 1000

COHORT = Breakdown(
    name="cohort",
    title="Priority cohort",
    labels={
        ANY: "Any priority cohort",
        "frailty": "Frailty",
        "care_home": "Care home residents",
        "housebound": "Housebound",
        "end_of_life": "End of life",
    },
    sums=False,
    note="People can be in more than one cohort at once: cohorts do not add up to any priority cohort.",
)

COHORT_CAUTIONS = (
    "A cohort picked for high risk falls back by itself (regression to the mean): a fall is not proof of "
    "effect.",
    "Read the rate beside the number of people in the cohort: a register that grows takes in people at "
    "less risk.",
    "Events carry the age of the event; person-months the age at joining the cohort, plus whole years since.",
)


def members_only(events: nw.LazyFrame[Any], feeds: Feeds, key: str) -> nw.LazyFrame[Any]:
    """Events of people who are members on the day `on`: one row for each event and cohort, and one for `any`.

    `key` identifies an event, so that overlapping membership rows count it once.
    """
    memberships = feeds["cohort_memberships"].select("person_id", "cohort", "start_date", "end_date")
    joined = events.join(memberships, on="person_id").filter(
        nw.col("start_date") <= nw.col("on"),
        nw.col("end_date").is_null() | (nw.col("on") <= nw.col("end_date")),
    )
    members = joined.drop("start_date", "end_date")
    return nw.concat(
        [
            members.unique([key, "cohort"], keep="any"),
            members.with_columns(cohort=nw.lit(ANY)).unique([key], keep="any"),
        ]
    )


def person_months(feeds: Feeds, periods: Sequence[date]) -> nw.LazyFrame[Any]:
    """One row for each person, cohort and month of membership on a day at least, with `denominator` 1.

    A person with two rows in a month is counted at the practice of the latest start (then the highest code).
    """
    columns = (
        "person_id",
        "cohort",
        "start_date",
        "practice_code",
        "age",
        "sex",
        "ethnic_group",
        "lsoa_code",
    )
    memberships = feeds["cohort_memberships"]
    months = [
        memberships.filter(
            nw.col("start_date") <= nw.lit(last_day(period)),
            nw.col("end_date").is_null() | (nw.col("end_date") >= nw.lit(period)),
        ).select(
            *(column for column in columns if column != "age"),
            on=nw.lit(period),
            age=nw.col("age") + _years_since(nw.col("start_date"), period),
        )
        for period in periods
    ]
    members = nw.concat(months).with_columns(practice_code=nw.col("practice_code").fill_null(""))
    people = nw.concat([_one_each(members), _one_each(members.with_columns(cohort=nw.lit(ANY)))])
    return with_people(people.with_columns(denominator=nw.lit(1)), feeds)


def _years_since(start: nw.Expr, period: date) -> nw.Expr:
    """Whole years from the month of `start` to `period`; 0 in the month of joining itself."""
    months = period.year * 12 + period.month - start.dt.year() * 12 - start.dt.month()
    return months.cast(nw.Int64) // 12


def _one_each(members: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    keys = ("person_id", "on", "cohort")
    latest = members.filter(nw.col("start_date") == nw.col("start_date").max().over(*keys))
    chosen = latest.filter(nw.col("practice_code") == nw.col("practice_code").max().over(*keys))
    described = ("practice_code", "age", "sex", "ethnic_group", "lsoa_code")
    return chosen.group_by(*keys).agg(*(nw.col(column).max() for column in described))
