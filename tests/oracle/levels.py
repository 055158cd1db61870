"""From events and people to what each organisation should show: one dict entry for each observation."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from oracle.rules import Event, Records, Row, age_part, person_parts

Cell = tuple[str, str, date, str, str]
POPULATION = ("neighbourhood", "place", "system", "region", "england")


def today(code: str | None, records: Records) -> str:
    """The organisation that stands for a code today."""
    for _ in range(9):
        rows = [row for row in records["organisations"] if row["code"] == code]
        heirs = [row["successor"] for row in rows if row["successor"]]
        if not heirs:
            break
        code = heirs[0]
    return code or "unattributed"


def above(code: str, records: Records) -> dict[str, str]:
    """The organisations a neighbourhood stands under today."""
    found = dict.fromkeys(POPULATION, "unattributed") | {"neighbourhood": code, "england": "E92000001"}
    at: str | None = code
    while at:
        rows = [row for row in records["organisations"] if row["code"] == today(at, records)]
        if not rows:
            break
        row = max(rows, key=lambda one: one["valid_to"] or date.max)
        if row["level"] in POPULATION:
            found[row["level"]] = row["code"]
        at = row["parent"]
    return found


def neighbourhood(practice: str | None, day: date, records: Records) -> str:
    """The neighbourhood of a practice on a day; of two, the one that began later."""
    rows = [
        row
        for row in records["neighbourhood_map"]
        if row["practice_code"] == practice
        and row["valid_from"] <= day
        and (row["valid_to"] is None or day < row["valid_to"])
    ]
    return max(rows, key=lambda row: row["valid_from"])["neighbourhood_code"] if rows else "unattributed"


def cells(one: Event, held: dict[str, str], splits: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The breakdowns and categories an event is counted in."""
    parts = one["parts"]
    for split in ("all", *splits):
        kept = all(value in parts[name] for name, value in held.items() if name != split and name in parts)
        for category in {"all"} if split == "all" else parts.get(split, ()):
            if kept:
                yield split, category


def totals(
    events: Iterable[Event], records: Records, held: dict[str, str], splits: Iterable[str], months: list[date]
) -> dict[Cell, dict[str, Any]]:
    """Sums of every number of the events, by level, organisation, month, breakdown and category."""
    found: dict[Cell, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    for one in events:
        month = one["on"].replace(day=1)
        if month not in months:
            continue
        at = above(neighbourhood(one["practice"], one["on"], records), records)
        if "provider" in one:
            at["provider"] = today(one["provider"], records)
            at["ambulance_service"] = today(one["ambulance"], records)
        for split, category in cells(one, held, splits):
            for level, code in at.items():
                for number in ("numerator", "denominator", "valid", "eligible"):
                    if one.get(number) is not None:
                        found[level, code, month, split, category][number] += one[number]
    return found


def registered(records: Records, months: list[date]) -> Iterator[Event]:
    """Registered patients as events with a denominator alone."""
    for row in records["registered_population"]:
        first = int(row["age_band"].rstrip("+").split("-")[0])
        quintile = row["deprivation_quintile"]
        parts = {
            "age_band": {age_part(first)},
            "sex": {{"1": "male", "2": "female"}[row["sex"]]},
            "deprivation_quintile": {str(quintile) if quintile else "not known"},
        }
        yield {
            "on": row["period"],
            "practice": row["practice_code"],
            "denominator": row["patients"],
            "parts": parts,
        }


def person_months(records: Records, months: list[date]) -> Iterator[Event]:
    """One event for each person, cohort and month with a day of membership in it."""
    for month in months:
        end = (month + timedelta(32)).replace(day=1) - timedelta(1)
        best: dict[tuple[str, str], Row] = {}
        for row in records["cohort_memberships"]:
            if row["start_date"] <= end and (row["end_date"] is None or row["end_date"] >= month):
                for cohort in (row["cohort"], "any"):
                    held = best.get((row["person_id"], cohort))
                    if held is None or rank(row) > rank(held):
                        best[row["person_id"], cohort] = row
        for (_, cohort), row in best.items():
            since = (month.year - row["start_date"].year) * 12 + month.month - row["start_date"].month
            parts = person_parts({**row, "age": row["age"] + since // 12}, records)
            parts["cohort"] = {cohort}
            yield {"on": month, "practice": row["practice_code"], "denominator": 1, "parts": parts}


def rank(row: Row) -> tuple[Any, ...]:
    rest = (row["age"], row["sex"], row["ethnic_group"], row["lsoa_code"], row["cohort"])
    return (row["start_date"], row["practice_code"] or "", *rest)
