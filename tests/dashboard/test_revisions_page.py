"""The revisions page: what changed, by how much, which signals; and how each revision is said."""

from datetime import date, timedelta

import polars as pl
import pytest
from world import KNOWN_AT, NEWEST, build

from dashboard import revised
from dashboard.charts import revisions as charts
from dashboard.palette import LIGHT
from metrics.indicators import all_indicators
from warehouse import observations, runs
from warehouse.home import Home

PAGE = "pages/assurance/revisions.py"
SHARE = next(one for one in all_indicators().values() if one.kind == "proportion" and one.published)
LATER = KNOWN_AT + timedelta(days=30)
AUGUST = date(2026, 8, 1)


@pytest.fixture(scope="module")
def revised_world(tmp_path_factory):
    """A world in which two trusts' newest months came again: one moved by a third, one by a hair."""
    folder = tmp_path_factory.mktemp("revised")
    home = build(folder)
    run = runs.start(home, "load")
    held = observations.read(home, SHARE.id, basis="published", breakdown=None).filter(period=NEWEST)
    whole = pl.col("breakdown") == "all"
    factor = pl.when(whole & (pl.col("organisation") == "RZ1")).then(1.3)
    factor = factor.when(whole & (pl.col("organisation") == "RZ2")).then(1.001).otherwise(1.0)
    again = held.with_columns(pl.col("denominator") * factor, (pl.col("value") / factor), pl.col("numerator"))
    observations.write(home, again, SHARE.id, "published", [NEWEST], run, LATER)
    runs.finish(home, run, "done")
    home.close()
    return folder


def words(app) -> str:
    tables = [" ".join(map(str, [*t.value.columns, *t.value.to_numpy().ravel()])) for t in app.table]
    return " ".join([*(m.value for m in app.markdown), *tables])


def opened(open_page, folder, **choices):
    app = open_page(PAGE, home=folder, level="provider", measure=SHARE.id, basis="published", **choices)
    assert not app.exception
    return app


def test_each_revision_is_told_with_its_size_and_its_flag(open_page, revised_world):
    app = opened(open_page, revised_world)
    assert app.title[0].value == f"Revisions: {SHARE.short_title}"
    table = app.table[0].value
    assert table["Organisation"].to_list() == ["Tarnshire University Hospitals", "Harrow Moor Infirmary"]
    flag = next(name for name in table.columns if name.startswith("[Flag]"))
    assert table[flag].to_list() == [revised.FLAG, "–"]
    assert "(+30.00%)" in table["Count behind it"][0]
    assert table["Change"][0].startswith("−")
    assert "2 figures" in words(app)
    assert "1 by much" in words(app)


@pytest.mark.parametrize(("kind", "rows"), [("large", 1), ("turned", 1), ("all", 2)])
def test_only_the_kind_chosen_is_listed(open_page, revised_world, kind, rows):
    assert len(opened(open_page, revised_world, revised=kind).table[0].value) == rows


def test_before_the_second_file_came_nothing_was_revised(open_page, revised_world):
    app = opened(open_page, revised_world, known=KNOWN_AT.date().isoformat())
    assert "has been revised at this level" in words(app)
    assert not app.table
    assert "as known at the end of 14 October 2026" in " ".join(one.value for one in app.info)


def test_a_large_revision_is_said_on_the_trajectory_beside_the_figure(open_page, revised_world):
    for code, said in (("RZ1", True), ("RZ2", False)):
        app = open_page(
            "pages/trajectories/trajectory.py", home=revised_world, level="provider", organisation=code,
            measure=SHARE.id, basis="published",
        )  # fmt: skip
        assert ("September 2026 was revised on 13 November 2026" in words(app)) is said, code


def test_counts_by_measure_are_those_of_the_page(in_home, revised_world):
    in_home(revised_world)
    got = revised.by_measure("now").row(0, named=True)
    assert (got["indicator"], got["basis"], got["level"]) == (SHARE.id, "published", "provider")
    assert (got["revised"], got["flagged"], got["newest"]) == (2, 1, LATER)
    assert Home.open(revised_world).path == revised_world


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"kind": "revised", "change": 0.000115, "share": 0.00015}, "+0.01 points"),
        ({"kind": "revised", "change": -0.0124, "share": -0.016}, "−1.24 points"),
        ({"kind": "revised", "change": 0.00001, "share": 0.00001}, "under 0.01 points"),
        ({"kind": "withdrawn", "change": None, "share": None}, "Withdrawn"),
        ({"kind": "added", "change": None, "share": None}, "Given where there was none"),
    ],
)
def test_a_change_in_words(row, said):
    assert revised.change(SHARE, row) == said


def test_large_revisions_have_a_shape_of_their_own():
    rows = pl.DataFrame({"period": [AUGUST, NEWEST], "moved": [0.1, 1.2], "flagged": [False, True]})
    small, large = charts.moved(rows, ["a", "b"], "points", LIGHT).data
    assert small.marker.symbol != large.marker.symbol
    assert (list(small.y), list(large.y)) == ([0.1], [1.2])
