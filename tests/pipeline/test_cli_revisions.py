"""`targets revisions` on two real issues of June 2025, and what it refuses."""

import io
import json

import polars as pl
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from warehouse.revisions import COLUMNS


@pytest.fixture(scope="module")
def two_issues(published, tmp_path_factory):
    """A home with the first issue of June 2025, then the revised one, then the first month of all again."""
    home = tmp_path_factory.mktemp("two_issues")
    first = next((published / "ae_monthly_earlier_issues").glob("2025-06__*"))
    second = next((published / "ae_monthly").glob("2025-06__*"))
    for file in (first, second):
        done = CliRunner().invoke(app, ["load", str(file), "--home", str(home)])
        assert done.exit_code == 0, done.output
    return home


def run(home, *arguments: str):
    return CliRunner().invoke(app, ["revisions", *arguments, "--home", str(home)])


def test_england_june_2025_as_it_was_revised(two_issues):
    done = run(two_issues, "--level", "england", "--period", "2025-06", "--format", "json")
    (row,) = json.loads(done.stdout)
    assert (row["denominator_before"], row["denominator_after"]) == (2350478, 2351581)
    assert f"{100 * row['value_before']:.4f} {100 * row['value_after']:.4f}" == "75.5450 75.5565"
    assert row["denominator_change"] == 1103
    assert not row["flagged"]
    assert row["file_name"].startswith("2025-06__")
    assert row["files"] == 1
    assert len(row["sha256"]) == 64


def test_what_was_revised_for_england_was_revised_for_its_providers(two_issues):
    got = pl.read_csv(io.StringIO(run(two_issues).stdout), infer_schema_length=None)
    assert tuple(got.columns) == COLUMNS
    assert set(got["kind"]) == {"revised"}
    by_level = dict(got.group_by("level").agg(pl.col("denominator_change").sum()).iter_rows())
    assert by_level == {"england": 1103, "region": 1103, "provider": 1103}
    flagged = pl.read_csv(io.StringIO(run(two_issues, "--flagged").stdout), infer_schema_length=None)
    assert set(flagged["level"]) == {"provider"}
    assert (flagged["denominator_share"].abs() > 0.01).all()


def test_nothing_was_revised_before_the_first_file_came(two_issues):
    assert run(two_issues, "--as-known-on", "2020-01-01").stdout.strip() == ",".join(COLUMNS)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--indicator", "no_such"], "there is no indicator 'no_such'"),
        (["--period", "2025-06", "--from", "2025-01"], "give one or the other"),
        (["--period", "June"], "not a month"),
    ],
)
def test_what_it_cannot_do_it_says(tmp_path, arguments, told):
    done = run(tmp_path, *arguments)
    assert done.exit_code != 0
    assert told in done.stderr
