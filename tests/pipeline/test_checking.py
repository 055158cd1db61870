"""`targets check`: what would become of a file, with nothing stored."""

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from pipeline.checking import PERSONAL, check_files
from pipeline.cli import app
from pipeline.load import load_files
from warehouse import quarantine, records, submissions
from warehouse.home import Home


@pytest.fixture
def home(own_home):
    opened = Home.open(own_home)
    yield opened
    opened.close()


def stored(home: Home) -> tuple:
    feeds = ("inpatient_spells", "organisations", "ae_monthly")
    fingerprints = [records.fingerprints(home, feed).to_dicts() for feed in feeds]
    return submissions.read(home).height, quarantine.read(home).height, fingerprints


def test_checking_says_what_loading_then_does_and_stores_nothing(home, demo_files, tmp_path):
    name = "inpatient_spells_2026-06.parquet"
    nobody = pl.when(pl.int_range(pl.len()) == 4).then(pl.lit("X0X")).otherwise("provider_code")
    pl.read_parquet(demo_files / name).with_columns(provider_code=nobody).write_parquet(tmp_path / name)
    late = [*sorted((demo_files / "late").glob("*.parquet")), tmp_path / name]
    before = stored(home)
    checked = check_files(home, late)
    assert stored(home) == before
    loaded = load_files(home, late)
    told = [(one.feed, one.periods, one.rows, one.accepted, one.quarantined, one.outcome) for one in checked]
    done = [(one.feed, one.periods, one.rows, one.accepted, one.quarantined, one.outcome) for one in loaded]
    assert told == done
    assert any(one.quarantined for one in checked)


def test_each_broken_rule_comes_with_rows_to_look_at_and_nothing_about_a_person(home, demo_files, tmp_path):
    path = demo_files / "inpatient_spells_2026-06.parquet"
    spells = pl.read_parquet(path)
    wrong = spells.with_columns(
        provider_code=pl.when(pl.int_range(pl.len()) == 4).then(pl.lit("X0X")).otherwise("provider_code"),
        age=pl.when(pl.int_range(pl.len()) == 6).then(pl.lit(-3, pl.Int16)).otherwise("age"),
    )
    wrong.write_parquet(tmp_path / path.name)
    (checked,) = check_files(home, [tmp_path / path.name])
    by_rule = {fault["rule"]: fault for fault in checked.faults}
    unknown = by_rule["provider_code_in_organisations"]["examples"]
    assert {"row_number": 5, "provider_code": "X0X"} in unknown
    shown = {name for fault in checked.faults for row in fault["examples"] for name in row}
    assert shown.isdisjoint({*PERSONAL, "spell_id"})
    assert not any("IP" in reason for reason in checked.kept_reasons)


def test_a_file_that_was_loaded_before_says_so_and_what_it_would_replace(home, demo_files):
    (checked,) = check_files(home, [demo_files / "inpatient_spells_2026-06.parquet"])
    assert checked.loaded_before
    assert checked.replaces == checked.periods != ()


def test_what_is_no_feed_would_be_refused_with_a_sentence(home, tmp_path):
    (tmp_path / "notes.csv").write_text("colour,size\nred,3\n")
    (checked,) = check_files(home, [tmp_path / "notes.csv"])
    assert (checked.outcome, checked.feed, checked.rows) == ("refused", None, 0)
    assert checked.reasons[0].startswith("notes.csv: ")


@pytest.mark.parametrize(("as_json", "expected"), [(True, 2), (False, 2)])
def test_the_command_ends_with_2_when_something_would_be_refused(small_home, tmp_path, as_json, expected):
    (tmp_path / "notes.csv").write_text("colour,size\nred,3\n")
    made = Path(__file__).parent.parent / "data" / "ae_monthly" / "2024_unnamed_columns.csv"
    words = ["check", str(tmp_path / "notes.csv"), str(made), "--home", str(small_home)]
    done = CliRunner().invoke(app, [*words, *(["--json"] if as_json else [])])
    assert done.exit_code == expected
    if as_json:
        assert [one["outcome"] for one in json.loads(done.stdout)] == ["refused", "accepted"]
    else:
        assert "would be refused" in done.stdout
        assert "would be accepted" in done.stdout
