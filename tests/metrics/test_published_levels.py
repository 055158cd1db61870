"""Published figures that stand at levels of their own, and are never summed into another."""

from datetime import date

import polars as pl
import pytest
from feeds import as_feeds, frame

from metrics.counting import count_published
from metrics.indicators import all_indicators
from metrics.observations import COLUMNS, roll_up_published

ALL = all_indicators()
FIGURES = [
    {"level": "england", "organisation_code": "E92000001", "discharges": 1000, "on_the_day": 900},
    {"level": "system", "organisation_code": "Q1", "discharges": 0, "on_the_day": 0, "delay_days": 0},
    {"level": "place", "organisation_code": "E06000001", "place_code": "E06000001", "discharges": 300},
    {"level": "provider", "organisation_code": "RA1", "discharges": 200, "on_the_day": 200, "delay_days": 0},
    {"level": "provider", "organisation_code": "RA2", "discharges": 50, "on_the_day": None},
    {"level": "provider", "organisation_code": "RA3", "discharges": None, "on_the_day": None},
    {"level": "provider_in_place", "organisation_code": "RA1", "place_code": "E06000001"},
]


def observed(id: str) -> dict[tuple[str, str], dict]:
    counts = count_published(ALL[id], as_feeds({"drd": frame("drd", FIGURES)}), [date(2025, 6, 1)])
    found = roll_up_published(ALL[id], counts)
    assert tuple(found.columns) == COLUMNS
    assert set(found["basis"]) == {"published"}
    return {(row["level"], row["organisation"]): row for row in found.iter_rows(named=True)}


def test_each_level_is_what_was_published_for_it():
    found = observed("discharged_on_ready_date")
    assert found.keys() == {(one["level"], one["organisation_code"]) for one in FIGURES[:-1]}
    assert found["england", "E92000001"]["value"] == pytest.approx(0.9)
    assert found["place", "E06000001"]["denominator"] == 300
    assert found["provider", "RA1"]["value"] == 1


def test_what_is_not_published_is_not_reported_and_never_nought():
    found = observed("discharged_on_ready_date")
    for code, denominator in (("RA2", 50), ("RA3", None)):
        row = found["provider", code]
        assert (row["status"], row["value"], row["numerator"]) == ("not_reported", None, None)
        assert row["denominator"] == denominator
    assert found["system", "Q1"]["status"] == "no_denominator"


def test_a_mean_delay_needs_somebody_delayed():
    found = observed("discharge_delay")
    assert found["england", "E92000001"]["value"] == pytest.approx(60 / 100)
    assert (found["provider", "RA1"]["value"], found["provider", "RA1"]["status"]) == (None, "no_denominator")


def test_a_month_not_asked_for_is_left_out():
    feeds = as_feeds({"drd": frame("drd", FIGURES)})
    assert count_published(ALL["discharge_delay"], feeds, [date(2025, 7, 1)]).is_empty()
    assert isinstance(count_published(ALL["discharge_delay"], feeds), pl.DataFrame)


@pytest.mark.parametrize(
    ("acceptable", "status"), [(108, "final"), (107, "insufficient_data"), (None, "final")]
)
def test_england_has_no_verdict_on_fewer_than_four_fifths_of_its_trusts(acceptable, status):
    england = {**FIGURES[0], "acceptable_trusts": acceptable, "trusts": 135}
    if acceptable is None:
        england["trusts"] = None
    feeds = as_feeds({"drd": frame("drd", [england, *FIGURES[1:]])})
    one = ALL["discharged_on_ready_date"]
    found = roll_up_published(one, count_published(one, feeds))
    rows = {row["level"]: row for row in found.iter_rows(named=True)}
    assert rows["england"]["status"] == status
    assert rows["england"]["reporting"] == acceptable
    assert rows["england"]["value"] == pytest.approx(0.9), "the figure stays; only its verdict is withheld"
    assert (rows["place"]["reporting"], rows["place"]["expected"]) == (None, None)
