"""Public mode's first part: a folder of published files, into a home of its own, never mixed with records."""

import shutil
import subprocess
from pathlib import Path

import pytest
from published_folder import fill

from pipeline import first_run, public_folder
from pipeline.load import load_files
from warehouse import observations, submissions
from warehouse.home import Home

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path) -> Path:
    return fill(tmp_path)


@pytest.fixture
def home(tmp_path):
    opened = Home.open(tmp_path / "home", patience=0.3)
    yield opened
    opened.close()


def test_what_is_ours_is_loaded_and_the_rest_is_listed_with_its_reason(home, folder, capsys):
    first_run.prepare_public(home, folder)
    said = capsys.readouterr().out
    assert "shopping.csv" in said
    assert "holiday.png" in said
    assert "June-2025-broken.csv: row 2" in said
    assert "README" not in said
    assert "Published files: 10 loaded, 0 loaded before, 3 left out" in said
    feeds = set(submissions.read(home).filter(outcome="accepted")["feed"])
    assert feeds == {"ae_monthly", "drd", "ambsys", "system_mapping"}
    held = observations.read(home)
    assert {"england", "region", "system", "place", "provider"} <= set(held["level"])
    assert set(held["basis"]) == {"published"}
    before = submissions.read(home).height
    first_run.prepare_public(home, folder)
    again = capsys.readouterr().out
    assert "0 loaded, 10 loaded before, 3 left out" in again
    assert "June-2025-broken.csv" in again
    assert submissions.read(home).height == before, "a file refused before is not judged again"


def test_a_later_file_is_picked_up_at_the_next_start(home, folder, capsys):
    last = folder / "by feed" / "ae_monthly" / "2025_no_total_row.csv"
    kept = last.rename(folder.parent / "kept.csv")
    first_run.prepare_public(home, folder)
    shutil.move(kept, last)
    capsys.readouterr()
    first_run.prepare_public(home, folder)
    assert "1 loaded, 9 loaded before" in capsys.readouterr().out


def test_a_folder_that_is_not_there_is_said_with_what_to_do(home, tmp_path):
    with pytest.raises(ValueError, match=r"there is no folder .*FOLDER=.*targets fetch"):
        first_run.prepare_public(home, tmp_path / "nowhere")


def test_a_folder_without_published_files_is_said(home, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="holds no files of data"):
        first_run.prepare_public(home, tmp_path / "empty")
    (tmp_path / "empty" / "x.csv").write_text("item,price\nmilk,1\n")
    with pytest.raises(ValueError, match="gave no figures"):
        first_run.prepare_public(home, tmp_path / "empty")


def test_a_home_with_records_is_left_alone(home, folder, demo_files):
    load_files(home, [demo_files / "organisations.parquet"])
    with pytest.raises(ValueError, match="holds records of its own"):
        first_run.prepare_public(home, folder)
    assert submissions.read(home).height == 1


def test_records_in_the_folder_are_not_loaded(home, folder, demo_files):
    shutil.copy(demo_files / "organisations.parquet", folder)
    done = public_folder.load(home, folder)
    assert any("these are records (organisations)" in sentence for sentence in done.others)
    public_folder.demand_own(home)


def test_make_run_starts_public_mode_only_when_asked():
    def started(*words: str) -> str:
        shown = subprocess.run(
            ["make", "-n", "run", *words], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return shown.stdout

    assert '--public "../shared/data/published"' in started("PUBLIC=1")
    assert '--public "/my files"' in started("PUBLIC=1", "FOLDER=/my files")
    assert "--public" not in started()
    assert "--size region" in started()


def test_public_files_go_to_a_home_of_their_own(monkeypatch):
    from pipeline.cli import _public_home

    monkeypatch.delenv("TARGETS_HOME", raising=False)
    assert _public_home(None) == Path(".targets-public")
    assert _public_home(Path("mine")) == Path("mine")
    monkeypatch.setenv("TARGETS_HOME", "/data")
    assert _public_home(None) is None
