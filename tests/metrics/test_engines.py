"""One rule, two engines, identical integers."""

from typing import Any

import duckdb
import narwhals as nw
import polars as pl
import pytest
from feeds import as_feeds, frame
from generated import MONTHS, region
from polars.testing import assert_frame_equal

from metrics import geography
from metrics.counting import count, count_published
from metrics.indicators import all_indicators

FRAMES = region(seed=7, rows=300)
CHANGES = geography.change_dates(FRAMES["neighbourhood_map"])


@pytest.fixture(scope="module")
def on_duckdb() -> dict[str, nw.LazyFrame[Any]]:
    connection = duckdb.connect()
    for name, table in FRAMES.items():
        connection.register(name, table.to_arrow())
    return {name: nw.from_native(connection.table(name)) for name in FRAMES}


@pytest.mark.parametrize("id", all_indicators())
def test_polars_and_duckdb_count_the_same(id: str, on_duckdb: dict[str, nw.LazyFrame[Any]]):
    indicator = all_indicators()[id]
    here = count(indicator, as_feeds(FRAMES), MONTHS, CHANGES)
    there = count(indicator, on_duckdb, MONTHS, CHANGES)
    assert here.height > 50
    assert_frame_equal(here, there, check_row_order=False)


@pytest.mark.parametrize("id", [id for id, one in all_indicators().items() if one.published])
def test_published_counts_are_the_same(id: str, on_duckdb: dict[str, nw.LazyFrame[Any]]):
    indicator = all_indicators()[id]
    frames = {feed: PUBLISHED[feed]() for feed in indicator.published_feeds}
    connection = duckdb.connect()
    for feed, returned in frames.items():
        connection.register(feed, returned.to_arrow())
    here = count_published(indicator, as_feeds(frames))
    there = count_published(indicator, {feed: nw.from_native(connection.table(feed)) for feed in frames})
    assert here.height > 0
    assert_frame_equal(here, there, check_row_order=False)


def _returns() -> pl.DataFrame:
    returns = [
        {"org_code": "RA1", "department_type": "03", "booked": True, "over_four_hours": 0},
        {"org_code": "RA2", "over_four_hours": None},
        {"org_code": "RA3", "attendances": 0, "over_four_hours": None},
    ]
    return pl.concat([FRAMES["ae_monthly"], frame("ae_monthly", returns)])


def _discharges() -> pl.DataFrame:
    figures = [
        {},
        {"organisation_code": "RA2", "discharges": None, "on_the_day": None, "delay_days": None},
        {"organisation_code": "E06000001", "level": "place", "place_code": "E06000001"},
        {"level": "provider_in_place", "place_code": "E06000001"},
        {"organisation_code": "E92000001", "level": "england", "discharges": 250, "on_the_day": 200},
    ]
    return frame("drd", figures)


def _advice() -> pl.DataFrame:
    figures = [
        {},
        {"organisation_code": "QX2", "treatment_function_code": "400", "diverted": 0},
        {"treatment_function_code": None, "specialty": "Podiatry"},
        {"processed": 0, "diverted": 0, "organisation_code": "QX3"},
    ]
    return frame("specialist_advice_by_system", figures)


def _ambulances() -> pl.DataFrame:
    levels = {"england": "E92000001", "region": "Y60", "ambulance_service": "RYA"}
    items = {"A7": 1000, "A11": 200, "A12": 30, "A53": 400, "A56": 700}
    figures = [
        {"level": level, "organisation_code": code, "item": item, "value": value}
        for level, code in levels.items()
        for item, value in items.items()
        if (level, item) != ("region", "A53")
    ]
    return frame(
        "ambsys", [*figures, {"level": "region", "organisation_code": "Y60", "item": "A53", "value": None}]
    )


def _shares() -> pl.DataFrame:
    parts = [("RA1", "RA1", 0.62), ("RA1", "RA2", 0.38), ("RA2", "RA2", 1.0)]
    return frame(
        "acute_trust_mapping", [{"code": one, "acute_code": to, "fraction": part} for one, to, part in parts]
    )


PUBLISHED = {
    "acute_trust_mapping": _shares,
    "ae_monthly": _returns,
    "drd": _discharges,
    "specialist_advice_by_system": _advice,
    "specialist_advice_by_provider": _advice,
    "ambsys": _ambulances,
}
