"""A measure in one sentence or two that need no training: numbers as people say them."""

from dashboard import sentences, wording
from dashboard.sentences import Reading
from metrics.indicator import Indicator

NEEDS_RECORDS = "It needs records of the trust or the board itself."
NOT_PUBLISHED_HERE = "It is published, but not for this organisation."
WITHHELD = {
    "suppressed": "Hidden: the number is so small that it could point to a person.",
    "not_reported": "It was not reported for the latest month. That is not the same as zero.",
    "insufficient_data": "Too little of it has arrived to give a figure.",
    "no_denominator": "There was nobody to count.",
}
"""Why there is no figure, by the status of the latest observation."""


def said(reading: Reading, numerator: float | None, basis: str, status: str | None = None) -> str:
    """Say how a measure stands: "Attendances completed within four hours: about 7 in 10. The path asks ..."

    `numerator` is that of the latest month; `basis` and the latest `status` tell why there is no figure.
    """
    if reading.value is None:
        return WITHHELD.get(status or "") or missing(reading.indicator, basis)
    return f"{level(reading, numerator)} {distance(reading)}".strip()


def missing(one: Indicator, basis: str) -> str:
    """Say why a measure has no figure for an organisation."""
    if basis == "published":
        return NOT_PUBLISHED_HERE if one.published_feeds else f"{one.unpublished} {NEEDS_RECORDS}"
    return "No records that it counts have arrived for this organisation."


def level(reading: Reading, numerator: float | None) -> str:
    """Say the latest value in people or in "1 in 4"."""
    one = reading.indicator
    if one.kind == "proportion" and reading.value is not None:
        return f"{one.numerator_title}: {wording.one_in(reading.value)}."
    if one.kind == "mean":
        return f"{one.short_title}: {wording.value(one, reading.value, unit=True)} on average."
    if numerator is None:
        return f"{one.numerator_title}: {sentences.latest(reading)}."
    return f"{one.numerator_title}: about {wording.rounded(numerator):,} in the month."


def distance(reading: Reading) -> str:
    """Say how far it is from its path, in people a month where they can be counted; "" with no target."""
    if reading.status_words == "met":
        return "That meets the target."
    if reading.target is None:
        return ""
    if reading.gap is None:
        return "There are too few full months to say if it is on its path."
    behind = reading.gap < 0
    people = wording.rounded(abs(reading.gap_events or 0))
    amount = f"about {people:,} {_way(reading.indicator)} a month" if people else "a little more"
    if not people:
        return "It is a little short of its path." if behind else "It is level with its path, or ahead."
    each = _each(reading)
    if behind:
        return f"The path asks for {amount}.{each}"
    return f"It is ahead of its path by about {people:,} a month.{each}"


def _way(one: Indicator) -> str:
    """Say what the path asks for: more, or fewer; of days of delay, fewer days."""
    way = "more" if one.better == "higher" else "fewer"
    return f"{way} {wording.plural(one.event)}" if one.kind == "mean" else way


def _each(reading: Reading) -> str:
    """Say how many categories have reached a target that is asked of each."""
    rule = reading.indicator.k_of_n
    if rule is None or reading.reach is None:
        return ""
    split = next(each for each in reading.indicator.breakdowns if each.name == rule.breakdown)
    return f" {reading.reach[0]} of {rule.least} {wording.plural(split.title.lower())} are there."
