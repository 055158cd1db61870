"""Sentences that say what a figure or a chart shows, made from the figures themselves."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from dashboard import wording
from metrics.baseline import DEFAULT_BASELINE
from metrics.indicator import Indicator

NOTHING = ("0 ", "0.0 ", "0.00", "under ")
"""How a change too small to see is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One series as it stands: an indicator at an organisation, with the fields of a standing row."""

    indicator: Indicator
    organisation: str
    period: date | None
    value: float | None
    counted: bool
    target: float | None
    due: date | None
    path: float | None
    gap: float | None
    gap_events: float | None
    required_pace: float | None
    status_words: str
    reach: tuple[int, int] | None = None
    baseline: float | None = None

    @classmethod
    def of(
        cls,
        indicator: Indicator,
        organisation: str,
        level: str,
        row: dict[str, Any] | None,
        reach: tuple[int, int] | None = None,
    ) -> "Reading":
        """Read a row of the standing table; None where the organisation has no figures.

        `reach`: of a rule over categories, how many are at the target and how many have a verdict.
        """
        row = row or {}
        return cls(
            indicator=indicator,
            organisation=organisation,
            period=row.get("latest_period"),
            value=row.get("latest_value"),
            counted=level in wording.PLACES_OF_CARE,
            target=row.get("target"),
            due=row.get("target_due"),
            path=row.get("path_now"),
            gap=row.get("gap"),
            gap_events=row.get("gap_events"),
            required_pace=row.get("required_pace"),
            status_words=row.get("status_words") or "insufficient data",
            reach=reach,
            baseline=row.get("baseline_value"),
        )


def latest(reading: Reading) -> str:
    """Say the latest value with its unit: "76.1%" or "19.2 per 1,000 person-months"."""
    return wording.value(reading.indicator, reading.value, reading.counted, unit=True)


def target(reading: Reading) -> str:
    """Say the target: "82% by March 2027"."""
    if reading.target is None:
        if aimless(reading):
            return "No target size is set"
        # A change on a baseline that is not there is a target all the same.
        return "No figure to hold it against" if reading.value is None else "Unknown: no full baseline year"
    amount = wording.target_value(reading.indicator, reading.target, reading.counted)
    return f"{amount} by {wording.month(reading.due)}" if reading.due else amount


def aimless(reading: Reading) -> bool:
    """Tell a measure without a target from one whose target cannot be worked out."""
    return reading.status_words == "no target" or not reading.indicator.targets


def gap(reading: Reading) -> str:
    """Say the distance to this month's path: "2.3 points behind the path: about 340 patients a month"."""
    if reading.gap is None:
        return ""
    if not reading.gap:
        return "level with the path"
    side = "behind the path" if reading.gap < 0 else "ahead of the path"
    people = wording.about(reading.gap_events, reading.indicator.event)
    distance = wording.size(reading.indicator, reading.gap, reading.value)
    if _is_said_twice(reading):
        return f"{people} {side}"
    return f"{distance} {side}{f': {people}' if people else ''}"


def from_target(reading: Reading) -> str:
    """Say the distance to the target itself: "9.9 points short of the target"; empty without one."""
    if reading.value is None or reading.target is None:
        return ""
    short = (reading.target - reading.value) * (1 if reading.indicator.better == "higher" else -1)
    if short <= 0:
        return "at the target or better"
    side = "short of" if reading.indicator.better == "higher" else "over"
    return f"{wording.size(reading.indicator, short, reading.value)} {side} the target"


def categories(reading: Reading) -> str:
    """Say how many are there: "7 of 10 specialties at 25% or more (all 10 are needed)".

    Empty without such a rule, or without figures by category.
    """
    rule = reading.indicator.k_of_n
    if rule is None or reading.reach is None or reading.target is None:
        return ""
    there, known = reading.reach
    split = next(each for each in reading.indicator.breakdowns if each.name == rule.breakdown)
    side = "more" if reading.indicator.better == "higher" else "less"
    amount = wording.target_value(reading.indicator, reading.target, reading.counted)
    listed = len(rule.categories)
    needed = f"all {listed}" if rule.least == listed else f"at least {rule.least}"
    unknown = f"; {listed - known} had too little data" if known < listed else ""
    return (
        f"{there} of {listed} {wording.plural(split.title.lower())} at {amount} or {side} "
        f"({needed} are needed{unknown})"
    )


def _is_said_twice(reading: Reading) -> bool:
    """Where the value is itself a count of events a month, points and people are one number."""
    return reading.counted and reading.indicator.kind == "rate" and bool(reading.gap_events)


def finding(reading: Reading) -> str:
    """Say what the main chart shows in a few plain sentences, what matters most first."""
    if reading.value is None:
        return f"There are no figures for {reading.organisation} on this measure yet."
    when, who = wording.month(reading.period), reading.organisation
    figure, aim = f"In {when} the figure was {latest(reading)}.", f"The target is {target(reading)}."
    if each := categories(reading):
        return _of_each(reading, each)
    if reading.status_words == "met":
        return f"{who} met its target in {when}. The figure was {latest(reading)}. {aim}"
    if reading.path is None or reading.gap is None:
        return f"In {when} the figure for {who} was {latest(reading)}. {_without_path(reading)}"
    path = wording.value(reading.indicator, reading.path, reading.counted)
    way = f"The path to {target(reading)}" if reading.target is not None else "Its own plan"
    return f"{who} is {gap(reading)}. {figure} {way} was at {path}."


