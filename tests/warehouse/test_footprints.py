"""Two footprints in one store: today's by default, as it was by choice, both as known on a day."""

import sqlite3
from datetime import date

import polars as pl
import pytest
from observed import AUGUST, JULY, JUNE, at, observed, values
from sqlalchemy import text

from metrics.footprint import ABSENT, AS_WAS, apart
from warehouse import observations, runs, series
from warehouse.home import Home

BEFORE = {("RLN", JUNE): 3.0, ("RE9", JUNE): 4.0, ("R0B", JULY): 7.0, ("RX1", JUNE): 1.0}
MERGED = {("R0B", JUNE): 7.0, ("R0B", JULY): 7.0, ("RX1", JUNE): 1.0}


def write(home: Home, minutes: int, today: dict, as_was: dict) -> None:
    frames = observed(today), observed(as_was)
    run_id = runs.start(home, "test")
    with home.writing():
        observations.write(home, frames[0], "made_up", "local", None, run_id, at(minutes))
        told = apart(frames[1], frames[0])
        observations.write(home, told, "made_up", "local", None, run_id, at(minutes), footprint=AS_WAS)


def test_todays_footprint_is_read_unless_the_other_is_asked_for(home: Home):
    write(home, 0, MERGED, BEFORE)
    assert values(observations.read(home)) == MERGED
    assert values(observations.read(home, footprint=AS_WAS)) == BEFORE
    assert ABSENT not in set(observations.read(home, footprint=AS_WAS)["status"])
    one = observations.read(home, organisations=["R0B"], footprint=AS_WAS)
    assert values(one) == {("R0B", JULY): 7.0}
    with pytest.raises(ValueError, match="it is today or as_was"):
        observations.read(home, footprint="yesterday")


def test_only_what_differs_is_kept_twice(home: Home):
    write(home, 0, MERGED, BEFORE)
    with home.reading() as connection:
        kept = connection.execute(
            text(
                "SELECT s.organisation, o.period FROM observation o JOIN series s ON s.id = o.series_id "
                "WHERE s.footprint = 'as_was' ORDER BY 1"
            )
        ).all()
    assert [(code, str(day)) for code, day in kept] == [
        ("R0B", "2025-06-01"), ("RE9", "2025-06-01"), ("RLN", "2025-06-01"),
    ]  # fmt: skip


def test_analysts_see_one_footprint(home: Home):
    write(home, 0, MERGED, BEFORE)
    with home.reading() as connection:
        seen = connection.execute(text("SELECT organisation, numerator FROM observations")).all()
    assert sorted(seen) == [("R0B", 7.0), ("R0B", 7.0), ("RX1", 1.0)]


def test_both_are_as_known_on_a_day(home: Home):
    write(home, 0, BEFORE, BEFORE)
    write(home, 1, MERGED, BEFORE)
    write(home, 2, MERGED | {("R0B", JUNE): 9.0}, BEFORE | {("RE9", JUNE): 6.0})
    for footprint in ("today", AS_WAS):
        assert values(observations.read(home, as_known_on=at(0), footprint=footprint)) == BEFORE
    assert values(observations.read(home, as_known_on=at(1))) == MERGED
    assert values(observations.read(home, as_known_on=at(1), footprint=AS_WAS)) == BEFORE
    assert values(observations.read(home))["R0B", JUNE] == 9
    assert values(observations.read(home, footprint=AS_WAS))["RE9", JUNE] == 6


def test_a_merger_taken_back_leaves_nothing_behind(home: Home):
    write(home, 0, MERGED, BEFORE)
    write(home, 1, BEFORE | {("RX1", AUGUST): 2.0}, BEFORE | {("RX1", AUGUST): 2.0})
    assert values(observations.read(home, footprint=AS_WAS)) == BEFORE | {("RX1", AUGUST): 2.0}


def test_what_is_held_before_the_step_stands_on_todays_footprint(tmp_path):
    """A database of the revision before, with observations that point at its series, is brought forward."""
    home = Home.open(tmp_path / "home")
    run_id = runs.start(home, "test")
    observations.write(home, observed(BEFORE), "made_up", "local", None, run_id, at(0))
    home.close()
    path = tmp_path / "home" / "results.sqlite"
    old = sqlite3.connect(path)
    old.executescript(
        """
        PRAGMA foreign_keys = OFF;
        DROP VIEW observations;
        CREATE TABLE before AS SELECT * FROM series;
        DROP TABLE series;
        CREATE TABLE series (id INTEGER NOT NULL, indicator TEXT NOT NULL, level TEXT NOT NULL,
            organisation TEXT NOT NULL, breakdown TEXT NOT NULL, category TEXT NOT NULL, basis TEXT NOT NULL,
            definition_version TEXT NOT NULL, CONSTRAINT uq_series UNIQUE (indicator, level, organisation,
            breakdown, category, basis, definition_version), CONSTRAINT pk_series PRIMARY KEY (id));
        INSERT INTO series SELECT id, indicator, level, organisation, breakdown, category, basis,
            definition_version FROM before;
        DROP TABLE before;
        CREATE VIEW observations AS SELECT * FROM observation;
        UPDATE alembic_version SET version_num = '0004';
        """
    )
    old.close()
    again = Home.open(tmp_path / "home")
    assert values(observations.read(again)) == BEFORE
    write(again, 1, MERGED, BEFORE)
    assert values(observations.read(again)) == MERGED
    with again.reading() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    again.close()


def test_series_are_met_on_each_footprint(home: Home):
    with home.writing() as connection:
        frame = observed({("A", date(2025, 6, 1)): 1.0}).select(pl.col(series.KEYS))
        here = series.with_ids(connection, frame, "made_up", "local")["series_id"].to_list()
        there = series.with_ids(connection, frame, "made_up", "local", AS_WAS)["series_id"].to_list()
        assert here != there
        assert series.with_ids(connection, frame, "made_up", "local")["series_id"].to_list() == here
