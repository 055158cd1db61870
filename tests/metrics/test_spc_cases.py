"""The tables in tests/cases/spc: one chart a row, small enough to check with a pencil.

`values` are months in order, "-" a missing one; `recalculate` names the points (from 1) that start a new
part, and `baseline` how many points limits are taken from. Flags are "X" or "." for each point. States: "."
common cause, I i improvement, C c concern, N n neither (capital for high, small for low), "-" no value.
"""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from metrics.spc import signals, summary
from metrics.spc_profiles import PROFILES

FOLDER = Path(__file__).parent.parent / "cases" / "spc"
LETTERS = {
    "common_cause": ".",
    "improvement_high": "I",
    "improvement_low": "i",
    "concern_high": "C",
    "concern_low": "c",
    "neither_high": "N",
    "neither_low": "n",
    None: "-",
}


def cases() -> list[Any]:
    rows = []
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open() as lines:
            rows += [pytest.param(row, id=f"{path.stem}: {row['shows']}") for row in csv.DictReader(lines)]
    return rows


def numbers(text: str) -> list[float | None]:
    return [None if word == "-" else float(word) for word in text.split()]


@pytest.mark.parametrize("case", cases())
def test_the_case_tables(case: dict[str, str]):
    values = numbers(case["values"])
    targets = numbers(case["target"]) or [None]
    starts = {int(place) for place in case["recalculate"].split()}
    points = range(1, len(values) + 1)
    frame = pl.DataFrame(
        {
            "series": "one",
            "date": [date(2024 + place // 12, place % 12 + 1, 1) for place in range(len(values))],
            "value": pl.Series(values, dtype=pl.Float64),
            "target": pl.Series(targets if len(targets) > 1 else targets * len(values), dtype=pl.Float64),
            "recalculate": [int(place in starts) for place in points],
            "baseline": [int(place <= int(case["baseline"] or 0)) for place in points],
        }
    )
    profile = PROFILES[case["profile"]]
    got = signals(frame, profile, better=case["better"])
    for flag in ("outside_limits", "shift", "trend", "two_of_three"):
        assert "".join("X" if found else "." for found in got[flag]) == case[flag], flag
    assert "".join(LETTERS[state] for state in got["state"]) == case["state"]
    icons = summary(got, profile, better=case["better"]).row(0, named=True)
    for line in ("mean", "lower_limit", "upper_limit"):
        wanted = pytest.approx(float(case[line]), abs=1e-6) if case[line] else None
        assert icons[line] == wanted, line
    assert (icons["variation"], icons["assurance"]) == (case["variation"], case["assurance"])


def test_every_table_has_cases_for_it():
    assert len(cases()) >= 110


def test_what_the_national_checklist_says_in_words():
    """`national_checklist` holds the series of NHS England's checklist for locally made XmR charts (5.0)."""
    told = {param.values[0]["shows"]: param.values[0] for param in cases()}
    clash = told["Conflict where higher is better: only points 5 to 7 are concern"]["state"]
    assert [place for place, letter in enumerate(clash, 1) if letter == "c"] == [5, 6, 7]
    clash = told["Conflict where lower is better: only points 12 to 14 are concern"]["state"]
    assert [place for place, letter in enumerate(clash, 1) if letter == "C"] == [12, 13, 14]
    both, baseline = told["With both only the baseline counts"], told["With a baseline of 15 points"]
    assert {k: v for k, v in both.items() if k not in ("shows", "recalculate")} == {
        k: v for k, v in baseline.items() if k not in ("shows", "recalculate")
    }
