"""What current variation gives by the target's date, in words: never a promise, always with its record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from dashboard import wording
from dashboard.opening import home
from metrics.forecast_chance import out_of_ten
from metrics.indicator import Indicator
from warehouse import forecasts

VERDICTS = {
    "beats naive": "In back tests it came closer than repeating last year's months",
    "naive not beaten": "In back tests nothing beat repeating last year's months, so this does that",
    "too short to test": "There are too few months to test it, so it repeats last year's months",
}
HOW_TO_READ = (
    "How to read this: if things go on as they have, 8 in 10 months fall in the darker band and 19 in 20 in "
    "the wider one. It knows nothing of plans: what people change is not in it."
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """One series' forecast as stored: `months` to the deadline, its record, the chance of each target.

    `further`: chances of the organisation's own plan, and that enough categories meet the target.
    """

    months: pl.DataFrame
    record: dict[str, Any] | None
    chances: list[dict[str, Any]]
    further: Sequence[dict[str, Any]] = ()

    @property
    def missing(self) -> str:
        """Say why there is no forecast; empty where there is one."""
        if not self.months.is_empty():
            return ""
        reason = (self.record or {}).get("reason")
        return f"There is no forecast. {reason or 'None has been made for this series.'}"

    def until(self, drawn: pl.DataFrame) -> pl.DataFrame:
        """Give the months to draw: to the deadline where there is a target, else all."""
        if not drawn["target"].count():
            return self.months
        return self.months.filter(pl.col("period") <= pl.lit(drawn["period"].max()))

    def chance(self, one: Indicator, counted: bool, after: date | None) -> str:
        """Say the chance of the next target: "... of being at 82% or more in March 2027 is about 3 in 10"."""
        ahead = [row for row in self.chances if after is None or row["target_due"] > after]
        if not ahead:
            return ""
        row = min(ahead, key=lambda each: each["target_due"])
        # Of being there, not of reaching it: some have met it already, and the chance is of the date.
        aim = f"{wording.target_value(one, row['target'], counted)} or {_side(one)}"
        when = wording.month(row["target_due"])
        if row["chance"] is None:
            return f"No chance is given for {when}. {row['reason'] or ''}".strip()
        pooled = " That is for the pooled figure." if one.k_of_n else ""
        return (
            f"On current variation, the chance of being at {aim} in {when} is "
            f"{out_of_ten(row['chance'])}.{pooled}"
        )

    def own_plan(self, one: Indicator, counted: bool, after: date | None) -> str:
        """Say the chance against the organisation's own plan; empty where it has none ahead."""
        rows = [
            row
            for row in self.further
            if row["aim"] == forecasts.OWN_PLAN and (after is None or row["target_due"] > after)
        ]
        given = [row for row in rows if row["chance"] is not None]
        if rows and not given:
            return f"No chance is given against its own plan. {rows[0]['reason'] or ''}".strip()
        said = [
            f"{wording.target_value(one, row['target'], counted)} by {wording.month(row['target_due'])}: "
            f"{out_of_ten(row['chance'])}"
            for row in sorted(given, key=lambda row: row["target_due"])
        ]
        return f"Against its own plan, {'; '.join(said)}." if said else ""

    def enough(self, one: Indicator, after: date | None) -> str:
        """Say the chance that enough categories meet the target, two ways; empty without a rule."""
        rule = one.k_of_n
        rows = [row for row in self.further if row["aim"] == forecasts.ENOUGH_CATEGORIES]
        rows = [row for row in rows if after is None or row["target_due"] > after]
        if rule is None or not rows:
            return ""
        row = min(rows, key=lambda each: each["target_due"])
        split = next(each for each in one.breakdowns if each.name == rule.breakdown)
        parts = wording.plural(split.title.lower())
        aim = wording.target_value(one, row["target"], False)
        listed = len(rule.categories)
        some = f"all {listed}" if rule.least == listed else f"at least {rule.least} of {listed}"
        whole = f"{some} {parts} are at {aim} or {_side(one)}"
        when = wording.month(row["target_due"])
        if row["chance"] is None:
            return f"No chance is given that {whole} in {when}. {row['reason'] or ''}".strip()
        apart, together = out_of_ten(row["chance"]), out_of_ten(row["chance_together"])
        opening = f"The chance that {whole} in {when} is {apart}"
        if apart == together:
            return f"{opening}. It is so if each goes its own way, and if all rise and fall together."
        return f"{opening} if each goes its own way. It is {together} if all rise and fall together."

    def tested(self, one: Indicator) -> str:
        """Say how such forecasts did before: against last year's months, and how often the band held."""
        record = self.record
        if record is None or self.months.is_empty():
            return ""
        said = f"{self._made(record)}{VERDICTS.get(str(record['verdict']), str(record['verdict']))}."
        if not record["tests"]:
            return said
        held = record["coverage_80"]
        tests = "1 test" if record["tests"] == 1 else f"{record['tests']} tests"
        if held is not None:
            said += f" The darker band held {wording.percent(held, 0)} of {record['tested_months']} months"
            said += f" in {tests}, up to {record['tested_ahead']} months ahead; 80% is what it should hold."
        errors = record["smoothing_error"], record["naive_error"]
        if None not in errors and record["verdict"] == "beats naive":
            mine, naive = (wording.size(one, error) for error in errors)
            said += f" It was {mine} out on average, last year's months {naive}."
        return said

    def _made(self, record: dict[str, Any]) -> str:
        """Say by which model, from how many months: "Made by seasonal naive from 40 final months to ..."."""
        if not record.get("model") or not record.get("last_period"):
            return ""
        filled = record.get("filled_months") or 0
        bridged = f" ({filled} missing ones bridged)" if filled else ""
        return (
            f"Made by {record['model']}, from {record['usable_months']} final months{bridged} up to "
            f"{wording.month(record['last_period'])}. "
        )

    def table(self, one: Indicator, counted: bool) -> dict[str, list[str]]:
        """Give the table twin of the fan: a row a month."""
        rows = self.months.to_dicts()

        def between(row: dict[str, Any], share: str) -> str:
            ends = (wording.value(one, row[f"{side}_{share}"], counted) for side in ("lower", "upper"))
            return " to ".join(ends)

        return {
            "Month": [wording.month(row["period"]) for row in rows],
            "Middle": [wording.value(one, row["mean"], counted) for row in rows],
            "8 in 10 between": [between(row, "80") for row in rows],
            "19 in 20 between": [between(row, "95") for row in rows],
        }

    def alt(self, one: Indicator, counted: bool, after: date | None) -> str:
        """Describe the fan for somebody who cannot see it."""
        if self.months.is_empty():
            return self.missing
        last = self.months.row(-1, named=True)
        middle, low, high = (
            wording.value(one, last[name], counted) for name in ("mean", "lower_80", "upper_80")
        )
        return (
            f"Forecast for {wording.month(last['period'])}: {middle}, between {low} and {high} in 8 of 10 "
            f"cases. {self.chance(one, counted, after)}"
        ).strip()


def _side(one: Indicator) -> str:
    return "more" if one.better == "higher" else "less"


def read(edition: str, indicator: str, level: str, code: str, basis: str) -> Outlook:
    """Read what the last refresh foresaw for one headline series."""
    mine = pl.col("indicator") == indicator
    months, records, chances, further = (one.filter(mine) for one in _of_all(edition, level, code, basis))
    record = records.row(0, named=True) if records.height else None
    return Outlook(months.sort("period"), record, chances.to_dicts(), further.to_dicts())


@st.cache_data(max_entries=128, show_spinner=False)
def _of_all(edition: str, level: str, code: str, basis: str) -> tuple[pl.DataFrame, ...]:
    """Read an organisation's forecasts on every measure at once: a board page shows them all."""
    tables = (forecasts.months, forecasts.records, forecasts.chances, forecasts.further)
    return tuple(table(home(), levels=[level], organisations=[code], basis=basis) for table in tables)
