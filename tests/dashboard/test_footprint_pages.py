"""Merged organisations on pages: marked, told, chosen between; never two of them where there is one."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from world import FIRST, NAMES, NEWEST, build

from metrics.footprint import AS_WAS, apart, on_todays_footprint
from metrics.indicators import all_indicators
from metrics.succession import SCHEMA
from metrics.trajectory import targets_for
from pipeline.read_off import MEASURES, POINT, aimed
from warehouse import mergers, observations, organisations, runs
from warehouse.home import Home

TRAJECTORY = "pages/trajectories/trajectory.py"
APRIL = date(2025, 4, 1)
MERGED_ON = datetime(2026, 11, 2, 9, tzinfo=UTC)
AT = {"level": "provider", "measure": "four_hour_ed", "basis": "published"}
FOUR_HOUR = all_indicators()["four_hour_ed"]


@pytest.fixture(scope="module")
def merged_world(tmp_path_factory) -> Path:
    """The world, in which Harrow Moor Infirmary (RZ2) became part of RZ1 in April 2025."""
    folder = tmp_path_factory.mktemp("merged")
    home = build(folder)
    rows = [
        ("RZ1", "provider", NAMES["provider"]["RZ1"], "QZ1", FIRST, None, None),
        ("RZ2", "provider", NAMES["provider"]["RZ2"], "QZ1", FIRST, APRIL, "RZ1"),
    ]
    columns = ["code", "level", "name", "parent", "valid_from", "valid_to", "successor"]
    organisations.write(home, pl.DataFrame(rows, schema=columns, orient="row"), "published")
    whole = observations.read(home, "four_hour_ed", basis="published", breakdown=None)
    was = whole.select(*POINT, *MEASURES).filter(
        (pl.col("organisation") == "RZ1") | (pl.col("period") < APRIL)
    )
    told = pl.DataFrame([("RZ2", "RZ1", APRIL, None, None)], schema=SCHEMA, orient="row")
    today = aimed(FOUR_HOUR, on_todays_footprint(FOUR_HOUR, was, told))
    scope = ("four_hour_ed", "published", None, runs.start(home, "load"), MERGED_ON)
    observations.write(home, today, *scope)
    told_apart = apart(aimed(FOUR_HOUR, was).select(today.columns), today)
    observations.write(home, told_apart, *scope, footprint=AS_WAS)
    home.close()
    return folder


def said(app) -> str:
    return "\n".join(str(one.value) for one in app.markdown)


def labels(app) -> list[str]:
    return [box.label for box in app.selectbox]


def test_the_merger_is_told_with_what_it_proposes(open_page, merged_world):
    app = open_page(TRAJECTORY, home=merged_world, organisation="RZ1", **AT)
    assert not app.exception
    assert "**1. April 2025. Merger.** RZ2 merged into this trust\\, April 2025" in said(app)
    assert "targets recalculate --indicator four_hour_ed --basis published --level provider" in said(app)
    assert "--organisation RZ1 --from 2025-04" in said(app)


def test_the_choice_is_in_the_address_and_changes_the_figures(open_page, merged_world):
    today = open_page(TRAJECTORY, home=merged_world, organisation="RZ1", **AT)
    assert today.selectbox(key="footprint").value == "today"
    assert "footprint" not in today.query_params
    was = today.selectbox(key="footprint").select("as_was").run()
    assert was.query_params["footprint"] == AS_WAS
    linked = open_page(TRAJECTORY, home=merged_world, organisation="RZ1", footprint=AS_WAS, **AT)
    assert linked.selectbox(key="footprint").value == AS_WAS
    assert "RZ2 merged into this trust\\, April 2025" in said(linked)


def test_an_old_organisation_is_there_as_it_was_and_leads_on_today(open_page, merged_world):
    app = open_page(TRAJECTORY, home=merged_world, organisation="RZ1", footprint=AS_WAS, **AT)
    old = app.selectbox(key="organisation").select("RZ2").run()
    assert old.title[0].value.startswith("Harrow Moor Infirmary:")
    assert "RZ2 merged into RZ1\\, April 2025" in said(old)
    assert "proposes" not in said(old)


def test_no_choice_where_it_makes_no_difference(open_page, merged_world):
    app = open_page(TRAJECTORY, home=merged_world, level="place", organisation="PL1", footprint=AS_WAS)
    assert "Organisations" not in labels(app)
    assert "footprint" not in app.query_params


def test_pages_offer_figures_only_where_there_are_any(in_home, merged_world):
    from dashboard import queries

    in_home(merged_world)
    # Its local records go on; of published figures it has none of its own any more.
    mine = ("e", "provider", "RZ2", "four_hour_ed")
    assert queries.bases(*mine) == ["local"]
    assert queries.bases(*mine, AS_WAS) == ["local", "published"]
    assert queries.differs("e", "four_hour_ed", "provider", "RZ2", "published")
    assert not queries.differs("e", "four_hour_ed", "provider", "RZ2", "local")
    assert not queries.differs("e", "four_hour_ed", "place", "PL1", "local")


def test_the_history_read_is_the_sum_or_the_parts(in_home, merged_world):
    from dashboard import queries

    in_home(merged_world)
    wanted = ("e", "four_hour_ed", "provider", ("RZ1", "RZ2"), "all", "published", None)
    today, was = queries.history(*wanted), queries.history(*wanted, footprint=AS_WAS)
    assert set(today["organisation"]) == {"RZ1"}
    assert set(was["organisation"]) == {"RZ1", "RZ2"}
    for month in (FIRST, APRIL, NEWEST):
        assert (
            today.filter(period=month)["denominator"].sum() == was.filter(period=month)["denominator"].sum()
        )


def test_the_store_names_the_merger(merged_world):
    home = Home.open(merged_world)
    assert mergers.read(home).rows() == [
        ("four_hour_ed", "published", "provider", "RZ1", APRIL, ["RZ2"], MERGED_ON)
    ]
    home.close()


def test_targets_are_drawn_for_either(merged_world):
    home = Home.open(merged_world)
    for footprint in ("today", AS_WAS):
        held = observations.read(home, "four_hour_ed", basis="published", footprint=footprint)
        assert targets_for(FOUR_HOUR, held.select(*POINT, *MEASURES)).height
    home.close()
