"""Plans, recalculations and annotations on the command line; faults are sentences and change nothing."""

import io
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from metrics.indicators import all_indicators
from pipeline.cli import app
from pipeline.refresh import refresh
from warehouse import notes, observations, plans, signals
from warehouse.home import Home

ROOT = Path(__file__).resolve().parents[2]
SHARE = next(one.id for one in all_indicators().values() if one.kind == "proportion")
HEADER = "indicator,level,organisation,period,value"
BY_WHOM = ["--author", "A. Analyst"]
FROM = ["--from", "2025-04", *BY_WHOM]


def targets(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], env={"COLUMNS": "160"})


def rows(done: Result) -> pl.DataFrame:
    assert done.exit_code == 0, done.stderr
    return pl.read_csv(io.StringIO(done.stdout))


@pytest.fixture
def somewhere(small_home) -> str:
    home = Home.open(small_home)
    return observations.read(home, SHARE, levels=["provider"])["organisation"].drop_nulls().min()


@pytest.fixture
def plan_file(tmp_path):
    def write(text: str, header: str = HEADER) -> Path:
        path = tmp_path / "our plan.csv"
        path.write_text(f"{header}\n{text}\n")
        return path

    return write


@pytest.mark.parametrize("command", [["plans", "load"], ["plans", "list"]])
def test_every_command_of_a_group_has_an_example_and_is_in_the_readme(command):
    assert "Example" in targets(*command, "--help").stdout
    assert f"targets {' '.join(command)}" in (ROOT / "README.md").read_text()


def test_a_plan_is_loaded_listed_and_followed(own_home, somewhere, plan_file):
    path = plan_file(
        f"{SHARE},provider,{somewhere},2026-05,0.55,Board\n{SHARE},provider,{somewhere},2026-07-01,0.65,Board",
        f"{HEADER},set_by",
    )
    done = targets("plans", "load", path, "--home", own_home)
    assert done.exit_code == 0, done.stderr
    assert f"our plan.csv: 2 months of 1 plan for {SHARE}" in done.stdout
    assert rows(targets("plans", "list", "--home", own_home))["value"].to_list() == [0.55, 0.65]
    home = Home.open(own_home)
    refresh(home)
    found = observations.read(home, SHARE, levels=["provider"], organisations=[somewhere])
    drawn = dict(found.select(pl.col("period").dt.strftime("%Y-%m"), "path").iter_rows())
    assert drawn["2026-06"] == pytest.approx(0.60)
    again = plan_file(f"{SHARE},provider,{somewhere},2026-05,0.5")
    targets("plans", "load", again, "--home", own_home)
    assert plans.read(home)["value"].to_list() == [0.5]
    assert plans.read(home, past=True).height == 3


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("nonsense,provider,{org},2026-05,0.5", "indicator is not one of the dashboard's indicators"),
        ("{share},shop,{org},2026-05,0.5", "level is not a level that figures are given for (1 row; row 2"),
        ("{share},provider,NOBODY,2026-05,0.5", "organisation is no organisation that is known here"),
        ("{share},provider,{org},2026-05-14,0.5", "period is not a month"),
        ("{share},provider,{org},2026-05,50%", "value '50%' is not a number"),
        ("{share},provider,{org},2026-05,inf", "value 'inf' is not a number"),
        ("{share},provider,{org},2026-05,", "value is missing (1 row; row 2"),
        ("{share},provider,{org},2026-05,-1", "value is below 0"),
        ("{share},provider,{org},2026-05,78", "row 2, column 'value': 78 is more than 1"),
        (
            "{share},provider,{org},2026-05,0.5\n{share},provider,{org},2026-05-01,0.6",
            "2026-05 is there twice",
        ),
    ],
)
def test_a_faulty_plan_is_refused_whole(own_home, somewhere, plan_file, row, said):
    done = targets("plans", "load", plan_file(row.format(share=SHARE, org=somewhere)), "--home", own_home)
    assert done.exit_code == 1
    assert "our plan.csv" in done.stderr
    assert said in done.stderr
    assert plans.read(Home.open(own_home), past=True).is_empty()


