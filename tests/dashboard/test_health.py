"""What the health check says: why pages cannot be served, and nothing of where things rest."""

import logging

import pytest
import streamlit as st

from dashboard import health, opening


@pytest.fixture
def report(monkeypatch):
    def of(folder, url: str = "") -> dict[str, str]:
        monkeypatch.setenv("TARGETS_HOME", str(folder))
        monkeypatch.setenv("TARGETS_DATABASE_URL", url)
        st.cache_resource.clear()
        return health.report()

    return of


def test_a_home_with_figures_and_one_without_are_well(report, made_world, tmp_path):
    assert report(made_world) == {"status": "ok", "figures": "ready"}
    assert report(tmp_path / "nowhere") == {"status": "ok", "figures": "none yet"}


def test_a_damaged_database_is_said_without_its_place_which_is_logged(report, tmp_path, caplog):
    (tmp_path / "results.sqlite").write_bytes(b"not a database" * 400)
    with caplog.at_level(logging.WARNING, logger="dashboard.opening"):
        said = report(tmp_path)
    assert said == {"status": "unavailable", "reason": opening.DAMAGED}
    assert str(tmp_path) in caplog.text


def test_a_database_that_does_not_answer_is_said_without_its_address(report, tmp_path):
    said = report(tmp_path, "postgresql://reader:secret@127.0.0.1:1/figures")
    assert said == {"status": "unavailable", "reason": opening.DAMAGED}


def test_what_does_not_name_a_place_is_said_as_it_is(report, tmp_path):
    assert report(tmp_path, "mysql://x").get("reason") == "The database must be a SQLite file or PostgreSQL."
