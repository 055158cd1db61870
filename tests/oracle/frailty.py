"""The Hospital Frailty Risk Score in plain Python: points in exact decimals, one spell after another."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

Row = dict[str, Any]
METHODS = ["21", "22", "23", "24", "25", "28", "2A", "2B", "2C", "2D"]


def points() -> dict[str, Decimal]:
    with (Path(__file__).parent.parent / "cases" / "frailty" / "points.csv").open() as file:
        return {row["code"]: Decimal(row["points"]) for row in csv.DictReader(file)}


def years(day: date, number: int) -> date:
    """The same day so many years on; 29 February becomes the 28th in a common year."""
    try:
        return day.replace(year=day.year + number)
    except ValueError:
        return day.replace(year=day.year + number, day=28)


def scores(spells: list[Row]) -> dict[str, tuple[Decimal, str]]:
    """Score and band by spell."""
    table, found = points(), {}
    for spell in spells:
        if spell["admission_method"] in METHODS and spell["person_id"] and (spell["age"] or 0) >= 75:
            seen = set()
            for other in spells:
                if other["person_id"] == spell["person_id"] and other["admission_method"] in METHODS:
                    start = years(spell["admission_date"], -2)
                    if start <= other["admission_date"] <= spell["admission_date"]:
                        seen |= {code[:3] for code in (other["diagnoses"] or "").split(";")}
            score = sum((table[code] for code in seen if code in table), Decimal(0))
            found[spell["spell_id"]] = (
                score,
                "low" if score < 5 else "high" if score > 15 else "intermediate",
            )
    return found


def member_days(spells: list[Row], bands: list[str], days: list[date]) -> Iterator[tuple[str, date]]:
    """Each person and day on which they are frail by their latest scored spell that had ended before it."""
    judged = scores(spells)
    for person in {spell["person_id"] for spell in spells}:
        own = [spell for spell in spells if spell["person_id"] == person and spell["spell_id"] in judged]
        own.sort(key=lambda spell: (spell["discharge_date"], spell["admission_date"], spell["spell_id"]))
        for day in days:
            ended = [spell for spell in own if spell["discharge_date"] <= day - timedelta(1)]
            if ended:
                last = ended[-1]
                frail = judged[last["spell_id"]][1] in bands and last["discharge_method"] != "4"
                if frail and day <= years(last["admission_date"], 2):
                    yield person, day
