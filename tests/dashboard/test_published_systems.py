"""Pages and commands at the level of systems, where published figures are by provider and lists say whose."""

import io
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from pipeline import first_run
from pipeline.cli import app as commands
from warehouse import forecasts
from warehouse.home import Home

DATA = Path(__file__).resolve().parents[2] / "tests" / "data"
OVERVIEW, TRAJECTORY = "pages/summary/overview.py", "pages/trajectories/trajectory.py"
LIST = """Code,Name,ICB Code,ICB Name,Region Name
XA1,Woldside Hospitals,QOQ,NHS Humber And North Yorkshire Integrated Care Board,North East And Yorkshire
XF7,Trialford NHS Foundation Trust,QJK,NHS Devon Integrated Care Board,South West
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Path:
    """Made A&E files, and a list that places two of their providers."""
    top = tmp_path_factory.mktemp("systems")
    shutil.copytree(DATA / "ae_monthly", top / "published" / "ae_monthly")
    (top / "reference").mkdir()
    (top / "reference" / "2022-07 System-Mapping.csv").write_text(LIST, encoding="utf-8")
    home = Home.open(top / "home")
    first_run.prepare_public(home, top / "published")
    home.close()
    return top / "home"


def words(app) -> str:
    tables = [" ".join(map(str, [*t.value.index, *t.value.to_numpy().ravel()])) for t in app.table]
    said = [*app.markdown, *app.title, *app.header, *app.info, *app.caption, *app.warning, *app.error]
    return " ".join([*(one.value for one in said), *tables]).replace("\xa0", " ")


VIEW = {"level": "system", "organisation": "QOQ", "measure": "four_hour_ed", "basis": "published"}


@pytest.mark.parametrize(
    "page",
    [
        OVERVIEW,
        TRAJECTORY,
        "pages/boards/board.py",
        "pages/systems/compare.py",
        "pages/systems/heat_map.py",
    ],
)
def test_pages_show_a_system_by_name(open_page, world: Path, page: str):
    app = open_page(page, home=world, **VIEW)
    assert not app.exception
    said = words(app)
    assert "cannot be shown" not in said
    assert "There are no figures for systems here." not in said
    assert "humber and north yorkshire" in said.casefold()


def test_the_coverage_page_counts_systems(open_page, world: Path):
    app = open_page("pages/assurance/coverage.py", home=world, **VIEW)
    assert not app.exception
    assert "1 of 2 systems (50%) reported in June 2025." in words(app)


@pytest.mark.parametrize("footprint", ["today", "as-was"])
def test_the_command_gives_systems_and_the_unattributed(world: Path, monkeypatch, footprint: str):
    monkeypatch.setenv("TARGETS_HOME", str(world))
    asked = ["observations", "--indicator", "four_hour_ed", "--level", "system", "--basis", "published"]
    done = CliRunner().invoke(commands, [*asked, "--footprint", footprint])
    assert done.exit_code == 0, done.output
    found = pl.read_csv(io.StringIO(done.stdout), try_parse_dates=True).filter(
        pl.col("period") == date(2021, 11, 1)
    )
    counts = {code: (n, d) for code, n, d in found.select("organisation", "numerator", "denominator").rows()}
    assert counts == NOVEMBER


SEEN, OVER = 9100 + 450 + 2400 + 120 + 3 + 210, 3200 + 11 + 60 + 14 + 0 + 2
NOVEMBER = {"QOQ": (SEEN - OVER, SEEN), "QJK": (8440, 8440), "unattributed": (4000, 4000)}
"""By hand from tests/data/ae_monthly/2021_twenty_two_columns.csv; nobody lists Paddock Lane."""


def test_a_systems_series_is_foreseen_like_any_other(world: Path):
    home = Home.open(world)
    found = forecasts.records(home, "four_hour_ed", basis="published")
    home.close()
    assert {"QOQ", "QJK"} <= set(found.filter(level="system")["organisation"])
