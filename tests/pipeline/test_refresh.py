"""The refresh: only what changed is counted, on any engine, and nothing is forgotten."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime

import polars as pl
import pytest
from sqlalchemy import text

from metrics.indicators import all_indicators
from pipeline.engines import open_feeds
from pipeline.load import load_files
from pipeline.refresh import refresh
from warehouse import counted, delta, observations, records, standings
from warehouse.home import Home

POINT = ["indicator", "basis", "level", "organisation", "period", "breakdown", "category"]


def everything(home: Home, **choice) -> pl.DataFrame:
    return observations.read(home, breakdown=None, **choice).drop("organisation_name").sort(POINT)


@pytest.fixture
def home(own_home):
    opened = Home.open(own_home)
    yield opened
    opened.close()


def test_every_indicator_is_counted(small_home):
    home = Home.open(small_home)
    counted_now = set(everything(home)["indicator"])
    assert counted_now == set(all_indicators())


def test_a_second_refresh_counts_nothing(home):
    report = refresh(home)
    assert (report.lines, report.added, report.closed) == ([], 0, 0)


def test_records_that_do_not_fit_in_memory_stay_in_the_data_folder(home):
    relation = open_feeds(home, ["outpatient_referrals"], "duckdb")["outpatient_referrals"].to_native()
    told = relation.query("held", "SELECT current_setting('temp_directory')").fetchall()
    assert told == [(str(home.path / "spilled"),)]


def test_duckdb_gives_the_same_observations(home):
    before = everything(home)
    with home.writing() as connection:
        connection.execute(text("DELETE FROM counted"))
    report = refresh(home, engine="duckdb")
    assert report.lines, "nothing was counted again"
    assert (report.added, report.closed) == (0, 0)
    assert everything(home).equals(before)


def test_the_late_month_touches_only_itself(home, demo_files):
    late = sorted((demo_files / "late").glob("*.parquet"))
    assert late, "the demo delivers one month late"
    before = everything(home)
    [report] = load_files(home, late)
    assert report.outcome.startswith("accepted")
    refresh(home)
    after = everything(home)
    new = after.join(before, on=after.columns, how="anti", nulls_equal=True)
    assert set(new["period"]) == set(report.periods)
    assert before.join(after, on=before.columns, how="anti", nulls_equal=True).is_empty()
    feeds = [one.feeds for one in all_indicators().values() if one.id in set(new["indicator"])]
    assert all(report.feed in names for names in feeds)


def test_a_corrected_month_replaces_and_the_earlier_figures_stay_known(home):
    known_before = datetime.now(UTC)
    feed, month = "emergency_care_attendances", date(2026, 5, 1)
    before = everything(home)
    rows = records.read(home, feed, [month])
    records.replace_months(home, feed, rows.head(rows.height - rows.height // 3))
    report = refresh(home)
    after = everything(home)
    assert report.closed > 0
    changed = after.join(before, on=after.columns, how="anti", nulls_equal=True)
    assert set(changed["period"]) == {month}
    assert everything(home, as_known_on=known_before).equals(before)


def test_a_corrected_baseline_month_moves_the_targets_of_later_months(home):
    """The target is the baseline's, so its correction is a change to every month that is held against it."""
    feed, month = "outpatient_appointments", date(2025, 6, 1)
    rows = records.read(home, feed, [month])
    records.replace_months(home, feed, rows.head(rows.height // 2))
    [indicator] = [one for one in all_indicators().values() if one.feeds[0] == feed and one.role == "target"]
    before = everything(home, indicator=indicator.id)
    refresh(home)
    after = everything(home, indicator=indicator.id)
    moved = before.join(after, on=POINT, suffix="_after").filter(
        pl.col("target") != pl.col("target_after"), pl.col("period") != month
    )
    assert moved["period"].min() >= date(2026, 4, 1)
    assert not moved.is_empty()


def test_a_month_that_one_of_two_feeds_lacks_is_not_counted(home):
    """Advice requests without referrals would read as 100% diverted."""
    [indicator] = [
        one
        for one in all_indicators().values()
        if one.role == "target" and "outpatient_referrals" in one.feeds
    ]
    newest = max(records.rows_by_period(home, "outpatient_referrals"))
    assert newest in set(everything(home, indicator=indicator.id)["period"])
    table = records.read(home, "outpatient_referrals").filter(pl.col("period") != newest)
    delta.replace(home, "outpatient_referrals", table, ["period"], "true")
    refresh(home)
    assert newest not in set(everything(home, indicator=indicator.id)["period"])


def test_no_observation_is_nan_and_no_division_by_zero(small_home):
    home = Home.open(small_home)
    frame = everything(home)
    assert frame.filter(pl.col("value").is_nan()).is_empty()
    nothing = frame.filter(pl.col("denominator") == 0)
    assert nothing["value"].null_count() == nothing.height


def test_standings_are_the_latest_of_each_series(small_home):
    home = Home.open(small_home)
    standing = standings.read(home)
    assert standing.height > 0
    assert set(standing["status_words"]) <= {"on track", "behind", "met", "insufficient data", "no target"}


def test_a_killed_refresh_is_finished_by_the_next(home, own_home):
    expected = everything(home)
    with home.writing() as connection:
        for table in ("standing", "observation", "counted"):
            connection.execute(text(f"DELETE FROM {table}"))
    home.close()
    environment = {**os.environ, "TARGETS_HOME": str(own_home)}
    code = "from warehouse.home import Home; from pipeline.refresh import refresh; refresh(Home.open())"
    child = subprocess.Popen([sys.executable, "-c", code], env=environment)
    deadline = time.monotonic() + 60
    watching = Home.open(own_home)
    while time.monotonic() < deadline and child.poll() is None:
        with watching.reading() as connection:
            if connection.execute(text("SELECT count(*) FROM counted")).scalar_one() > 0:
                break
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    refresh(watching)
    assert everything(watching).equals(expected)


def test_fingerprints_are_what_was_counted(small_home):
    home = Home.open(small_home)
    for indicator in all_indicators().values():
        frame = counted.read(home, indicator.id, "local")
        assert frame["period"].is_unique().all()
        assert set(frame["period"]) == set(everything(home, indicator=indicator.id)["period"])
