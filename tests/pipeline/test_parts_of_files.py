"""A part of a published file fills a month that nobody sent, and never takes the place of a whole one."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data_contracts.contract import Volumes, load_contract
from pipeline.load import PART_HELD, LoadReport, load_files
from warehouse import records, submissions
from warehouse.home import Home

WHOLE = Path(__file__).parent.parent / "data" / "drd" / "2025_every_data_type.csv"
MONTH = date(2025, 3, 1)


@pytest.fixture
def home(tmp_path: Path):
    opened = Home.open(tmp_path / "home")
    yield opened
    opened.close()


def sent(folder: Path, name: str, month: str = "March 2025", lines: int | None = None) -> Path:
    text = WHOLE.read_text().replace("March 2025", month)
    path = folder / name
    path.write_text("".join(text.splitlines(keepends=True)[: None if lines is None else lines + 1]))
    return path


def load(home: Home, path: Path) -> LoadReport:
    (report,) = load_files(home, [path])
    return report


def levels(home: Home, month: date = MONTH) -> set[str]:
    return set(records.read(home, "drd", [month])["level"])


def test_a_part_fills_an_empty_month_with_a_finding_everyone_can_see(home: Home, tmp_path: Path):
    report = load(home, sent(tmp_path, "first_rows.csv", lines=10))
    assert (report.outcome, report.periods, report.rows) == ("accepted", (MONTH,), 1)
    assert "This is a part of a file" in " ".join(report.reasons)
    assert levels(home) == {"england"}
    assert "part_of_a_file" in submissions.findings(home)["rule"].to_list()


def test_a_part_never_takes_the_place_of_a_whole_month(home: Home, tmp_path: Path):
    load(home, sent(tmp_path, "whole.csv"))
    before = records.read(home, "drd")
    part = sent(tmp_path, "Revised_part.csv", lines=10)
    for _ in range(2):
        report = load(home, part)
        assert report.outcome == PART_HELD
        assert report.reasons == (
            "Revised_part.csv: a part of what is held whole, from whole.csv. Nothing of it was stored.",
        )
    assert records.read(home, "drd").equals(before)


def test_in_one_command_either_way_round_the_whole_stays(home: Home, tmp_path: Path):
    part, whole = sent(tmp_path, "part.csv", lines=10), sent(tmp_path, "whole.csv")
    load_files(home, [part, whole])
    assert "provider" in levels(home)
    load_files(home, [whole, part])
    assert "provider" in levels(home)


def test_a_whole_file_takes_the_place_of_a_part_though_its_name_says_an_earlier_issue(
    home: Home, tmp_path: Path
):
    load(home, sent(tmp_path, "Discharge-March-2025-Revised__first30rows.csv", lines=10))
    report = load(home, sent(tmp_path, "Discharge-March-2025.csv"))
    assert report.outcome == "accepted"
    assert "provider" in levels(home)


def test_parts_tell_nothing_of_how_many_rows_are_usual(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    strict = replace(load_contract("drd"), volumes=Volumes(ignore_differences_under_rows=2))
    monkeypatch.setattr("pipeline.intake.load_contract", lambda feed: strict)
    months = ["October 2024", "November 2024", "December 2024", "January 2025"]
    for month in months:
        assert load(home, sent(tmp_path, f"{month} part.csv", month, lines=10)).outcome == "accepted"
    report = load(home, sent(tmp_path, "February 2025.csv", "February 2025"))
    assert report.outcome == "accepted", report.reasons
    assert load(home, sent(tmp_path, "April part.csv", "April 2025", lines=10)).outcome == "accepted"


def test_a_finding_outlives_the_command(tmp_path: Path):
    path = tmp_path / "home"
    part, whole = sent(tmp_path, "part.csv", lines=10), sent(tmp_path, "whole.csv")
    for file in (part, whole, part):
        home = Home.open(path)
        load_files(home, [file])
        held = records.read(home, "drd")
        home.close()
    assert held.filter(pl.col("level") == "provider").height > 0