def _without_path(reading: Reading) -> str:
    """Say why there is no path to hold a figure against."""
    if aimless(reading):
        return "No target size is set nationally, so there is no path to follow."
    aim = "" if reading.target is None else f"The target is {target(reading)}. "
    if reading.baseline is None:
        return f"{aim}Its path would start from a full baseline year, and there is none."
    if before_path(reading):
        return f"{aim}Its path starts in {wording.month(DEFAULT_BASELINE.end)}, when the baseline year ends."
    return f"{aim}There is not enough data to say if it is on track."


def before_path(reading: Reading) -> bool:
    """Tell a figure of the baseline year itself: the path begins where that year ends."""
    return reading.period is not None and reading.period < DEFAULT_BASELINE.end


def _of_each(reading: Reading, each: str) -> str:
    """Say how many categories are there, how the pooled figure stands, and that it is not the target."""
    there = each.replace(" at ", " is at " if each.startswith("1 of") else " are at ", 1)
    who, when = reading.organisation, wording.month(reading.period)
    opening = f"{there[0].upper()}{there[1:]}."
    if reading.status_words == "met":
        opening = f"{who} met its target in {when}: {there}."
    pooled = f"The pooled figure for {who} was {latest(reading)} in {when}"
    if reading.gap is not None and reading.path is not None and reading.status_words != "met":
        pooled += f", {gap(reading)}"
    return f"{opening} {pooled}. The target is {target(reading)} in each, not in the pooled figure."


def pace(reading: Reading) -> str:
    """Say what is still needed each month to meet the date; empty when nothing is."""
    needed = reading.required_pace
    if reading.reach is not None and not needed:
        return ""
    if needed is None or reading.due is None or reading.status_words not in ("on track", "behind"):
        return ""
    improving = needed > 0 if reading.indicator.better == "higher" else needed < 0
    if not improving:
        return "It is already past its target; it needs to stay there."
    way = "up" if needed > 0 else "down"
    step = wording.size(reading.indicator, needed)
    if step.startswith(NOTHING):
        return f"It is almost there, and must hold its ground until {wording.month(reading.due)}."
    return f"From here it must go {way} by {step} every month until {wording.month(reading.due)}."


def alt_text(reading: Reading, series: pl.DataFrame, subject: str | None = None) -> str:
    """Describe a trajectory chart for somebody who cannot see it: what, where, latest, direction, distance.

    `series` has period and value, oldest first, as the chart draws it.
    """
    what = f"{subject or reading.indicator.short_title}, {reading.organisation}"
    known = series.drop_nulls("value").sort("period")
    if known.is_empty():
        return f"Line chart of {what}: no figures yet."
    first, last = known.row(0, named=True), known.row(-1, named=True)
    newest = wording.value(reading.indicator, last["value"], reading.counted, unit=True)
    newest += ", provisional" if last.get("status") == "provisional" else ""
    parts = [
        f"Line chart of {what}, {wording.month(first['period'])} to {wording.month(last['period'])}.",
        f"Latest: {newest}.",
        direction(reading.indicator, known),
    ]
    if reading.target is not None:
        parts.append(f"Target: {target(reading)}.")
    if reading.gap is not None:
        parts.append(f"In {wording.month(reading.period)} it was {gap(reading)}.")
    if each := categories(reading):
        parts.append(f"{each}.")
    return " ".join(part for part in parts if part)


def direction(indicator: Indicator, known: pl.DataFrame) -> str:
    """Say where the value went over the last 12 months held; empty with no month to compare."""
    last = known.row(-1, named=True)
    before = known.filter(pl.col("period") == last["period"].replace(year=last["period"].year - 1))
    if before.is_empty():
        return ""
    change = last["value"] - before["value"][0]
    step = wording.size(indicator, change, last["value"])
    if step.startswith(NOTHING):
        return "No change on the same month last year."
    return f"{'Up' if change > 0 else 'Down'} {step} on the same month last year."


def points(indicator: Indicator, series: pl.DataFrame, counted: bool) -> list[str]:
    """Say each point of a chart, for when it is pointed at; `series` has period, value and status."""
    said = []
    for period, amount, status in series.select("period", "value", "status").iter_rows():
        value = wording.value(indicator, amount, counted, unit=True)
        text = f"{wording.month(period)}: <b>{value}</b>"
        if status not in (None, "final"):
            text += f"<br>{wording.OBSERVATION_STATUSES.get(status, status)}"
        said.append(text)
    return said


def marks(series: pl.DataFrame) -> str:
    """Say what the chart's marks mean, naming only marks that are there."""
    said = ["Solid line: actual."]
    if series["path"].null_count() < series.height:
        said.append("Dashed line: the path to the target.")
    if series["target"].null_count() < series.height:
        said.append("Thin line: the target.")
    if (series["status"] == "provisional").any():
        said.append("Hollow points: provisional, and may still change.")
    return " ".join(said)
