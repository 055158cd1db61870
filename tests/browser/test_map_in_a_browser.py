"""The map of places in a real browser: drawn, reachable, and from nobody's server but ours."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="module")
def country(tmp_path_factory) -> Path:
    from pipeline.load import load_files
    from pipeline.observe_published import PublishedObserver
    from warehouse.home import Home

    folder = tmp_path_factory.mktemp("country")
    home = Home.open(folder)
    observer = PublishedObserver(home)
    files = ["drd/2025_every_data_type.csv", "boundaries/square_authorities.geojson"]
    files += ["ons_lookups/lower_to_upper.csv", "ons_lookups/authority_to_region.csv"]
    load_files(home, [DATA / name for name in files], after_published=observer)
    observer.settle()
    home.close()
    return folder


def test_the_map_is_drawn_from_this_server_alone(served, country, look):
    sight = look("map", at=served(country))
    for theme in ("light", "dark"):
        if theme == "dark":
            sight.turn(theme)
        for width in (1440, 390):
            sight.page.set_viewport_size({"width": width, "height": 900})
            sight.settle()
            chart = sight.page.locator("[data-testid=stPlotlyChart]")
            assert chart.locator(".scatterlayer path.js-fill").count() >= 2, "places are filled"
            assert Axe().run(sight.page).response["violations"] == []
            assert sight.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert sight.outside == [], "nothing is asked of any other host"
        assert sight.complaints == []


def test_the_table_can_be_read_without_the_map(served, country, look):
    page = look("map", at=served(country)).page
    table = page.get_by_role("table").first
    assert table.get_by_text("Northtown").count() == 1
    assert table.get_by_text("Eastbridge, Westbridge").count() == 1
