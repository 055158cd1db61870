"""A measure in one sentence or two that need no training: numbers as people say them."""

from dashboard import sentences, wording
from dashboard.sentences import Reading
from metrics.baseline import DEFAULT_BASELINE
from metrics.indicator import Indicator

NEEDS_RECORDS = "Local records can give it."
NOT_PUBLISHED_HERE = "It is published, but not for this organisation."
WITHHELD = {
    "suppressed": "Hidden: the number is so small that it could point to a person.",
    "not_reported": "It was not reported for the latest month. That is not the same as zero.",
    "insufficient_data": "Too little of it has arrived to give a figure.",
    "no_denominator": "There was nobody to count.",
}
"""Why there is no figure, by the status of the latest observation."""
NO_BASELINE = "There is no full year for its path to start from."
TOO_FEW_MONTHS = "There are too few full months to say if it is on its path."
NOT_YET = f"Its path starts in {wording.month(DEFAULT_BASELINE.end)}, when the baseline year ends."


def said(reading: Reading, numerator: float | None, basis: str, status: str | None = None) -> str:
    """Say how a measure stands: "Attendances completed within four hours: about 7 in 10. About 240 ..."

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
    return f"{one.numerator_title}: {wording.roughly(numerator)} in the month."


def distance(reading: Reading) -> str:
    """Say how far it is from its path, in people a month where they can be counted; "" with no target."""
    if reading.status_words == "met":
        return "That meets the target."
    if sentences.aimless(reading) and reading.gap is None:
        return ""
    if reading.gap is None:
        return _no_path(reading)
    one = reading.indicator
    short = "short of" if one.better == "higher" else "over"
    side = f"{short} its path" if reading.gap < 0 else "ahead of its path"
    people = wording.rounded(abs(reading.gap_events or 0))
    if not reading.gap:
        return f"It is level with its path.{_each(reading)}"
    if not people:
        return f"It is a little {side}.{_each(reading)}"
    # An average says days; the people who make it up are another count.
    amount = wording.counted_as(people, one.event) if one.kind == "mean" else f"{people:,}"
    return f"About {amount} a month {side}.{_each(reading)}"


def _no_path(reading: Reading) -> str:
    if reading.baseline is None:
        return NO_BASELINE
    return NOT_YET if sentences.before_path(reading) else TOO_FEW_MONTHS


def _each(reading: Reading) -> str:
    """Say how many categories have reached a target that is asked of each."""
    said = sentences.categories(reading)
    return f" {said.split(' (')[0]}." if said else ""
