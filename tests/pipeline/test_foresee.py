"""Forecasts in the refresh: headline series of targets only, once, and again only where figures changed."""

import subprocess
import sys
from datetime import date

import polars as pl
import pytest
from typer.testing import CliRunner

from metrics import calibration
from metrics.indicators import all_indicators
from pipeline.cli import app
from pipeline.foresee import foresee
from warehouse import back_tests, forecasts, observations, plans, records
from warehouse.home import Home
from warehouse.series import KEYS


@pytest.fixture(scope="module")
def foreseen_home(small_home, tmp_path_factory):
    import shutil

    path = tmp_path_factory.mktemp("foreseen") / "home"
    shutil.copytree(small_home, path)
    home = Home.open(path)
    foresee(home)
    home.close()
    return path


@pytest.fixture
def home(foreseen_home):
    return Home.open(foreseen_home)


@pytest.fixture
def own(foreseen_home, tmp_path):
    import shutil

    shutil.copytree(foreseen_home, tmp_path / "home")
    return Home.open(tmp_path / "home")


def test_every_headline_series_has_a_record_or_a_reason(home):
    targets = [one.id for one in all_indicators().values() if one.role == "target"]
    held = observations.read(home).filter(pl.col("indicator").is_in(targets)).select(KEYS).unique().sort(KEYS)
    found = forecasts.records(home)
    assert found.select(KEYS).sort(KEYS).equals(held)
    assert found.filter(pl.col("model").is_null() == pl.col("reason").is_null()).is_empty()
    months = forecasts.months(home)
    forecast = found.filter(pl.col("model").is_not_null()).select(KEYS)
    assert months.select(KEYS).unique().sort(KEYS).equals(forecast.sort(KEYS))


def test_limits_hold_the_mean_and_nothing_is_nan(home):
    months = forecasts.months(home)
    assert months.height > 0
    inner = pl.col("mean").is_between("lower_80", "upper_80")
    outer = (pl.col("lower_95") <= pl.col("lower_80")) & (pl.col("upper_80") <= pl.col("upper_95"))
    assert months.select((inner & outer).all()).item()
    assert not any(months.select(pl.col(pl.Float64).is_nan().any()).row(0))


def test_every_target_has_a_chance_or_a_reason(home):
    found = forecasts.chances(home)
    due = {one.id: {target.due for target in one.targets} for one in all_indicators().values()}
    for indicator, rows in found.group_by("indicator"):
        assert set(rows["target_due"]) == due[indicator[0]]
    assert found.filter(pl.col("chance").is_null() == pl.col("reason").is_null()).is_empty()
    assert found["chance"].drop_nulls().is_between(0, 1).all()


def test_calibration_is_over_all_series(home):
    sums = back_tests.chances(home)
    found = calibration.bands(sums)
    assert found["chance_from"].to_list() == pytest.approx([tenth / 10 for tenth in range(10)])
    given = found.filter(pl.col("questions") > 0)
    inside = pl.col("chance_given").is_between(pl.col("chance_from") - 1e-9, pl.col("chance_to") + 1e-9)
    assert given.select(inside.all()).item()
    assert set(sums["basis"]) == {"local"}


def test_a_second_time_nothing_is_forecast_and_the_library_is_not_loaded(foreseen_home):
    code = (
        "import sys; from warehouse.home import Home; from pipeline.foresee import foresee; "
        f"report = foresee(Home.open({str(foreseen_home)!r})); "
        "print(report.afresh, report.series > 0, 'statsforecast' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "True", "False"]


def test_only_series_whose_figures_changed_are_forecast_again(own):
    before = forecasts.records(own)
    feed, month = "emergency_care_attendances", date(2026, 5, 1)
    rows = records.read(own, feed, [month])
    someone = rows["provider_code"].drop_nulls().min()
    records.replace_months(own, feed, rows.filter(pl.col("provider_code") != someone))
    done = CliRunner().invoke(app, ["refresh", "--home", str(own.path)])
    assert done.exit_code == 0, done.stderr
    assert "headline series forecast afresh" in done.stdout
    after = forecasts.records(own)
    moved = after.join(before, on=[*KEYS, "fingerprint"], how="anti")
    assert 0 < moved.height < after.height / 2
    fed = {one.id for one in all_indicators().values() if feed in one.feeds}
    assert set(moved["indicator"]) <= fed
    providers = moved.filter(pl.col("level") == "provider")["organisation"]
    assert set(providers) == {someone}


def test_forecasts_can_be_left_out(own):
    with own.writing() as connection:
        connection.exec_driver_sql("DELETE FROM forecast_record")
    done = CliRunner().invoke(app, ["refresh", "--without-forecasts", "--home", str(own.path)])
    assert done.exit_code == 0, done.stderr
    assert forecasts.records(own).is_empty()


def test_the_rule_over_categories_has_a_chance_wherever_each_category_has(home):
    ruled = next(one for one in all_indicators().values() if one.k_of_n)
    found = forecasts.further(home, ruled.id).filter(pl.col("aim") == forecasts.ENOUGH_CATEGORIES)
    assert found.height > 0
    assert set(found["breakdown"]) == {"all"}
    assert found.filter(pl.col("chance").is_null() == pl.col("reason").is_null()).is_empty()
    given = found.drop_nulls("chance")
    assert given.height > 0
    assert given["chance"].is_between(0, 1).all()
    assert given["chance_together"].is_between(0, 1).all()
    assert forecasts.further(home).filter(pl.col("aim") == forecasts.OWN_PLAN).is_empty()


def test_a_new_plan_is_asked_of_its_own_series_alone(own):
    before = forecasts.records(own)
    one = next(each for each in all_indicators().values() if each.kind == "proportion" and each.targets)
    row = before.filter(indicator=one.id, level="provider").drop_nulls("model").row(0, named=True)
    end = forecasts.months(own, one.id, ["provider"], [row["organisation"]])["period"].max()
    plan = pl.DataFrame({"period": [date(2026, 10, 1), end], "value": [0.3, 0.9]}).with_columns(
        indicator=pl.lit(one.id), level=pl.lit("provider"), organisation=pl.lit(row["organisation"])
    )
    plans.write(own, plan.with_columns(set_by=pl.lit("Board")), "plan.csv")
    assert foresee(own).afresh == 1
    asked = forecasts.further(own).filter(pl.col("aim") == forecasts.OWN_PLAN)
    assert set(asked["organisation"]) == {row["organisation"]}
    assert asked["target_due"].max() == end
    last = asked.filter(pl.col("target_due") == end).row(0, named=True)
    assert (last["target"], last["reason"]) == (pytest.approx(0.9), None)
    assert 0 <= last["chance"] <= 1
    assert foresee(own).afresh == 0
