"""The map of places: its classes, its polygons, its words, and its table, with boundaries and without."""

import json
import time
from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
import streamlit as st

from dashboard import places
from dashboard.charts import map as charts
from dashboard.palette import DARK, LIGHT, contrast
from dashboard.panels import map as panel
from metrics.indicators import all_indicators
from pipeline.load import load_files
from pipeline.observe_published import PublishedObserver
from warehouse import observations
from warehouse.home import Home

DATA = Path(__file__).parent.parent / "data"
PAGE = "pages/places/map.py"
LOOKUPS = [DATA / "ons_lookups" / name for name in ("lower_to_upper.csv", "authority_to_region.csv")]
DISCHARGES = DATA / "drd" / "2025_every_data_type.csv"
SQUARES = DATA / "boundaries" / "square_authorities.geojson"
PLACES = ("E06000901", "E10000902")
SHARE = next(one for one in all_indicators().values() if one.published_feeds == ("drd",))


def built(folder: Path, *files: Path) -> Path:
    home = Home.open(folder)
    observer = PublishedObserver(home)
    reports = load_files(home, [DISCHARGES, *files], after_published=observer)
    observer.settle()
    home.close()
    assert {report.outcome for report in reports} == {"accepted"}
    return folder


@pytest.fixture(scope="module")
def country(tmp_path_factory) -> Path:
    return built(tmp_path_factory.mktemp("country"), *LOOKUPS, SQUARES)


@pytest.fixture(scope="module")
def without_shapes(tmp_path_factory) -> Path:
    return built(tmp_path_factory.mktemp("shapeless"))


def shares(folder: Path) -> dict[str, float]:
    home = Home.open(folder)
    held = observations.read(home, indicator=SHARE.id, levels=["place"], breakdown="all")
    home.close()
    return dict(held.filter(pl.col("organisation").is_in(PLACES)).select("organisation", "value").iter_rows())


def names_of(table) -> list[str]:
    return [cell.removeprefix("[").split("]")[0] for cell in table["Place"]]


def drawn(app) -> dict:
    (chart,) = app.get("plotly_chart")
    return json.loads(chart.proto.spec or chart.proto.figure.spec)


def test_every_place_is_in_the_table_worst_first(open_page, country):
    app = open_page(PAGE, home=country)
    assert not app.exception
    held = sorted(shares(country).items(), key=lambda one: one[1])
    table = app.table[0].value
    names = {"E06000901": "Northtown", "E10000902": "Bridgeshire"}
    assert names_of(table)[:2] == [names[code] for code, _ in held]
    assert table["Actual"].to_list()[:2] == [f"{100 * value:.1f}%" for _, value in held]
    assert (
        dict(zip(names_of(table), table["Made up of"], strict=True))["Bridgeshire"]
        == "Eastbridge, Westbridge"
    )
    assert dict(zip(names_of(table), table["Region"], strict=True))["Northtown"] == "North West"
    assert "trajectory?level=place&organisation=E" in table["Place"][0]
    worst, best = (names[code] for code, _ in (held[0], held[-1]))
    words = " ".join(one.value for one in app.markdown)
    assert f"**Worst:** {worst}" in words
    assert f"**Best:** {best}" in words


def test_the_map_has_a_polygon_for_each_lower_tier_and_asks_nothing_of_anybody(open_page, country):
    figure = drawn(open_page(PAGE, home=country))
    assert {trace["type"] for trace in figure["data"]} == {"scatter"}, "Plotly's maps fetch their shapes"
    assert "geo" not in figure["layout"]
    assert not any(key.startswith(("geo", "map")) for key in figure["layout"])
    filled = [trace for trace in figure["data"] if trace.get("fill") == "toself"]
    assert len(filled) == 2
    rings = sum(sum(at is None for at in trace["x"]) for trace in filled)
    assert rings == 5, "one for Northtown, four for the two districts of Bridgeshire"
    assert filled[-1]["name"].startswith("Worst: ")
    assert filled[-1]["fillpattern"]["shape"] == "/"


def test_without_boundaries_the_table_says_it_all(open_page, without_shapes):
    app = open_page(PAGE, home=without_shapes)
    assert not app.exception
    assert not app.get("plotly_chart")
    assert {"Northtown"} <= set(names_of(app.table[0].value))
    assert any("The map needs boundaries" in one.value for one in app.caption) or any(
        "The map needs boundaries" in one.value for one in app.markdown
    )


def test_local_places_without_boundaries_have_their_table(open_page):
    app = open_page(PAGE)
    assert not app.exception
    assert set(names_of(app.table[0].value)) == {"Ashford Vale", "Harrow Moor"}


def test_a_region_is_chosen_in_the_address(open_page, country):
    app = open_page(PAGE, home=country, region="Y62")
    assert names_of(app.table[0].value) == ["Northtown"]


def test_shapes_stay_closed(in_home, country):
    in_home(country)
    for every in (True, False):
        found = places.shapes("1", PLACES, every)
        assert set(found) == set(PLACES)
        for east, north in found.values():
            ring = []
            for at in zip(east, north, strict=True):
                if at == (None, None):
                    assert ring[0] == ring[-1]
                    ring = []
                else:
                    ring.append(at)
            assert ring == [], "every ring ends in a gap"
    east, north = places.middles(places.shapes("1", PLACES))["E06000901"]
    assert (east, north) == (pytest.approx(-1.75), pytest.approx(53.6))


def test_classes_are_quarters_best_first_and_keep_like_places_together():
    values = [0.1, 0.2, 0.2, 0.2, 0.5, 0.6, 0.7, 0.8]
    rows = pl.DataFrame(
        {
            "code": list("abcdefgh"),
            "name": list("abcdefgh"),
            "value": values,
            "period": [date(2025, 4, 1)] * 8,
        }
    )
    found = panel.classes(SHARE, panel.in_order(SHARE, rows))
    assert [sorted(codes) for _, codes in found] == [["g", "h"], ["e", "f"], ["a", "b", "c", "d"]]
    assert found[0][0] == "Best: 70.0% to 80.0%: 2 places"
    assert found[-1][0] == "Worst: 10.0% to 20.0%: 4 places"
    lower = next(one for one in all_indicators().values() if one.better == "lower" and one.kind == "mean")
    assert panel.classes(lower, panel.in_order(lower, rows))[0][1][0] in "abcd"


def test_all_alike_is_one_class():
    rows = pl.DataFrame({"code": ["a", "b"], "name": ["a", "b"], "value": [0.5, 0.5]})
    assert panel.classes(SHARE, rows) == [("50.0%: 2 places", ["a", "b"])]


@pytest.mark.parametrize(("palette", "theme"), [(LIGHT, "light"), (DARK, "dark")])
def test_shades_are_told_apart_by_lightness(palette, theme):
    shades = charts.SHADES[theme]
    for one, other in pairwise(shades):
        assert contrast(one, other) > 1.5
    assert contrast(shades[-1], palette.ground) >= 3


def test_the_page_answers_quickly(in_home, country):
    in_home(country)
    places.latest("1", SHARE.id, "published")
    places.shapes("1", PLACES)
    start = time.perf_counter()
    rows = places.latest("1", SHARE.id, "published")
    outlines = places.shapes("1", tuple(rows["code"]))
    ranked = panel.in_order(SHARE, rows.drop_nulls("value"))
    charts.draw(outlines, places.middles(outlines), panel.classes(SHARE, ranked), {}, LIGHT, dark=False)
    assert time.perf_counter() - start < 0.3
    st.cache_data.clear()
