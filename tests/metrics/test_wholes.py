"""Which organisations add up to which."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from metrics.audience import public
from metrics.indicators import all_indicators
from metrics.wholes import LINK, wholes

ENGLAND = "E92000001"


def organisations(*rows: tuple[str, str, str | None]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=["code", "level", "parent"], orient="row").with_columns(
        name=pl.col("code"),
        valid_from=date(2020, 4, 1),
        valid_to=pl.lit(None, pl.Date),
        successor=pl.lit(None, pl.String),
    )


def held(*rows: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=["level", "organisation"], orient="row")


KNOWN = organisations(
    ("N1", "neighbourhood", "P"),
    ("N2", "neighbourhood", "S"),
    ("P", "place", "S"),
    ("S", "system", "R"),
    ("R", "region", ENGLAND),
    ("T", "provider", "S"),
)


def links(frame: pl.DataFrame) -> set[tuple[str, ...]]:
    assert tuple(frame.columns) == LINK
    assert frame.is_unique().all()
    return set(frame.iter_rows())


def test_residents_add_up_the_ladder_and_care_to_england():
    got = links(wholes(KNOWN, held(("neighbourhood", "N1"), ("provider", "T"), ("place", "P")), "local"))
    assert ("neighbourhood", "N1", "place", "P") in got
    assert ("neighbourhood", "N1", "region", "R") in got
    assert ("place", "P", "system", "S") in got
    assert ("provider", "T", "england", ENGLAND) in got
    assert not [link for link in got if link[0] == "provider" and link[2] != "england"]


def test_a_level_whose_neighbourhoods_go_two_ways_is_no_part():
    at = held(("neighbourhood", "N1"), ("neighbourhood", "N2"), ("neighbourhood", "unattributed"))
    got = links(wholes(KNOWN, at, "local"))
    assert ("neighbourhood", "N2", "system", "S") in got
    assert ("neighbourhood", "unattributed", "place", "unattributed") in got
    # N2 has no place, and the patients of no neighbourhood have no system.
    assert not [link for link in got if link[:3] == ("place", "unattributed", "system")]


def test_published_providers_are_parts_of_what_they_stand_under():
    got = links(wholes(KNOWN, held(("provider", "T"), ("region", "R"), ("provider", "ZZ")), "published"))
    assert got == {
        ("provider", "T", "system", "S"),
        ("provider", "T", "region", "R"),
        ("provider", "T", "england", ENGLAND),
        ("provider", "ZZ", "england", ENGLAND),
        ("region", "R", "england", ENGLAND),
    }


@pytest.mark.parametrize(("least", "hidden"), [(6, True), (20, False)])
def test_the_headline_under_another_name_is_hidden_with_it(least, hidden):
    """12 is hidden to cover 6; shown as the cohort of everybody it would give the 6 away."""
    indicator = all_indicators()["cohort_admissions"]
    same = indicator.headline["cohort"]
    rows = [("N1", "all", "all", least), ("N2", "all", "all", 12), ("P", "all", "all", least + 12)]
    rows += [("N2", "cohort", same, 12)]
    frame = pl.DataFrame(
        [
            {
                "indicator": indicator.id,
                "definition_version": "1", "basis": "local", "period": date(2026, 4, 1),
                "level": "place" if code == "P" else "neighbourhood", "organisation": code,
                "breakdown": breakdown, "category": category, "numerator": float(count),
                "denominator": 1000.0, "value": float(count), "status": "final",
            }
            for code, breakdown, category, count in rows
        ]
    )  # fmt: skip
    known = wholes(KNOWN.filter(pl.col("code") != "N2").vstack(
        organisations(("N2", "neighbourhood", "P"))), frame, "local")  # fmt: skip
    lost = (public(frame, [indicator], known)["status"] == "suppressed").to_list()
    assert lost == [hidden, hidden, False, hidden]
    alone = public(frame, [replace(indicator, headline={})], known)
    assert not (alone["status"] == "suppressed")[3]
