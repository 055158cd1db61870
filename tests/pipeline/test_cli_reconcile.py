"""`targets reconcile`: a trust's own records beside its published return; and checks as findings."""

import io
import shutil
from datetime import UTC, datetime

import polars as pl
import pytest
from typer.testing import CliRunner

from metrics.indicators import all_indicators
from pipeline.cli import app
from pipeline.load import load_files
from warehouse import observations, reconciliation, runs
from warehouse.home import Home

SHARE = next(one for one in all_indicators().values() if one.kind == "proportion" and one.published)


@pytest.fixture(scope="module")
def both(small_home, tmp_path_factory):
    """The small region, its own figures "published": one trust's a tenth too low, the other's once silent."""
    folder = tmp_path_factory.mktemp("both") / "home"
    shutil.copytree(small_home, folder)
    home = Home.open(folder)
    held = observations.read(home, SHARE.id, ["provider"], basis="local")
    codes = sorted(set(held["organisation"]) - {"unattributed"})
    assert len(codes) == 2
    theirs = held.filter(pl.col("organisation").is_in(codes)).with_columns(basis=pl.lit("published"))
    low = pl.col("organisation") == codes[0]
    silent = (pl.col("organisation") == codes[1]) & (pl.col("period") == pl.col("period").max())
    factor = pl.when(low).then(0.9).otherwise(1.0)
    theirs = theirs.with_columns(pl.col("numerator") * factor, pl.col("value") * factor).with_columns(
        *(pl.when(~silent).then(name).alias(name) for name in ("numerator", "value")),
        status=pl.when(silent).then(pl.lit("not_reported")).otherwise("status"),
    )
    run = runs.start(home, "test")
    observations.write(home, theirs, SHARE.id, "published", None, run, datetime.now(UTC))
    home.close()
    return folder, codes


def reconcile(folder, *arguments: str) -> pl.DataFrame:
    done = CliRunner().invoke(app, ["reconcile", *arguments, "--home", str(folder)])
    assert done.exit_code == 0, done.stderr
    return pl.read_csv(io.StringIO(done.stdout), infer_schema_length=None)


def test_each_trust_and_month_has_an_outcome(both):
    folder, (low, other) = both
    got = reconcile(folder, "--indicator", SHARE.id)
    assert tuple(got.columns) == reconciliation.COLUMNS
    assert set(got.filter(organisation=low)["outcome"]) == {"differs"}
    rows = got.filter(organisation=other).sort("period")
    assert rows["outcome"].to_list() == ["agrees"] * (rows.height - 1) + ["cannot compare"]
    assert rows["reason"][-1] == "the published figure is not reported"
    wrong = reconcile(folder, "--outcome", "differs")
    assert set(wrong["organisation"]) == {low}
    assert wrong["difference"].to_list() == pytest.approx((wrong["published_value"] / 9).to_list())


def test_as_known_before_the_publication_nothing_is_compared(both):
    got = reconcile(both[0], "--as-known-on", "2020-01-01")
    assert got.is_empty()


def test_a_measure_that_nobody_publishes_is_refused_in_a_sentence(both):
    local = next(one for one in all_indicators().values() if one.published is None)
    done = CliRunner().invoke(app, ["reconcile", "--indicator", local.id, "--home", str(both[0])])
    assert done.exit_code != 0
    assert "no published figures" in done.stderr


def test_every_check_of_a_real_file_is_a_finding_with_an_outcome(published, tmp_path):
    home = Home.open(tmp_path)
    files = [
        next((published / "ae_monthly").glob("2025-06__*")),
        sorted((published / "drd").glob("*"))[0],
        next((published / "ambsys").glob("*.csv")),
    ]
    load_files(home, files)
    found = {(row["feed"], row["check"]): row["outcome"] for row in reconciliation.checks(home).to_dicts()}
    home.close()
    assert found["ae_monthly", "Providers against the TOTAL row"] == "agrees"
    assert found["drd", "Published shares and means against their counts"] == "agrees"
    assert found["drd", "Systems against England"] == "agrees"
    assert found["drd", "Providers against England"] == "differs", "one trust of April 2024 has no row"
    assert found["drd", "Places against England"] == "cannot compare"
    assert ("ambsys", "Services against England, and items against their parts") in found
