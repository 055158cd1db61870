"""A figure's receipt: what it was made from, walked back to the files."""

import json
from datetime import UTC, date, datetime

import polars as pl
import pytest
from typer.testing import CliRunner

from metrics.indicators import all_indicators
from pipeline.cli import app
from pipeline.load import load_files
from pipeline.refresh import refresh
from warehouse import observations, receipts
from warehouse.home import Home

FOUR_HOUR = all_indicators()["four_hour_ed"]
PERIOD = date(2026, 6, 1)


@pytest.fixture(scope="module")
def home(small_home):
    opened = Home.open(small_home)
    yield opened
    opened.close()


def point(level: str, organisation: str, **also) -> receipts.Point:
    return receipts.Point(
        indicator=FOUR_HOUR.id,
        level=level,
        organisation=organisation,
        **{"period": PERIOD, "basis": "local", **also},
    )


@pytest.mark.parametrize(
    ("level", "organisation", "beneath"),
    [
        ("england", "E92000001", "region"),
        ("region", "Y90", "system"),
        ("system", "QZ2", "place"),
        ("place", "E06999002", "neighbourhood"),
    ],
)
def test_a_figure_is_the_sum_of_the_organisations_its_receipt_lists(home, level, organisation, beneath):
    receipt = receipts.read(home, FOUR_HOUR, point(level, organisation))
    assert set(receipt.parts["level"]) == {beneath}
    assert receipt.parts["numerator"].sum() == receipt.figure["numerator"]
    assert receipt.parts["denominator"].sum() == receipt.figure["denominator"]


def test_the_figure_is_the_observation_itself(home):
    receipt = receipts.read(home, FOUR_HOUR, point("place", "E06999002"))
    stored = observations.read(
        home, FOUR_HOUR.id, levels=["place"], organisations=["E06999002"], start=PERIOD, end=PERIOD
    ).row(0, named=True)
    assert {name: receipt.figure[name] for name in observations.MEASURES} == {
        name: stored[name] for name in observations.MEASURES
    }
    assert receipt.definition["version"] == stored["definition_version"]
    assert receipt.figure["run"].startswith("refresh")


def test_every_feed_has_the_file_that_was_accepted_for_it(home):
    receipt = receipts.read(home, FOUR_HOUR, point("provider", "XA1"))
    assert set(receipt.files["feed"]) == {*FOUR_HOUR.all_feeds, "organisations", "neighbourhood_map"}
    monthly = receipt.files.filter(pl.col("feed") == "emergency_care_attendances")
    assert monthly["period"].to_list() == [PERIOD]
    assert monthly["file_name"].to_list() == ["emergency_care_attendances_2026-06.parquet"]
    assert (monthly["accepted"] + monthly["quarantined"]).item() <= monthly["rows"].item()
    assert receipt.files["sha256"].str.len_chars().unique().to_list() == [64]
    assert set(receipt.findings["submission_id"]) <= set(receipt.files["id"])


def test_a_replaced_month_keeps_both_issues_and_each_names_its_own_file(own_home, demo_files, tmp_path):
    home = Home.open(own_home)
    before = datetime.now(UTC)
    name = "emergency_care_attendances_2026-06.parquet"
    fewer = pl.read_parquet(demo_files / name)
    (tmp_path / "again").mkdir()
    fewer.head(fewer.height * 9 // 10).write_parquet(tmp_path / "again" / name)
    load_files(home, [tmp_path / "again" / name])
    refresh(home)
    now = receipts.read(home, FOUR_HOUR, point("england", "E92000001"))
    then = receipts.read(home, FOUR_HOUR, point("england", "E92000001", as_known_on=before))
    home.close()
    assert now.issues.height == then.issues.height == 2
    assert now.figure["denominator"] < then.figure["denominator"]
    hashes = [
        one.files.filter(pl.col("feed") == "emergency_care_attendances")["sha256"].item()
        for one in (now, then)
    ]
    assert hashes[0] != hashes[1]


def test_no_such_figure_is_none_and_a_sentence_on_the_command_line(home, small_home):
    assert receipts.read(home, FOUR_HOUR, point("place", "NOWHERE")) is None
    assert receipts.read(home, FOUR_HOUR, point("england", "E92000001", as_known_on=date(2020, 1, 1))) is None
    done = _run(small_home, organisation="NOWHERE")
    assert done.exit_code == 1
    assert "there is no local figure of four_hour_ed for england NOWHERE in 2026-06" in done.stderr


def test_the_command_writes_the_whole_receipt_with_every_rule(small_home):
    done = _run(small_home)
    assert done.exit_code == 0, done.stderr
    whole = json.loads(done.stdout)
    assert whole["value"] == whole["numerator"] / whole["denominator"]
    assert sum(part["numerator"] for part in whole["parts"]) == whole["numerator"]
    outcomes = {rule["outcome"] for rule in whole["rules"]}
    assert "passed" in outcomes
    assert outcomes <= {"passed", "set aside", "noted"}
    set_aside = [rule for rule in whole["rules"] if rule["outcome"] == "set aside"]
    assert all(rule["rows"] > 0 and rule["reason"] for rule in set_aside)


def _run(home, **changes):
    options = {
        "indicator": "four_hour_ed",
        "level": "england",
        "organisation": "E92000001",
        "period": "2026-06",
        **changes,
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return CliRunner().invoke(app, ["receipt", *words, "--home", str(home)])
