"""`targets fetch` as its users type it: exit codes and what is said."""

from pathlib import Path

import pytest
from typer.testing import CliRunner
from website import serving

from pipeline.cli import app

MADE = Path(__file__).parents[1] / "data" / "ae_monthly" / "2025_no_total_row.csv"


@pytest.fixture
def fetch(tmp_path, monkeypatch):
    monkeypatch.delenv("TARGETS_DATABASE_URL", raising=False)
    monkeypatch.setenv("TARGETS_HOME", str(tmp_path / "home"))
    return lambda *words: CliRunner().invoke(app, ["fetch", *words])


def test_fetched_then_nothing_new_then_a_changed_page(fetch):
    with serving() as site:
        page = site.page("/ae/", ("/up/Monthly-AE-June-2025.csv", "June 2025"))
        site.files["/up/Monthly-AE-June-2025.csv"] = MADE.read_bytes()
        first = fetch("ae_monthly", "--from", page)
        assert first.exit_code == 0, first.output
        assert f"fetched Monthly-AE-June-2025.csv from {site.address}/up/" in first.output
        assert "accepted" in first.output
        second = fetch("ae_monthly", "--from", page)
        assert (second.exit_code, second.output.strip()) == (0, "ae_monthly: nothing new")
        site.page("/ae/", ("/up/", "Our new portal"))
        third = fetch("ae_monthly", "--from", page)
        assert third.exit_code == 1
        assert "the page may have changed" in third.output


def test_the_list_names_each_publication_and_asks_nobody(fetch):
    listed = fetch("--list")
    assert listed.exit_code == 0
    assert "ae_monthly" in listed.output
    assert "second Thursday of the next month" in listed.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["weather"], "there is no publication 'weather'"),
        (["ae_monthly", "--month", "June"], "'June' is not a month"),
        (["--from", "http://127.0.0.1/"], "--from needs the publication"),
        (["ae_monthly", "--from", "file:///etc/passwd"], "not an http or https address"),
    ],
)
def test_wrong_arguments_are_told_with_exit_code_2(fetch, words, said):
    told = fetch(*words)
    assert told.exit_code == 2
    plain = " ".join(told.output.replace("│", " ").split())
    assert said in plain
