"""The migrations lead to exactly the tables that the code believes in, and analysts find their views."""

from datetime import date

import polars as pl
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from observed import JUNE, at, observed
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from warehouse import migrations, observations, organisations, runs, tables
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.series import chosen
from warehouse.tables import metadata


def test_migrations_lead_to_the_tables(home):
    with home.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_indexes_are_those_declared(home):
    found = inspect(home.engine)
    for name, table in metadata.tables.items():
        named = {index["name"] for index in found.get_indexes(name)} - {"uq_series"}
        assert named == {index.name for index in table.indexes}, name


def test_head_is_the_newest_revision():
    config = Config()
    config.set_main_option("script_location", "warehouse:migrations")
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


def test_one_point_has_one_current_observation(home):
    run_id = runs.start(home, "test")
    observations.write(home, observed({("A", JUNE): 1}), "made_up", "local", None, run_id, at(0))
    second = (
        "INSERT INTO observation (series_id, period, known_from, status, run_id) "
        "SELECT series_id, period, '2030-01-01 00:00:00.000000', status, run_id FROM observation"
    )
    with pytest.raises(IntegrityError), home.writing() as connection:
        connection.execute(text(second))


def test_an_observation_without_its_series_is_refused(home):
    run_id = runs.start(home, "test")
    orphan = (
        "INSERT INTO observation (series_id, period, known_from, status, run_id) "
        f"VALUES (77, '2025-06-01', '2030-01-01 00:00:00.000000', 'final', {run_id})"
    )
    with pytest.raises(IntegrityError), home.writing() as connection:
        connection.execute(text(orphan))


def test_analysts_read_the_current_observations_with_names(home):
    run_id = runs.start(home, "test")
    row = {"code": "A", "level": "place", "name": "Appleby", "parent": None, "valid_from": date(2020, 1, 1)}
    dtypes = {name: dtype for name, dtype in organisations.COLUMNS.items() if name != "source"}
    organisations.write(home, pl.DataFrame([{**row, "valid_to": None, "successor": None}], schema=dtypes))
    observations.write(home, observed({("A", JUNE): 1}), "made_up", "local", None, run_id, at(0))
    observations.write(home, observed({("A", JUNE): 2}), "made_up", "local", None, run_id, at(1))
    with home.reading() as connection:
        found = connection.execute(text("SELECT * FROM observations")).mappings().all()
    assert len(found) == 1
    assert set(observations.COLUMNS) - set(observations.REACH) <= set(found[0])
    assert found[0]["organisation_name"] == "Appleby"
    assert found[0]["numerator"] == 2
    assert str(found[0]["period"]) == "2025-06-01"


def test_the_view_and_the_reader_agree(home):
    run_id = runs.start(home, "test")
    frame = observed({(org, JUNE): n for n, org in enumerate(("A", "unattributed", "C"))})
    observations.write(home, frame, "made_up", "local", None, run_id, at(0))
    with home.reading() as connection:
        columns = "organisation, organisation_name, numerator"
        seen = connection.execute(text(f"SELECT {columns} FROM observations ORDER BY organisation")).all()
    read = observations.read(home).select("organisation", "organisation_name", "numerator")
    assert [tuple(row) for row in seen] == read.rows()


def test_a_database_from_a_newer_version_is_refused(home, database_url):
    with home.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WarehouseError, match=r"newer version of targets.*Update targets"):
        Home.open(home.path, database_url)


def test_everything_about_one_organisation_is_found_without_walking_every_observation(tmp_path):
    home = Home.open(tmp_path)
    held = tables.observation.join(tables.series)
    wanted = select(tables.observation.c.value).select_from(held)
    wanted = wanted.where(*chosen(levels=["provider"], organisations=["RX1"], breakdown="all"))
    wanted = wanted.where(tables.observation.c.known_to.is_(None))
    with home.reading() as connection:
        asked = str(wanted.compile(connection, compile_kwargs={"literal_binds": True}))
        plan = " ".join(str(row[3]) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {asked}")))
    home.close()
    assert "ix_series_organisation" in plan
    assert "SCAN" not in plan