def test_a_file_that_is_no_plan_is_refused(own_home, plan_file):
    done = targets("plans", "load", plan_file("1,2", "shoe,size"), "--home", own_home)
    assert done.exit_code == 1
    assert "the columns are not those of plans" in done.stderr


def test_a_recalculation_is_kept_followed_at_once_and_withdrawn(own_home, somewhere):
    home = Home.open(own_home)
    was = signals.read(home, SHARE)
    done = targets(
        "recalculate", "--indicator", SHARE, "--organisation", somewhere, "--reason", "New unit", *FROM,
        "--home", own_home,
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    [note] = notes.read(home).to_dicts()
    assert (note["kind"], note["reason"], note["author"]) == ("recalculation", "New unit", "A. Analyst")
    now = signals.read(home, SHARE)
    assert set(now.filter(pl.col("recalculated").is_not_null())["organisation"]) == {somewhere}
    assert refresh(home).lines == []
    assert rows(targets("notes", "--home", own_home))["id"].to_list() == [note["id"]]
    assert targets("notes", "--withdraw", note["id"], *BY_WHOM, "--home", own_home).exit_code == 0
    assert signals.read(home, SHARE).equals(was)
    assert rows(targets("notes", "--past", "--home", own_home))["withdrawn_by"].to_list() == ["A. Analyst"]


def test_a_fixed_baseline_is_kept_followed_at_once_and_withdrawn(own_home, somewhere):
    home = Home.open(own_home)
    was = signals.read(home, SHARE)
    about = ["--indicator", SHARE, "--organisation", somewhere, "--reason", "Agreed by the board", *FROM]
    early = targets("recalculate", *about, "--to", "2019-01", "--home", own_home)
    assert early.exit_code == 1
    assert "is not after --from" in early.stderr
    months = observations.read(home, SHARE, organisations=[somewhere]).filter(status="final")["period"]
    start, end = months.min(), months.sort()[11]
    about[-1 if about[-2] == "--from" else about.index("--from") + 1] = f"{start:%Y-%m}"
    done = targets("recalculate", *about, "--to", f"{end:%Y-%m}", "--home", own_home)
    assert done.exit_code == 0, done.stderr
    assert f"are taken from {start:%Y-%m} to {end:%Y-%m}" in done.stdout
    assert notes.read(home)["until"].to_list() == [end]
    held = observations.read(home, SHARE, organisations=[somewhere]).filter(status="final")
    first = held.filter(pl.col("period") <= end).group_by("level", "basis").agg(pl.col("value").mean())
    now = signals.read(home, SHARE).filter(organisation=somewhere).join(first, on=["level", "basis"])
    assert now["mean"].to_list() == pytest.approx(now["value"].to_list())
    assert now["recalculated"].null_count() == now.height > 0
    assert refresh(home).lines == []
    assert (
        targets("notes", "--withdraw", notes.read(home)["id"][0], *BY_WHOM, "--home", own_home).exit_code == 0
    )
    assert signals.read(home, SHARE).equals(was)


def test_an_annotation_changes_no_signal(own_home):
    home = Home.open(own_home)
    was = signals.read(home, breakdown=None)
    done = targets("annotate", "--indicator", SHARE, "--reason", "Strike", *FROM, "--home", own_home)
    assert done.exit_code == 0, done.stderr
    assert notes.read(home)["kind"].to_list() == ["annotation"]
    assert signals.read(home, breakdown=None).equals(was)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--indicator", "nonsense", "--reason", "x", *FROM], "there is no indicator 'nonsense'"),
        (["--indicator", SHARE, "--reason", "x", "--from", "May", *BY_WHOM], "--from 'May' is not a month"),
        (["--indicator", SHARE, "--reason", " ", *FROM], "needs a reason and an author"),
        (["--indicator", SHARE, "--reason", "x", "--organisation", "NOBODY", *FROM], "no figures for"),
    ],
)
def test_a_note_about_nothing_is_refused(own_home, arguments, said):
    done = targets("recalculate", *arguments, "--home", own_home)
    assert done.exit_code == 1
    assert said in done.stderr
    assert notes.read(Home.open(own_home), past=True).is_empty()
