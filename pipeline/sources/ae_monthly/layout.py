"""The layouts of "Monthly A&E attendances and emergency admissions", as tables. A new layout is a line here.

Source: NHS England, A&E Attendances and Emergency Admissions, provider CSV files, April 2018 onwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import product

# Department types as published, and as in the NHS Data Dictionary.
TYPES: dict[str, str] = {"type 1": "01", "type 2": "02", "other": "03"}


@dataclass(frozen=True)
class Measure:
    """A counted column: what it counts, for which department type, booked appointments or not."""

    counts: str
    department_type: str | None = None
    booked: bool | None = None


def key(header: str) -> str:
    """A header reduced to lower-case words, so that case, spacing and punctuation do not matter."""
    text = header.casefold().replace("a&e", "ae").replace("&", " and ").replace("+", " plus ")
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())


IDENTITY: dict[str, tuple[str, ...]] = {
    "period": ("period",),
    "org_code": ("org code", "organisation code", "code"),
    "parent": ("parent org", "parent organisation", "region", "parent"),
    "org_name": ("org name", "organisation name", "name"),
}

# "other" has been called "Other A&E Department" and "Other Department".
_TYPE_WORDS: dict[str, tuple[str, ...]] = {
    "type 1": ("type 1",),
    "type 2": ("type 2",),
    "other": ("other ae department", "other department", "type 3", "other"),
}
# What is counted, and its synonyms; {type} takes the words above.
_COUNTED: tuple[tuple[str, bool | None, tuple[str, ...]], ...] = (
    ("attendances", False, ("number of ae attendances {type}", "ae attendances {type}")),
    (
        "attendances",
        True,
        (
            "ae attendances booked appointments {type}",
            "number of ae attendances booked appointments {type}",
        ),
    ),
    (
        "over_four_hours",
        False,
        (
            "number of attendances over 4hrs {type}",
            "attendances over 4hrs {type}",
            "number of attendances over 4 hours {type}",
            "attendances over 4 hours {type}",
        ),
    ),
    (
        "over_four_hours",
        True,
        (
            "attendances over 4hrs booked appointments {type}",
            "number of attendances over 4hrs booked appointments {type}",
        ),
    ),
    (
        "emergency_admissions_via_ae",
        None,
        ("emergency admissions via ae {type}", "number of emergency admissions via ae {type}"),
    ),
)
_WHOLE: dict[str, tuple[str, ...]] = {
    "waited_4_to_12_hours_from_decision_to_admit": (
        "patients who have waited 4 12 hs from dta to admission",
        "patients who have waited 4 12 hrs from dta to admission",
        "number of patients spending 4 12 hours from decision to admit to admission",
    ),
    "waited_12_hours_or_more_from_decision_to_admit": (
        "patients who have waited 12 plus hrs from dta to admission",
        "patients who have waited 12 plus hs from dta to admission",
        "number of patients spending 12 plus hours from decision to admit to admission",
    ),
    "other_emergency_admissions": ("other emergency admissions", "number of other emergency admissions"),
}


def _synonyms() -> dict[str, str | Measure]:
    table: dict[str, str | Measure] = {word: name for name, words in IDENTITY.items() for word in words}
    for (counts, booked, patterns), (kind, code) in product(_COUNTED, TYPES.items()):
        for pattern, words in product(patterns, _TYPE_WORDS[kind]):
            table[pattern.format(type=words)] = Measure(counts, code, booked)
    table |= {word: Measure(counts) for counts, words in _WHOLE.items() for word in words}
    return table


# Normalised header -> identity column or measure.
SYNONYMS: dict[str, str | Measure] = _synonyms()

MEASURES: tuple[Measure, ...] = tuple(dict.fromkeys(m for m in SYNONYMS.values() if isinstance(m, Measure)))
BOOKED: tuple[Measure, ...] = tuple(m for m in MEASURES if m.booked)
# Booked appointments are columns of their own from August 2020.
BOOKED_SINCE = date(2020, 8, 1)


_WAITED = "Patients who have waited"
_HEADINGS = {
    "attendances": "A&E attendances{booked}{kind}",
    "over_four_hours": "Attendances over 4hrs{booked}{kind}",
    "emergency_admissions_via_ae": "Emergency admissions via A&E -{kind}",
    "waited_4_to_12_hours_from_decision_to_admit": f"{_WAITED} 4-12 hs from DTA to admission",
    "waited_12_hours_or_more_from_decision_to_admit": f"{_WAITED} 12+ hrs from DTA to admission",
    "other_emergency_admissions": "Other emergency admissions",
}


def published_name(column: str | Measure) -> str:
    """How today's files head the column, for a sentence that says it is missing."""
    if isinstance(column, str):
        return {"period": "Period", "org_code": "Org Code", "parent": "Parent Org", "org_name": "Org name"}[
            column
        ]
    kind = {"01": " Type 1", "02": " Type 2", "03": " Other Department", None: ""}[column.department_type]
    booked = " Booked Appointments" if column.booked else ""
    return _HEADINGS[column.counts].format(booked=booked, kind=kind)


# Fourteen trusts tried other standards from May 2019 to May 2023 and did not report waits over four hours:
# their columns read 0. RD3 (Poole) became R0D in October 2020. Source: NHS England's notes to the statistics.
_FIELD_TEST = (date(2019, 5, 1), date(2023, 5, 1))
_NOT_MERGED = ("RC9", "RDU", "RFR", "RGR", "RGT", "RHU", "RK9", "RNQ", "RQM", "RVW", "RX1", "RXF", "RYJ")
NOT_REPORTING: dict[str, tuple[date, date]] = {
    **dict.fromkeys(_NOT_MERGED, _FIELD_TEST),
    "RD3": (date(2019, 5, 1), date(2020, 9, 1)),
    "R0D": (date(2020, 10, 1), date(2023, 5, 1)),
}
