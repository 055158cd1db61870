"""What a trajectory page says under its main chart: every layer, plans and chances included."""

from datetime import date

import polars as pl
import pytest
from world import build

from dashboard.panels import choices
from metrics.indicators import all_indicators
from warehouse import forecasts, notes, plans, runs
from warehouse.series import KEYS

PAGE = "pages/trajectories/trajectory.py"
SHARE = next(
    one for one in all_indicators().values() if one.kind == "proportion" and one.targets and not one.k_of_n
)
HERE = {"level": "provider", "organisation": "RZ1", "measure": SHARE.id}
DUE = date(2027, 3, 1)


@pytest.fixture(scope="module")
def planned_home(tmp_path_factory):
    home = build(tmp_path_factory.mktemp("planned"), published=False)
    plan = {"indicator": SHARE.id, "level": "provider", "organisation": "RZ1", "set_by": "Board"}
    points = {"period": [date(2026, 10, 1), DUE], "value": [0.75, 0.8]}
    plans.write(home, pl.DataFrame(points).with_columns(pl.lit(v).alias(k) for k, v in plan.items()), "p.csv")
    notes.add(home, notes.ANNOTATION, SHARE.id, date(2025, 3, 1), "New source", "A. Analyst")
    key = {"definition_version": SHARE.version, "basis": "local", "breakdown": "all", "category": "all"}
    key |= {"indicator": SHARE.id, "level": "provider", "organisation": "RZ1"}

    def rows(schema, *given):
        full = [{**key, **dict.fromkeys(schema), **row} for row in given]
        return pl.DataFrame(full, schema={**dict.fromkeys(KEYS, pl.String), **schema})

    chance = {"target_due": DUE, "months_ahead": 6, "chance": 0.31}
    months = {"period": DUE, "months_ahead": 6, "mean": 0.79, "lower_80": 0.74, "upper_80": 0.84}
    record = {"usable_months": 30, "last_period": date(2026, 9, 1), "model": "a model", "fingerprint": "f"}
    found = forecasts.Foreseen(
        rows(forecasts.MONTHS, months | {"lower_95": 0.7, "upper_95": 0.9, "model": "a model"}),
        rows(forecasts.RECORDS, record | {"verdict": "beats naive", "tests": 0}),
        rows(forecasts.CHANCES, chance | {"target": 0.82}),
        rows(forecasts.TENTHS),
        rows(forecasts.FURTHER, chance | {"aim": forecasts.OWN_PLAN, "target": 0.8, "chance": 0.52}),
    )
    forecasts.write(home, found, SHARE.id, "local", runs.start(home, "forecast"))
    home.close()
    return home.path


def words(app) -> str:
    return " ".join(block.value for block in app.markdown)


def test_plan_chances_and_limits_across_a_note(open_page, planned_home):
    said = words(open_page(PAGE, home=planned_home, **HERE))
    assert "From October 2026 to March 2027 the path is the organisation's own plan." in said
    assert "being at 82% or more in March 2027 is about 3 in 10." in said
    assert "Against its own plan, 80% by March 2027: about 5" in said
    assert "The limits run across the month of note 1." in said
    other = words(open_page(PAGE, home=planned_home, **HERE | {"organisation": "RZ2"}))
    assert "own plan" not in other


def test_a_forecast_says_what_it_was_made_by_and_from(open_page, planned_home):
    said = words(open_page(PAGE, home=planned_home, **HERE, shows=choices.FORECAST))
    assert "Made by a model, from 30 final months up to September 2026." in said


@pytest.mark.parametrize("layer", [choices.SIGNALS, choices.FORECAST, choices.LAST_YEAR, choices.PATH])
def test_every_layer_says_how_to_read_it(open_page, planned_home, layer):
    app = open_page(PAGE, home=planned_home, **HERE, shows=layer)
    assert not app.exception
    assert words(app).count("How to read this:") == 1
