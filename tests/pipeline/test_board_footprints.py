"""Integrated care boards, 42 as published and 36 today: real Discharge Ready Date files and summary."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.footprints import successions
from pipeline.load import load_files
from pipeline.observe_published import PublishedObserver
from warehouse import mergers, observations, organisations
from warehouse.home import Home

pytestmark = pytest.mark.published
MERGERS = "ODS Change Summary ICB Mergers Phase 1 Apr 2026.xlsx"
ON_THE_DAY, DELAY = "discharged_on_ready_date", "discharge_delay_all"


def load(home: Home, *paths: Path) -> None:
    observer = PublishedObserver(home)
    reports = load_files(home, paths, after_published=observer)
    observer.settle()
    assert [report.reasons for report in reports if report.outcome == "refused"] == []


def boards(home: Home, indicator: str, footprint: str) -> pl.DataFrame:
    return observations.read(home, indicator, levels=["system"], basis="published", footprint=footprint)


@pytest.fixture(scope="module")
def home(published: Path, tmp_path_factory) -> Home:
    home = Home.open(tmp_path_factory.mktemp("boards"))
    load(home, published / "drd" / "Discharge-Ready-Date-December-2024-reassembled.csv")
    load(home, published / "drd" / "Discharge-Ready-Date-November-2024-reassembled.csv")
    reference = published.parent / "reference"
    load(home, reference / "geography" / "lookup_lsoa21_icb24.csv", reference / "ods" / MERGERS)
    return home


@pytest.mark.parametrize("indicator", [ON_THE_DAY, DELAY])
def test_forty_two_boards_as_they_were_are_thirty_six_today(home: Home, indicator: str):
    was, today = boards(home, indicator, "as_was"), boards(home, indicator, "today")
    assert (was["organisation"].n_unique(), today["organisation"].n_unique()) == (42, 36)
    names = dict(today.select("organisation", "organisation_name").iter_rows())
    assert names["D7T5G"] == "NHS Essex Integrated Care Board"
    for month, part in today.partition_by("period", as_dict=True).items():
        before = was.filter(period=month[0])
        for name in ("numerator", "denominator"):
            assert part[name].sum() == pytest.approx(before[name].sum(), abs=1e-6)
            assert part[name].null_count() == before[name].null_count() == 0


def test_a_board_that_took_two_over_is_their_sum(home: Home):
    was, today = boards(home, ON_THE_DAY, "as_was"), boards(home, ON_THE_DAY, "today")
    for name in ("numerator", "denominator"):
        parts = was.filter(pl.col("organisation").is_in(["QMJ", "QRV"])).group_by("period").agg(pl.sum(name))
        whole = today.filter(organisation="Z9B2Z").select("period", name)
        assert whole.sort("period").rows() == parts.sort("period").rows()


def test_divided_boards_are_shared_out_by_their_areas(home: Home):
    told = successions(home)
    frimley = dict(told.filter(code="QNQ").select("heir", "fraction").iter_rows())
    assert frimley.keys() == {"QRL", "S0E4D", "S9B9J"}
    for code in ("QNQ", "QJG", "QM7"):
        assert told.filter(code=code)["fraction"].sum() == pytest.approx(1, abs=1e-12)


def test_before_the_day_nothing_has_merged(home: Home):
    assert successions(home, date(2026, 3, 31)).is_empty()
    assert successions(home, date(2026, 4, 1)).height == 16


def test_england_and_providers_are_untouched(home: Home):
    for level in ("england", "provider", "place"):
        frames = [
            observations.read(home, ON_THE_DAY, levels=[level], basis="published", footprint=one)
            for one in ("today", "as_was")
        ]
        assert frames[0].equals(frames[1]), level


def test_the_mergers_of_boards_are_named(home: Home):
    found = mergers.read(home).filter(indicator=ON_THE_DAY)
    named = {row["organisation"]: row["parts"] for row in found.iter_rows(named=True)}
    assert named["Z9B2Z"] == ["QMJ", "QRV"]
    assert set(found["period"]) == {date(2026, 4, 1)}
    assert organisations.read(home, "published", "system").height
