"""Two footprints in one store: today's by default, as it was by choice, both as known on a day."""

from datetime import date

import polars as pl
import pytest
from alembic import command
from alembic.config import Config
from observed import AUGUST, JULY, JUNE, at, observed, values
from sqlalchemy import create_engine, text

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
    """A database of the revision before is brought forward, though an observation points at its series."""
    engine = create_engine(f"sqlite:///{tmp_path / 'results.sqlite'}")
    with engine.connect() as connection, connection.begin():
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "warehouse:migrations")
        config.set_main_option("path_separator", "os")
        command.upgrade(config, "0004")
        for row in (
            "INSERT INTO run (id, command, started_at, outcome, detail) "
            "VALUES (1, 'a', '2026-05-01', '', '')",
            "INSERT INTO series VALUES (7, 'made_up', 'place', 'RLN', 'all', 'all', 'local', '1')",
            "INSERT INTO observation (series_id, period, known_from, numerator, status, run_id) "
            "VALUES (7, '2025-06-01', '2026-05-01 00:00:00.000000', 3, 'final', 1)",
        ):
            connection.execute(text(row))
    engine.dispose()
    home = Home.open(tmp_path)
    assert values(observations.read(home)) == {("RLN", JUNE): 3.0}
    write(home, 1, MERGED, BEFORE)
    assert values(observations.read(home)) == MERGED
    assert values(observations.read(home, footprint=AS_WAS)) == BEFORE
    with home.reading() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    home.close()


def test_series_are_met_on_each_footprint(home: Home):
    with home.writing() as connection:
        frame = observed({("A", date(2025, 6, 1)): 1.0}).select(pl.col(series.KEYS))
        here = series.with_ids(connection, frame, "made_up", "local")["series_id"].to_list()
        there = series.with_ids(connection, frame, "made_up", "local", AS_WAS)["series_id"].to_list()
        assert here != there
        assert series.with_ids(connection, frame, "made_up", "local")["series_id"].to_list() == here
