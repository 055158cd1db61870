"""A load killed without warning loses nothing and repeats nothing: the same command again finishes it."""

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.intake import ALREADY_LOADED
from pipeline.load import load_files
from warehouse import organisations, quarantine, records, submissions
from warehouse.home import Home

ROOT = Path(__file__).parent.parent.parent
MADE = ROOT / "tests" / "data" / "ae_monthly"
FIRST = MADE / "2024_unnamed_columns.csv"
FEED = "outpatient_referrals"

# Dies by SIGKILL when the function is called for the n-th time, before or after it did its work. With the
# gate open it need not spend seconds on loading the gate's engine.
VICTIM = """
import importlib, os, signal, sys
from data_contracts.gate import FINDINGS, GateResult
from pipeline import judging
from pipeline.load import load_files
from warehouse.home import Home
gate, home, where, name, nth, after, *files = sys.argv[1:]
if gate == "open":
    judging.hold = lambda frame, *_: GateResult("accepted", frame, frame.clear(), FINDINGS.to_frame(), (), ())
module = importlib.import_module(where)
whole, calls = getattr(module, name), []
def dying(*args, **kwargs):
    calls.append(name)
    if len(calls) < int(nth):
        return whole(*args, **kwargs)
    if after == "after":
        whole(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(module, name, dying)
load_files(Home.open(home), files)
"""
# Where it dies: module, function, which call of it, before or after the call.
DEATHS = [
    ("warehouse.records", "replace_months", 1, "before"),
    ("warehouse.records", "replace_months", 1, "after"),
    ("warehouse.records", "replace_months", 2, "after"),
    ("warehouse.organisations", "write", 1, "before"),
    ("warehouse.submissions", "record", 1, "before"),
    ("warehouse.submissions", "record", 1, "after"),
    ("warehouse.quarantine", "keep", 1, "after"),
    ("warehouse.submissions", "record", 2, "before"),
]


def kill(home: Path, death: tuple[str, str, int, str], *files: Path, gate: str = "open") -> None:
    where, name, nth, when = death
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TARGETS_")}
    victim = subprocess.run(
        [sys.executable, "-c", VICTIM, gate, str(home), where, name, str(nth), when, *map(str, files)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert victim.returncode == -signal.SIGKILL, victim.stderr.decode()


def contents(home: Home) -> dict[str, object]:
    return {
        "attendances": records.read(home, "ae_monthly").sort(pl.all()).rows(),
        "admissions": records.read(home, "ae_monthly_admissions").sort(pl.all()).rows(),
        "organisations": organisations.read(home).rows(),
        "submissions": submissions.read(home).select("file_name", "feed", "rows", "outcome").rows(),
        "quarantine": quarantine.count(home).height,
        "unfinished": (home.path / "loading.json").exists(),
    }


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch):
    for name in ("TARGETS_HOME", "TARGETS_DATABASE_URL", "TARGETS_RECORDS_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("death", DEATHS, ids=lambda death: " ".join(map(str, death)))
def test_the_same_command_again_finishes_it(tmp_path: Path, death: tuple[str, str, int, str]):
    files = [FIRST, MADE / "2025_no_total_row.csv"]
    undisturbed = Home.open(tmp_path / "undisturbed")
    load_files(undisturbed, files)
    kill(tmp_path / "killed", death, *files)
    home = Home.open(tmp_path / "killed")
    load_files(home, files)
    assert contents(home) == contents(undisturbed)
    assert {report.outcome for report in load_files(home, files)} == {ALREADY_LOADED}


def test_an_earlier_file_does_not_pass_for_what_a_killed_load_left(tmp_path: Path):
    corrected = tmp_path / "corrected.csv"
    corrected.write_text(
        FIRST.read_text().replace(",9400,", ",9401,").replace("Total,17000,", "Total,17001,")
    )
    home = Home.open(tmp_path / "home")
    load_files(home, [FIRST])
    kill(home.path, ("warehouse.submissions", "record", 1, "before"), corrected)
    assert records.read(home, "ae_monthly")["attendances"].sum() == 21698
    [report] = load_files(home, [FIRST])
    assert report.outcome == "accepted"
    assert records.read(home, "ae_monthly")["attendances"].sum() == 21697


def test_quarantined_rows_are_neither_lost_nor_doubled(tmp_path: Path):
    rows = pl.DataFrame(
        {
            "referral_id": [f"R{row:06d}" for row in range(300)],
            "received_date": [None, *(date(2026, 4, 1 + row % 28) for row in range(299))],
            "source_of_referral": "03",
            "treatment_function_code": "110",
            "provider_code": "XA1",
            "practice_code": "A00001",
        }
    )
    path = tmp_path / "referrals.parquet"
    rows.write_parquet(path)
    kill(tmp_path / "home", ("warehouse.quarantine", "keep", 1, "after"), path, gate="held")
    home = Home.open(tmp_path / "home")
    assert submissions.read(home).is_empty()
    load_files(home, [path])
    assert quarantine.read(home, FEED)["submission_id"].to_list() == submissions.read(home)["id"].to_list()
    assert records.rows(home, FEED) == 299
