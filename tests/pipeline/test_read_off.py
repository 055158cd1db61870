"""After a refresh every series has its signals; plans and recalculations are followed without counting."""

from datetime import date

import polars as pl
import pytest
from sqlalchemy import text

from metrics.indicators import all_indicators
from pipeline.refresh import refresh
from warehouse import notes, observations, plans, signals, standings
from warehouse.home import Home
from warehouse.series import KEYS

TARGETED = next(one for one in all_indicators().values() if one.targets and one.kind == "proportion")


@pytest.fixture
def home(own_home):
    opened = Home.open(own_home)
    yield opened
    opened.close()


def figures(home: Home) -> pl.DataFrame:
    return observations.read(home, breakdown=None).drop("path")


def test_every_series_has_signals_without_nan(small_home):
    home = Home.open(small_home)
    found = signals.read(home, breakdown=None)
    held = observations.read(home, breakdown=None).select(KEYS).unique()
    assert found.select(KEYS).sort(KEYS).equals(held.sort(KEYS))
    numbers = found.select(pl.col(pl.Float64).is_nan().any())
    assert not any(numbers.row(0))
    assert found.filter(pl.col("points") >= 13, pl.col("variation") == "none").is_empty()
    assert set(found["variation"]) > {"common_cause"}


def test_signals_and_standings_speak_of_the_same_month(small_home):
    home = Home.open(small_home)
    both = signals.read(home).join(standings.read(home), on=KEYS, suffix="_standing")
    final = both.filter(pl.col("latest_status") == "final")
    assert final.filter(pl.col("latest_period") != pl.col("latest_period_standing")).is_empty()


def test_a_recalculation_is_followed_and_nothing_is_counted(home):
    before, was = figures(home), signals.read(home)
    choice = {"level": "system"}
    notes.add(home, notes.RECALCULATION, TARGETED.id, date(2025, 4, 1), "New unit", "A. Analyst", choice)
    report = refresh(home)
    assert (report.added, report.closed) == (0, 0)
    assert figures(home).equals(before)
    now = signals.read(home)
    moved = now.join(was, on=now.columns, how="anti", nulls_equal=True)
    assert set(moved["level"]) == {"system"}
    assert set(moved["indicator"]) == {TARGETED.id}
    assert refresh(home).lines == []
    notes.withdraw(home, notes.read(home)["id"][0], "A. Analyst")
    refresh(home)
    assert signals.read(home).equals(was)


def test_a_plan_is_followed_by_paths_and_standings(home):
    series = observations.read(home, TARGETED.id, levels=["system"])
    organisation = series["organisation"].max()
    newest = standings.read(home, TARGETED.id, levels=["system"], organisations=[organisation])
    month = newest["latest_period"][0]
    frame = pl.DataFrame(
        {"indicator": [TARGETED.id], "level": ["system"], "organisation": [organisation], "period": [month]}
    ).with_columns(value=pl.lit(0.5), set_by=pl.lit("The board"))
    before = figures(home)
    plans.write(home, frame, "plan.csv")
    report = refresh(home)
    assert report.added == report.closed == 1
    assert figures(home).equals(before)
    one = observations.read(home, TARGETED.id, ["system"], [organisation], start=month, end=month)
    assert one["path"].to_list() == [0.5]
    after = standings.read(home, TARGETED.id, levels=["system"], organisations=[organisation])
    assert after["path_now"].to_list() == [0.5]
    assert refresh(home).lines == []


def test_a_home_from_before_signals_gets_them_at_the_next_refresh(home):
    expected = signals.read(home, breakdown=None)
    with home.writing() as connection:
        connection.execute(text("DELETE FROM signal"))
        connection.execute(text("DELETE FROM derived"))
    report = refresh(home)
    assert (report.added, report.closed) == (0, 0)
    assert signals.read(home, breakdown=None).equals(expected)
