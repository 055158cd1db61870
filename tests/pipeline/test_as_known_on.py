"""Every command that writes figures can write them as they stood on an earlier day."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from warehouse import counts, delta
from warehouse.home import Home

FUNNEL = ("funnel", "--indicator", "four_hour_ed", "--level", "neighbourhood", "--period", "2026-05")
PARTS = ("contribution", "--indicator", "four_hour_ed", "--level", "system", "--by", "neighbourhood,provider")


def run(home, *arguments: str) -> str:
    done = CliRunner().invoke(app, [*arguments, "--home", str(home)])
    assert done.exit_code == 0, done.stderr
    return done.stdout


@pytest.fixture
def corrected(own_home, demo_files, tmp_path):
    """A home whose May 2026 came again with a twentieth fewer attendances, and the moment before it did."""
    organisation = pl.read_csv(
        run(own_home, "observations", "--indicator", "four_hour_ed", "--level", "system").encode()
    ).filter(pl.col("organisation") != "unattributed")["organisation"][0]
    commands = [FUNNEL, (*PARTS, "--organisation", organisation, "--period", "2026-05")]
    before = [run(own_home, *command) for command in commands]
    moment = datetime.now(UTC)
    whole = pl.concat(
        pl.read_parquet(file) for file in sorted(demo_files.glob("emergency_care_attendances*.parquet"))
    )
    month = pl.col("arrival_datetime").dt.strftime("%Y-%m") == "2026-05"
    whole.filter(month).gather_every(20).select("attendance_id").pipe(
        lambda dropped: whole.filter(month).join(dropped, on="attendance_id", how="anti")
    ).write_parquet(tmp_path / "again.parquet")
    run(own_home, "load", str(tmp_path / "again.parquet"))
    run(own_home, "refresh", "--without-forecasts")
    return own_home, moment, list(zip(commands, before, strict=True))


def test_funnel_and_contribution_as_they_were_before_a_correction(corrected):
    home, moment, commands = corrected
    for command, before in commands:
        assert run(home, *command) != before, "the correction moved them"
        assert run(home, *command, "--as-known-on", moment.isoformat()) == before


def test_before_anything_was_known_each_says_so(corrected):
    home, _, commands = corrected
    for command, _ in commands:
        done = CliRunner().invoke(app, [*command, "--as-known-on", "2020-01-01", "--home", str(home)])
        assert done.exit_code != 0
        assert "as known on 2020-01-01" in done.stderr


def test_counts_before_the_first_are_none(small_home):
    home = Home.open(small_home)
    assert delta.stored(home, counts.TABLE, datetime(2020, 1, 1, tzinfo=UTC)) is None
    assert counts.read(home, as_known_on=datetime(2020, 1, 1, tzinfo=UTC)).collect().is_empty()
    now = counts.read(home, as_known_on=datetime.now(UTC) + timedelta(days=1)).collect()
    assert now.height == counts.read(home).collect().height > 0
    home.close()


def test_notes_as_they_stood(own_home):
    said = (
        "--indicator",
        "four_hour_ed",
        "--from",
        "2026-05",
        "--reason",
        "A move",
        "--author",
        "A. Analyst",
    )
    empty = run(own_home, "notes", "--as-known-on", datetime.now(UTC).isoformat())
    run(own_home, "annotate", *said)
    written = datetime.now(UTC)
    number = pl.read_csv(run(own_home, "notes").encode())["id"][0]
    run(own_home, "notes", "--withdraw", str(number), "--author", "A. Analyst")
    assert len(run(own_home, "notes").splitlines()) == len(empty.splitlines()) == 1
    then = run(own_home, "notes", "--as-known-on", written.isoformat())
    assert "A move" in then
    assert "A move" not in run(own_home, "notes", "--as-known-on", "2020-01-01")
