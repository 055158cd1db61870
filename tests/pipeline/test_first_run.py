"""`make run`'s first part: from nothing to a full home, once, and never over anybody's own data."""

import pytest

from pipeline import first_run
from pipeline.load import load_files
from warehouse import observations, runs, submissions
from warehouse.home import Home


@pytest.fixture
def home(tmp_path):
    opened = Home.open(tmp_path / "home")
    yield opened
    opened.close()


def test_from_nothing_to_observations_and_then_nothing_more(home, capsys):
    first_run.prepare(home, "small")
    before = observations.read(home, breakdown=None)
    assert before.height > 1000
    run = runs.latest(home)
    first_run.prepare(home, "small")
    assert runs.latest(home) == run
    assert "Using what is loaded" in capsys.readouterr().out


def test_a_first_run_that_was_cut_short_goes_on(home, monkeypatch):
    """The demo was being written when the process died: half a file is not loaded.

    What comes after loading is as in any first run, and left out.
    """
    monkeypatch.setattr(
        first_run.refresh, "refresh", lambda home, progress: first_run.refresh.RefreshReport(1)
    )
    monkeypatch.setattr(first_run.foresee, "missing", lambda home: False)
    unfinished = home.path / "demo.unfinished"
    unfinished.mkdir()
    (unfinished / "organisations.parquet").write_bytes(b"PAR1 half a file")
    (unfinished / "SYNTHETIC.txt").write_text("half")
    first_run.prepare(home, "small")
    assert set(submissions.read(home)["outcome"]) <= {"accepted", "accepted_with_quarantine"}


def test_own_data_is_counted_and_never_joined_by_synthetic_records(home, demo_files):
    own = demo_files / "organisations.parquet"
    load_files(home, [own])
    first_run.prepare(home, "small")
    assert submissions.read(home).height == 1
    assert not (home.path / "demo").exists()
