"""An indicator for tests, with only what every declaration must say: a share of people, higher is better."""

from datetime import date

from metrics.indicator import Indicator

SHARE = Indicator(
    id="share",
    national_target=4,
    version="1",
    title="t",
    short_title="t",
    meaning="m",
    why="w",
    better="higher",
    kind="proportion",
    unit="%",
    event="patient",
    feeds=("f",),
    events=lambda feeds: feeds["f"],
    definition_status="official",
    source="s",
    owner="o",
    checked_by="c",
    next_review=date(2027, 1, 1),
    numerator_title="n",
    denominator_title="d",
)
