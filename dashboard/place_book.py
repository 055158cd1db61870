"""The workbook of a place: every table of its pages, in full precision."""

from datetime import UTC, date, datetime

import polars as pl

from dashboard import neighbourhoods, queries, stood, takes_words, wording, workbook
from dashboard.neighbourhoods import LEVEL
from dashboard.workbook import Sheet
from metrics.compared import CLUMPED, caution
from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from metrics.people import PEOPLE

KEYS = ("organisation", "organisation_name")
STANDING = ("latest_period", "latest_value", "target", "target_due", "path_now", "gap", "gap_events",
            "status_words")  # fmt: skip
RATES = ("last", "numerator", "denominator", "value", "lower", "upper", "rank", "of", "before",
         "newest_denominator")  # fmt: skip
GROUPS = (
    "group",
    "category",
    "first",
    "last",
    "numerator",
    "denominator",
    "value",
    "lower",
    "upper",
    "whole",
)
NOTES = {
    "Rates": "Numerators summed over the months, denominators summed, then divided once.",
    "95% interval": "lower to upper: the range that the true level is likely to be in. Where two overlap "
    "much, the order says little.",
    "Rank": "1 is best, whichever direction is better. of: how many neighbourhoods have a rate.",
    "Before": "The rate of the same twelve months a year earlier.",
    "Gap": "Below zero is behind the path, whichever direction is better. gap_events: the same as events a "
    "month.",
    "What it would take": takes_words.READ,
    "Beds": takes_words.BEDS,
    "Cohorts": "A cohort picked for high risk falls back by itself: a fall is no proof of effect.",
    "Not adjusted": "Figures by group are not adjusted for age or anything else.",
}


def of(edition: str, level: str, code: str, name: str, codes: tuple[str, ...], known: date | None) -> bytes:
    """Write the workbook of the place with this code, whose neighbourhoods are `codes`."""
    targets = [one for one in all_indicators().values() if one.role == "target"]
    sheets = [
        *_standings(edition, targets, codes, known),
        *_rates(edition, targets, codes, known),
        *_takes(edition, level, code, codes, known),
        *_groups(edition, targets, level, code, known),
        Sheet("Notes", "How to read these tables", [], _notes()),
        Sheet("Definitions", "What each measure is", [], _definitions(targets)),
    ]
    as_of = f"as known on {wording.day(known)}" if known else f"made on {wording.day(datetime.now(UTC))}"
    about_it = [f"National neighbourhood-health targets, {name}, {as_of}. From local records."]
    moment = datetime.now(UTC).replace(tzinfo=None)
    return workbook.write(f"Neighbourhoods of {name}", about_it, sheets, moment)


def _named(targets: list[Indicator]) -> list[pl.Expr]:
    """Name the measure of each row, and its unit."""
    names = {one.id: wording.numbered(one) for one in targets}
    units = {one.id: one.unit for one in targets}
    return [
        pl.col("indicator").replace_strict(names).alias("measure"),
        pl.col("indicator").replace_strict(units).alias("unit"),
    ]


def _standings(
    edition: str, targets: list[Indicator], codes: tuple[str, ...], known: date | None
) -> list[Sheet]:
    rows = stood.of_level(edition, LEVEL, "local", known)
    if rows.is_empty():
        return []
    mine = rows.filter(
        pl.col("organisation").is_in(codes), pl.col("indicator").is_in([one.id for one in targets])
    )
    told = mine.with_columns(_named(targets)).sort("organisation_name", "measure")
    title = "Where each neighbourhood stands on each national target, newest final month"
    told = told.select(*KEYS, "measure", "unit", *STANDING)
    return [Sheet("Standings", title, ["A gap below zero is behind the path."], told)]


def _rates(edition: str, targets: list[Indicator], codes: tuple[str, ...], known: date | None) -> list[Sheet]:
    rows = neighbourhoods.every(edition, codes, known)
    if rows.is_empty():
        return []
    told = rows.with_columns(_named(targets)).sort("measure", "organisation_name", maintain_order=True)
    notes = ["Twelve months to last, the newest final month. Rank: 1 is best among all neighbourhoods."]
    if any(one.event in CLUMPED for one in targets):
        notes += sorted({caution(one) for one in targets if one.event in CLUMPED})
    title = "Every rate with its 95% interval, among all neighbourhoods and on the year before"
    return [Sheet("Rates", title, notes, told.select(*KEYS, "measure", "unit", *RATES))]


def _takes(edition: str, level: str, code: str, codes: tuple[str, ...], known: date | None) -> list[Sheet]:
    parts = neighbourhoods.takes(edition, codes, LEVEL, known)
    whole = neighbourhoods.takes(edition, (code,), level, known)
    if parts.is_empty():
        return []
    told = takes_words.in_words(pl.concat([whole, parts]))
    title = "Events a year between the latest twelve months and the target, and beds"
    return [Sheet("What it would take", title, [takes_words.READ, takes_words.BEDS], told)]


def _groups(edition: str, targets: list[Indicator], level: str, code: str, known: date | None) -> list[Sheet]:
    found = []
    for one in targets:
        have = queries.breakdowns(edition, level, code, one.id)
        for split in PEOPLE:
            if split.name not in have or split.name not in {each.name for each in one.breakdowns}:
                continue
            rows = neighbourhoods.by_part(edition, one.id, level, code, "local", split.name, known)
            if rows.height:
                found.append(
                    rows.with_columns(indicator=pl.lit(one.id), group=pl.lit(split.title))
                    .with_columns(category="label")
                    .with_columns(_named(targets))
                    .select("measure", "unit", *GROUPS)
                )
    if not found:
        return []
    title = "Every measure by deprivation, age, ethnic group and sex, for the place as a whole"
    notes = ["whole: the rate of everyone in the same months. Under 10 events, read with care."]
    return [Sheet("Inequality", title, notes, pl.concat(found))]


def _notes() -> pl.DataFrame:
    return pl.DataFrame({"about": list(NOTES), "note": list(NOTES.values())})


def _definitions(targets: list[Indicator]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "measure": [wording.numbered(one) for one in targets],
            "unit": [one.unit for one in targets],
            "version": [one.version for one in targets],
            "status": [wording.DEFINITION_STATUSES[one.definition_status][0] for one in targets],
            "what it is": [one.meaning for one in targets],
            "numerator": [one.numerator_title for one in targets],
            "denominator": [one.denominator_title for one in targets],
            "source": [one.source for one in targets],
        }
    )
