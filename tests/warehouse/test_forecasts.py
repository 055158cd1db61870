"""Forecasts as they rest in either database; and a database from before there were any."""

from datetime import date

import polars as pl
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url

from warehouse import back_tests, counted, forecasts, runs, signals
from warehouse.home import Home
from warehouse.series import KEYS

MARCH = date(2027, 3, 1)
KEY = {"indicator": "made_up", "definition_version": "1", "basis": "local", "level": "place"}
KEY |= {"breakdown": "all", "category": "all"}
TEXT = dict.fromkeys(KEYS, pl.String)


def rows(schema: dict, *given: dict) -> pl.DataFrame:
    full = [{**KEY, **dict.fromkeys(schema), **one} for one in given]
    return pl.DataFrame(full, schema={**TEXT, **schema})


def foreseen(organisation: str, mean: float, fingerprint: str = "f") -> forecasts.Foreseen:
    own = {"organisation": organisation}
    month = {**own, "period": MARCH, "months_ahead": 9, "mean": mean, "model": "seasonal naive"}
    tenths = [{**own, "tenth": 3, "questions": 4, "chance_sum": 1.4, "met": 1}]
    return forecasts.Foreseen(
        rows(forecasts.MONTHS, month),
        rows(forecasts.RECORDS, {**own, "usable_months": 42, "model": "x", "fingerprint": fingerprint}),
        rows(forecasts.CHANCES, {**own, "target_due": MARCH, "target": 0.82, "chance": 0.35}),
        rows(forecasts.TENTHS, *tenths),
    )


def test_a_series_is_replaced_and_the_others_stay(home):
    run = runs.start(home, "forecast")
    for organisation, mean in (("A", 0.7), ("B", 0.6), ("A", 0.8)):
        forecasts.write(home, foreseen(organisation, mean), "made_up", "local", run)
    assert forecasts.months(home).select("organisation", "mean").rows() == [("A", 0.8), ("B", 0.6)]
    assert forecasts.records(home)["organisation"].to_list() == ["A", "B"]
    assert forecasts.chances(home, "made_up", levels=["place"])["chance"].to_list() == [0.35, 0.35]
    assert forecasts.chances(home, "another").is_empty()


def test_calibration_sums_over_series(home):
    run = runs.start(home, "forecast")
    for organisation in ("A", "B"):
        forecasts.write(home, foreseen(organisation, 0.7), "made_up", "local", run)
    (row,) = back_tests.chances(home).rows()
    assert row == ("made_up", "local", 3, 8, 2, pytest.approx(2.8), 2)


def test_a_series_without_figures_is_forgotten(home):
    run = runs.start(home, "forecast")
    for organisation in ("A", "B"):
        forecasts.write(home, foreseen(organisation, 0.7), "made_up", "local", run)
    gone = forecasts.records(home).filter(pl.col("organisation") == "A")
    forecasts.forget(home, gone, "made_up", "local")
    for frame in (forecasts.months(home), forecasts.records(home), forecasts.chances(home)):
        assert frame["organisation"].to_list() == ["B"]


def test_a_database_from_before_signals_keeps_its_figures(tmp_path, database_url):
    url = make_url(database_url)
    engine = create_engine(url.set(drivername="postgresql+psycopg") if "postgres" in url.drivername else url)
    config = Config()
    config.set_main_option("script_location", "warehouse:migrations")
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("INSERT INTO counted VALUES ('made_up', 'local', '2025-06-01', 'f')")
    engine.dispose()
    home = Home.open(tmp_path, database_url)
    assert counted.read(home, "made_up", "local")["fingerprint"].to_list() == ["f"]
    assert signals.read(home).is_empty()
    home.close()
