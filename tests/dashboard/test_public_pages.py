"""Every page in public mode: made published files alone, through the real loader. Never a traceback."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from metrics.indicators import all_indicators
from pipeline import first_run
from warehouse.home import Home

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
PAGES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "pages").rglob("*.py"))
SORRY = "Sorry, this page cannot be shown"
OVERVIEW, TRAJECTORY = "pages/summary/overview.py", "pages/trajectories/trajectory.py"
PUBLISHED = "pages/assurance/published.py"


@pytest.fixture(scope="session")
def public_world(tmp_path_factory) -> Path:
    """A home as `make run PUBLIC=1` leaves it, from made files."""
    top = tmp_path_factory.mktemp("public")
    for feed in ("ae_monthly", "drd", "ambsys", "discharge_sitrep"):
        shutil.copytree(DATA / feed, top / "published" / feed)
    shutil.copytree(DATA / "system_mapping", top / "reference")
    home = Home.open(top / "home")
    first_run.prepare_public(home, top / "published")
    home.close()
    return top / "home"


def words(app) -> str:
    tables = [" ".join(map(str, [*t.value.columns, *t.value.to_numpy().ravel()])) for t in app.table]
    said = [*app.markdown, *app.title, *app.header, *app.info, *app.caption]
    return " ".join([*(one.value for one in said), *tables])


@pytest.mark.parametrize("page", PAGES)
def test_every_page_with_published_figures_alone(open_page, public_world, page):
    app = open_page(page, home=public_world)
    assert not app.exception
    assert [title.value for title in app.title] not in ([], [SORRY])
    said = words(app)
    assert "Synthetic data" not in said
    assert "Open Government Licence" in said


def test_the_overview_begins_with_england_and_says_why_the_rest_is_not_there(open_page, public_world):
    app = open_page(OVERVIEW, home=public_world)
    assert app.title[0].value.startswith("England")
    assert app.selectbox(key="level").value == "england"
    said = words(app)
    silent = [one for one in all_indicators().values() if one.role == "target" and one.published is None]
    assert len(silent) == 5
    for one in silent:
        assert one.unpublished in said
    assert "5 no published figure" in said
    assert "Not enough data ✕" not in said


def test_a_place_says_at_which_levels_the_four_hour_standard_is_published(open_page, public_world):
    said = words(open_page(OVERVIEW, home=public_world, level="place"))
    assert "Published for providers, regions and England, not for places." in said


def test_a_neighbourhood_is_said_to_have_no_published_figures(open_page, public_world):
    app = open_page(home=public_world, level="neighbourhood")
    said = words(app)
    assert "There are no figures for neighbourhoods here." in said
    assert "They need local records" in said
    assert app.title[0].value.startswith("England")


def test_a_place_without_neighbourhoods_is_compared_with_other_places(open_page, public_world):
    app = open_page(TRAJECTORY, home=public_world, level="place")
    assert app.selectbox(key="compare").options[0] == "Places nearby"


def test_the_page_of_published_figures_tells_measures_months_and_levels(open_page, public_world):
    app = open_page(PUBLISHED, home=public_world)
    said = words(app)
    assert "3 of 8 measures of the national targets have published figures." in said
    assert "nothing is made up" in said
    assert "Providers, regions and England" in said
    assert "May 2018 to Jun 2025" in said
    assert "**Neighbourhoods**: No published file gives figures" in said


def test_beside_local_records_the_page_says_so_and_nothing_is_called_unpublished(open_page):
    assert "Local records stand beside" in words(open_page(PUBLISHED))
    assert "no published figure" not in words(open_page(OVERVIEW)).split("What the words mean")[0]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_a_home_where_no_file_was_ours(open_page, tmp_path, page):
    Home.open(tmp_path / "home").close()
    app = open_page(page, home=tmp_path / "home")
    assert not app.exception


@pytest.mark.parametrize("page", PAGES)
def test_every_page_with_a_damaged_public_database(open_page, public_world, tmp_path, page):
    home = tmp_path / "home"
    shutil.copytree(public_world, home)
    with sqlite3.connect(home / "results.sqlite") as connection:
        connection.execute("DROP TABLE observation")
    app = open_page(page, home=home)
    assert not app.exception


def test_each_measure_of_what_published_figures_give_leads_to_its_definition(open_page):
    said = words(open_page(PUBLISHED))
    for one in all_indicators().values():
        if one.role == "target":
            assert f"](definitions?definition={one.id})" in said, one.id
