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
PERSON = ("age", "sex", "ethnic_group", "lsoa_code")

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

    A person with two rows in a month is counted by the one of the latest start (then the highest practice
    code).
    """
    ranked = (
        feeds["cohort_memberships"]
        .with_columns(practice_code=nw.col("practice_code").fill_null(""))
        .with_row_index("rank", order_by=["start_date", "practice_code", *PERSON, "cohort"])
    )
    span = ranked.select("rank", "person_id", "cohort", "start_date", "end_date")
    months = [
        span.filter(
            nw.col("start_date") <= nw.lit(last_day(period)),
            nw.col("end_date").is_null() | (nw.col("end_date") >= nw.lit(period)),
        ).select("rank", "person_id", "cohort", on=nw.lit(period))
        for period in periods
    ]
    members = nw.concat(months)
    chosen = nw.concat(
        [
            members.group_by("person_id", "on", "cohort").agg(nw.col("rank").max()),
            members.group_by("person_id", "on")
            .agg(nw.col("rank").max())
            .select("person_id", "on", nw.lit(ANY).alias("cohort"), "rank"),
        ]
    )
    people = ranked.select("rank", "start_date", "practice_code", *PERSON)
    aged = (
        chosen.drop("person_id")
        .join(people, on="rank")
        .with_columns(age=nw.col("age") + _years_between(nw.col("start_date"), nw.col("on")))
    )
    return with_people(aged.with_columns(denominator=nw.lit(1)), feeds)


def _years_between(start: nw.Expr, on: nw.Expr) -> nw.Expr:
    """Whole years from the month of `start` to that of `on`; a later start in the same month is 0."""
    months = (on.dt.year() - start.dt.year()).cast(nw.Int64) * 12 + on.dt.month() - start.dt.month()
    return months // 12
