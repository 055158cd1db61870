"""The Hospital Frailty Risk Score and the memberships derived from it, by tables of cases and an oracle."""

import csv
import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from feeds import frame
from oracle import frailty as oracle

from metrics.frailty_memberships import derived_frailty, with_derived_frailty
from metrics.frailty_score import TENTHS, frailty_scores

FOLDER = Path(__file__).parent.parent / "cases" / "frailty"
BOTH = ("intermediate", "high")


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open() as file:
        return list(csv.DictReader(file))


def spells(text: str) -> list[dict[str, Any]]:
    """Spells of one person, `date age method codes` each, the last one judged; two days each."""
    made = []
    for number, one in enumerate(text.split("; ")):
        day, age, method, *codes = one.split(" ")
        admission = date.fromisoformat(day)
        made.append(
            {
                "spell_id": f"s{number}",
                "admission_date": admission,
                "discharge_date": admission + timedelta(2),
                "age": None if age == "-" else int(age),
                "admission_method": method,
                "diagnoses": codes[0] if codes else None,
            }
        )
    return made


def test_the_table_is_the_published_one():
    published = {row["code"]: int(Decimal(row["points"]) * 10) for row in rows("points.csv")}
    assert published == TENTHS
    assert len(TENTHS) == 109


@pytest.mark.parametrize("row", rows("scores.csv"), ids=lambda row: row["case"])
def test_scores(row: dict[str, str]):
    made = spells(row["spells"])
    found = frailty_scores(frame("inpatient_spells", made)).filter(spell_id=made[-1]["spell_id"])
    expected = [(int(Decimal(row["score"]) * 10), row["band"])] if row["score"] else []
    assert found.select("tenths", "band").rows() == expected


def region(seed: int) -> list[dict[str, Any]]:
    pick = random.Random(seed)
    codes = [f"{code}{pick.choice(['', '0', '.1', 'X'])}" for code in TENTHS] + ["I10X", "E119", "Z888"] * 12

    def spell(number: int) -> dict[str, Any]:
        admission = date(2022, 1, 1) + timedelta(pick.randrange(1500))
        return {
            "spell_id": f"s{number}",
            "person_id": pick.choice([*(f"p{one}" for one in range(25)), None]),
            "admission_date": pick.choice([admission, date(2024, 2, 29), date(2022, 2, 28)]),
            "age": pick.choice([74, 75, 76, 90, None]),
            "admission_method": pick.choice(["21", "2A", "28", "11", "81", None]),
            "discharge_method": pick.choice(["1", "1", "1", "4", None]),
            "diagnoses": ";".join(pick.sample(codes, pick.randrange(9))) or None,
        }

    made = [spell(number) for number in range(200)]
    return [
        one | {"discharge_date": one["admission_date"] + timedelta(pick.choice([0, 1, 9, 60]))}
        for one in made
    ]


@pytest.mark.parametrize("seed", range(6))
def test_scores_are_those_of_the_oracle(seed: int):
    made = region(seed)
    found = frailty_scores(frame("inpatient_spells", made))
    assert {
        spell: (Decimal(tenths) / 10, band)
        for spell, tenths, band in found.select("spell_id", "tenths", "band").rows()
    } == oracle.scores(made)
    assert found.height == found["spell_id"].n_unique()
    assert set(found["band"]) == {"low", "intermediate", "high"}


@pytest.mark.parametrize("bands", [BOTH, ("high",)], ids="-".join)
@pytest.mark.parametrize("seed", range(3))
def test_members_are_those_of_the_oracle_day_by_day(seed: int, bands: tuple[str, ...]):
    made = [one for one in region(seed) if one["person_id"]]
    days = [date(2022, 1, 1) + timedelta(7 * week) for week in range(330)]
    found = derived_frailty(frame("inpatient_spells", made), bands)
    on = pl.DataFrame({"day": days})
    members = found.join(on, how="cross").filter(pl.col("day").is_between("start_date", "end_date"))
    assert sorted(members.select("person_id", "day").rows()) == sorted(
        oracle.member_days(made, list(bands), days)
    )
    assert members.height


def test_the_spell_that_makes_a_member_is_not_counted_as_one_of_a_member():
    made = [
        {
            "admission_date": date(2025, 6, 8),
            "discharge_date": date(2025, 6, 10),
            "age": 80,
            "diagnoses": "F000",
            "practice_code": "A2",
            "spell_id": "s1",
        }
    ]
    assert derived_frailty(frame("inpatient_spells", made), BOTH).to_dicts() == [
        {
            "person_id": "p1",
            "cohort": "frailty",
            "start_date": date(2025, 6, 11),
            "end_date": date(2027, 6, 8),
            "practice_code": "A2",
            "source": "HFRS",
            "age": 80,
            "sex": "2",
            "ethnic_group": "A",
            "lsoa_code": "E01000001",
        }
    ]


def test_only_people_whom_no_register_has_called_frail_get_derived_memberships():
    made = frame(
        "inpatient_spells",
        [{"spell_id": f"s{one}", "person_id": f"p{one}", "age": 80, "diagnoses": "F000"} for one in range(4)],
    )
    register = frame(
        "cohort_memberships",
        [
            {"person_id": "p0"},
            {"person_id": "p1", "end_date": date(2024, 6, 1)},
            {"person_id": "p2", "cohort": "care_home"},
        ],
    )
    both = with_derived_frailty(register, made, BOTH)
    assert both.schema == register.schema
    assert both.head(3).equals(register)
    assert both.tail(-3).select("person_id", "cohort", "source").rows() == [
        ("p2", "frailty", "HFRS"),
        ("p3", "frailty", "HFRS"),
    ]
    assert with_derived_frailty(register, made, ("high",)).equals(register)


def test_no_spells_and_no_diagnoses():
    empty = frame("inpatient_spells")
    assert frailty_scores(empty).is_empty()
    assert derived_frailty(empty, BOTH).is_empty()
