"""The command line as its users type it: real processes, real exit codes; help needs no process."""

import io
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.export import COLUMNS

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = sorted(
    command.name or command.callback.__name__ for command in app.registered_commands if command.callback
)


def targets(*arguments: str, home: Path | None = None, text: bool = True) -> subprocess.CompletedProcess:
    environment = {**os.environ, "COLUMNS": "160", "NO_COLOR": "1"}
    environment.pop("TARGETS_HOME", None)
    if home is not None:
        environment["TARGETS_HOME"] = str(home)
    code = "from pipeline.cli import app; app(prog_name='targets')"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=text,
        env=environment,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_and_is_in_the_readme(command):
    shown = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "160", "NO_COLOR": "1"})
    assert shown.exit_code == 0
    assert "Example" in shown.stdout
    assert f"targets {command}" in (ROOT / "README.md").read_text()


def test_observations_as_csv_json_and_parquet(small_home):
    choice = ["observations", "--indicator", "four_hour_ed", "--level", "provider", "--from", "2026-04"]
    frames = {
        "csv": pl.read_csv(
            io.BytesIO(targets(*choice, home=small_home, text=False).stdout), try_parse_dates=True
        ),
        "parquet": pl.read_parquet(
            io.BytesIO(targets(*choice, "--format", "parquet", home=small_home, text=False).stdout)
        ),
    }
    rows = json.loads(targets(*choice, "--format", "json", home=small_home).stdout)
    for frame in frames.values():
        assert tuple(frame.columns) == COLUMNS
        assert frame.height == len(rows) > 0
        assert frame["value"].to_list() == [row["value"] for row in rows]
        assert [str(period) for period in frame["period"]] == [row["period"] for row in rows]
    assert {row["breakdown"] for row in rows} == {"all"}
    assert min(row["period"] for row in rows) >= "2026-04-01"


def test_home_may_be_given_before_or_after_the_command(small_home):
    before = targets("--home", str(small_home), "status", "--json")
    after = targets("status", "--json", "--home", str(small_home))
    assert json.loads(before.stdout) == json.loads(after.stdout) != []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--indicator", "nonsense"], "no indicator 'nonsense'"),
        (["--indicator", "four_hour_ed", "--from", "June"], "--from 'June' is not a month"),
        (["--indicator", "four_hour_ed", "--breakdown", "shoe_size"], "no breakdown 'shoe_size'"),
        (["--indicator", "four_hour_ed", "--as-known-on", "yesterday"], "is not a date"),
    ],
)
def test_a_wrong_choice_gets_one_sentence_and_exit_code_1(small_home, arguments, said):
    done = targets("observations", *arguments, home=small_home)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_load_reports_every_file_as_json_and_exits_2_when_one_is_refused(tmp_path, demo_files):
    good = demo_files / "organisations.parquet"
    bad = tmp_path / "bad.csv"
    bad.write_text("shoe,size\n1,2\n")
    done = targets("load", str(good), str(bad), "--json", home=tmp_path / "home")
    reports = json.loads(done.stdout)
    assert done.returncode == 2
    assert [set(report) for report in reports] == [
        {"file", "feed", "periods", "rows", "accepted", "quarantined", "outcome", "reasons"}
    ] * 2
    outcomes = {Path(report["file"]).name: report["outcome"] for report in reports}
    assert outcomes == {"organisations.parquet": "accepted", "bad.csv": "refused"}
    assert "Traceback" not in done.stderr


def test_load_says_one_line_a_file(tmp_path, demo_files):
    done = targets("load", str(demo_files / "organisations.parquet"), home=tmp_path / "home")
    assert done.returncode == 0
    assert re.search(
        r"organisations\.parquet: organisations, .* accepted, 0 quarantined: accepted", done.stdout
    )


def test_status_of_an_empty_home_says_what_to_do(tmp_path):
    done = targets("status", home=tmp_path / "home")
    assert done.returncode == 0
    assert "targets load" in done.stdout


def test_serving_on_a_taken_port_says_so(small_home):

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = targets("serve", "--port", str(taken.getsockname()[1]), home=small_home)
    assert done.returncode == 1
    assert "give another --port" in done.stderr
    assert "Traceback" not in done.stderr


def test_stopping_the_command_stops_the_server(small_home):
    """One process: a service manager that stops `targets serve` leaves nothing listening."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "TARGETS_HOME": str(small_home)}
    code = "from pipeline.cli import app; app(prog_name='targets')"
    server = subprocess.Popen(
        [sys.executable, "-c", code, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 90
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                    assert answer.status == 200
                break
            except OSError:
                assert server.poll() is None and time.monotonic() < deadline, "it did not start"
                time.sleep(0.2)
    finally:
        server.terminate()
        server.wait(timeout=30)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
