"""One series' SPC chart in words and figures, worked out on the page from the series being shown."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from dashboard import wording
from metrics.indicator import Indicator
from metrics.series_signals import pointwise, summed
from metrics.spc_profiles import MDC

LINES = ("mean", "lower_limit", "upper_limit")
COLUMNS = ("period", *LINES, "state")


@dataclass(frozen=True, slots=True)
class Mark:
    """How a state is shown: a shape and words as well as Making Data Count's colour."""

    symbol: str
    shape: str
    words: str


MARKS = {
    "improvement": Mark("diamond", "◆", "improvement"),
    "concern": Mark("square", "■", "concern"),
    "neither": Mark("hexagon2", "⬢", "a change, neither better nor worse"),
    "common_cause": Mark("circle", "●", "common cause, only chance"),
}
SIDES = {"high": "higher", "low": "lower"}
RULES = {
    "outside_limits": "outside the limits",
    "shift": "part of a run on one side of the mean",
    "trend": "part of a steady climb or fall",
    "two_of_three": "one of two of three far from the mean",
}
RULE_SETS = {
    "mdc": "NHS England's Making Data Count rules",
    "mdc_sql": "NHS England's Making Data Count rules, as its SQL query has them",
    "nhsr": "the rules of the NHS-R community",
}
HOW_TO_READ = (
    "How to read this: if nothing changes, almost every month falls between the two limits. A signal is a "
    "point that chance alone would seldom give: look for its cause. Other ups and downs are ordinary, and "
    "need no reason."
)


def kind(state: str) -> str:
    """Give the kind of a state: improvement, concern, neither or common_cause."""
    return state if state in MARKS else state.split("_", maxsplit=1)[0]


def state_words(state: str | None) -> str:
    """Say a state with its shape: "◆ Improvement (lower)"; "–" for a month that is no point."""
    if state is None:
        return "–"
    mark = MARKS[kind(state)]
    side = SIDES.get(state.rsplit("_", 1)[-1])
    return f"{mark.shape} {mark.words[0].upper()}{mark.words[1:]}" + (f" ({side})" if side else "")


def reason(row: dict[str, Any]) -> str:
    """Say why a stored signal's icons are what they are, and from how many months."""
    return f"{_in_sentences(row)} From {row['points']} final months."


def _in_sentences(row: dict[str, Any]) -> str:
    """Say the parts of a reason one after the other, each a sentence."""
    return " ".join(f"{part[:1].upper()}{part[1:]}." for part in str(row["reason"]).split("; "))


def rules(row: dict[str, Any]) -> str:
    """Name the rule set as people do: "NHS England's Making Data Count rules"."""
    return RULE_SETS.get(row["profile"], row["profile_version"])


def exact_rules(row: dict[str, Any]) -> str:
    """Name the rule set and its version: "Making Data Count Excel tool 5.0 (profile mdc)"."""
    return f"The exact rules: {row['profile_version']} (profile {row['profile']})."


