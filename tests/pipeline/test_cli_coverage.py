"""`targets coverage` on real files: the field test of 2019 to 2023, and the trusts with acceptable data."""

import io
import json

import polars as pl
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.sources.ae_monthly.layout import NOT_REPORTING
from warehouse.coverage import CELLS, MONTHS

FOUR_HOUR, DISCHARGED = "four_hour_ed", "discharged_on_ready_date"


@pytest.fixture(scope="module")
def real_home(published, tmp_path_factory):
    """A few real months: before, within and after the field test, and the discharges of three months."""
    home = tmp_path_factory.mktemp("coverage")
    months = ("2018-04", "2022-11", "2023-05", "2025-05")
    files = [next((published / "ae_monthly").glob(f"{month}__*")) for month in months]
    files += sorted((published / "drd").glob("*"))[:3]
    done = CliRunner().invoke(app, ["load", *map(str, files), "--home", str(home)])
    assert done.exit_code == 0, done.output
    return home


@pytest.fixture
def coverage(real_home):
    def go(*arguments: str) -> pl.DataFrame:
        done = CliRunner().invoke(app, ["coverage", *arguments, "--home", str(real_home)])
        assert done.exit_code == 0, done.stderr
        return pl.read_csv(io.StringIO(done.stdout), infer_schema_length=None)

    return go


def test_the_trusts_of_the_field_test_did_not_report(coverage):
    got = coverage("--indicator", FOUR_HOUR, "--from", "2022-11", "--to", "2022-11")
    assert tuple(got.columns) == CELLS
    silent = set(got.filter(state="not_reported")["organisation"])
    declared = {
        "RC9",
        "RDU",
        "RFR",
        "RGR",
        "RGT",
        "RHU",
        "RK9",
        "RNQ",
        "RQM",
        "RVW",
        "RX1",
        "RXF",
        "RYJ",
        "R0D",
    }
    assert silent == declared
    assert silent <= set(NOT_REPORTING)
    before = coverage("--indicator", FOUR_HOUR, "--from", "2018-04", "--to", "2018-04")
    assert "not_reported" not in set(before["state"])


def test_england_says_which_share_of_trusts_it_covers(coverage):
    got = coverage("--indicator", FOUR_HOUR, "--rows", "months")
    assert tuple(got.columns) == MONTHS
    held = got.filter(pl.col("verdict") != "no figures held")
    row = held.filter(period="2022-11-01").row(0, named=True)
    assert row["england_expected"] - row["england_reporting"] == 14
    assert row["not_reported"] == 14
    assert row["england_share"] == pytest.approx(row["england_reporting"] / row["england_expected"])
    assert held.filter(period="2018-04-01")["england_share"][0] == 1
    assert got.filter(period="2020-04-01").row(0, named=True)["verdict"] == "no figures held"


def test_discharges_keep_the_trusts_with_acceptable_data(coverage):
    got = coverage("--indicator", DISCHARGED, "--rows", "months", "--basis", "published")
    april = got.filter(period="2024-04-01").row(0, named=True)
    assert (april["england_reporting"], april["england_expected"]) == (120, 135)
    assert april["england_share"] == pytest.approx(0.889, abs=5e-4)


def test_a_fixed_panel_has_the_same_trusts_in_every_month(coverage):
    got = coverage("--indicator", DISCHARGED, "--rows", "panel")
    assert got["organisations"].n_unique() == 1
    every = coverage("--indicator", DISCHARGED)
    months = every.group_by("organisation").agg((pl.col("state") == "present").sum())
    assert got["organisations"][0] == months.filter(pl.col("state") == got.height).height < 120
    assert ((got["share"] > 0.8) & (got["share"] < 1)).all()
    assert got["value"].to_list() == pytest.approx((got["numerator"] / got["denominator"]).to_list())


def test_as_known_before_anything_came_there_is_nothing_and_it_says_so(real_home):
    arguments = [
        "coverage",
        "--indicator",
        FOUR_HOUR,
        "--as-known-on",
        "2020-01-01",
        "--home",
        str(real_home),
    ]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code != 0
    assert "as known on 2020-01-01" in done.stderr


def test_json_is_a_list_of_cells(real_home):
    arguments = ["coverage", "--indicator", FOUR_HOUR, "--format", "json", "--home", str(real_home)]
    cells = json.loads(CliRunner().invoke(app, arguments).stdout)
    assert set(cells[0]) == set(CELLS)