@dataclass(frozen=True, slots=True)
class Spc:
    """`points`: COLUMNS, rules, recalculate (limits start afresh) and baseline (fixed by it), a row a month.

    `row`: the fields of a stored signal.
    """

    points: pl.DataFrame
    row: dict[str, Any]

    @property
    def has_limits(self) -> bool:
        """Say whether there are points enough for limits and signals."""
        return int(self.row["points"]) >= MDC.fewest_points

    @classmethod
    def of(cls, one: Indicator, lines: pl.DataFrame, recalculations: pl.DataFrame | None = None) -> "Spc":
        """Read one series of `queries.history`; only its final months are points."""
        pointed = pointwise(lines, one, recalculations)
        row = summed(pointed, one).row(0, named=True)
        enough = pl.lit(int(row["points"]) >= MDC.fewest_points)
        state = pl.when(pl.col("status") == "final", enough).then(pl.col("state").cast(pl.String))
        broken = pl.concat_list(pl.when(flag).then(pl.lit(words)) for flag, words in RULES.items())
        told = (state.alias("state"), broken.list.drop_nulls().alias("rules"))
        points = pointed.select("period", *LINES, *told, "recalculate", "baseline")
        return cls(points, row)

    def said(self, one: Indicator, counted: bool) -> str:
        """Say what the chart shows, with the reason: "■ Concern (lower): 6 months running below the mean"."""
        reason = str(self.row["reason"])
        if not self.has_limits:
            if not self.row["points"]:
                return "No month is final yet, so there is no mean."
            return (
                f"Too few months to tell signals from chance: {reason}. "
                f"The mean so far is {wording.value(one, self.row['mean'], counted)}."
            )
        first, *more = _in_sentences(self.row).split(". ", 1)
        whole = ". ".join([first[:1].lower() + first[1:], *more])
        return f"{state_words(self.row['state'])}: {whole}"

    def drawn_from(self, one: Indicator, counted: bool) -> str:
        """Say what the lines are and what they rest on: mean, limits, n, and by whose rules."""
        row = self.row
        if not self.has_limits:
            return ""
        mean, low, high = (wording.value(one, row[name], counted) for name in LINES)
        parts = [f"Mean {mean}, limits {low} to {high}, from {self._rests_on()}."]
        if row["gaps"]:
            gaps = "1 gap" if row["gaps"] == 1 else f"{row['gaps']} gaps"
            parts.append(f"Months are missing in {gaps}; those around a gap are taken as neighbours.")
        parts.append(f"Read by {rules(row)}.")
        return " ".join(parts)

    def _rests_on(self) -> str:
        """Say how many months the latest limits rest on, and of how many, where begun afresh or fixed."""
        started: date | None = self.row["recalculated"]
        every = f"{self.row['points']} final months"
        fixed = self.points.filter("baseline")
        if fixed["state"].count():
            first, last = (wording.month(day) for day in (fixed["period"].min(), fixed["period"].max()))
            count = fixed["state"].count()
            months = "1 final month" if count == 1 else f"{count} final months"
            return f"the {months} of the fixed baseline, {first} to {last} ({every} in all)"
        if started is None:
            return every
        since = self.points.filter(pl.col("period") >= started)["state"].count()
        months = "1 final month" if since == 1 else f"{since} final months"
        return f"the {months} since limits began afresh in {wording.month(started)} ({every} in all)"

    def legend(self) -> str:
        """Say what the shapes on the chart mean, naming only those that are there."""
        if not self.has_limits:
            return ""
        there = {kind(state) for state in self.points["state"].drop_nulls()}
        marks = [f"{mark.shape} {mark.words}" for name, mark in MARKS.items() if name in there]
        return f"Points: {wording.listing(marks)}."

    def alt(self, one: Indicator, counted: bool) -> str:
        """Describe the layer for somebody who cannot see it."""
        if not self.has_limits:
            return self.said(one, counted)
        kinds = [kind(state) for state in self.points["state"].drop_nulls()]
        seen = [
            f"{kinds.count(name)} of {mark.words}"
            for name, mark in MARKS.items()
            if name != "common_cause" and name in kinds
        ]
        signals = f"Signals: {wording.listing(seen)}." if seen else "No signals."
        return f"{self.drawn_from(one, counted)} {signals} {self.said(one, counted)}"

    def texts(self, periods: list[date], texts: list[str]) -> list[str]:
        """Add to what each point says what signal it is, and by which rules."""
        rows = {row["period"]: row for row in self.points.iter_rows(named=True)}
        added = []
        for period, text in zip(periods, texts, strict=True):
            row = rows.get(period)
            if row is None or row["state"] in (None, "common_cause"):
                added.append(text)
            else:
                added.append(f"{text}<br>{state_words(row['state'])}:<br>{',<br>'.join(row['rules'])}")
        return added
