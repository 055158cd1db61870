"""Every provider of the real A&E months is forecast or told why not, with nothing missing or impossible."""

from pathlib import Path

import narwhals as nw
import polars as pl
import pytest

from metrics.backtest import calibration
from metrics.counting import count_published
from metrics.forecast import forecast
from metrics.forecast_chance import chance_of_meeting, dated_targets
from metrics.indicators import all_indicators
from metrics.observations import roll_up_published
from pipeline.delimited import read_text
from pipeline.reading import examine
from pipeline.sources import ae_monthly

pytestmark = pytest.mark.published


@pytest.fixture(scope="module")
def observed(published: Path) -> pl.DataFrame:
    files = {path.name[:7]: path for path in sorted((published / "ae_monthly").glob("*.csv"))}
    feed = pl.concat(ae_monthly.read(read_text(examine(path))).frame for path in files.values())
    indicator = next(one for one in all_indicators().values() if "ae_monthly" in one.published_feeds)
    counts = count_published(indicator, {"ae_monthly": nw.from_native(feed.lazy())})
    return roll_up_published(indicator, counts).filter(pl.col("breakdown") == "all")


def test_every_real_provider_is_forecast_or_told_why_not(observed: pl.DataFrame):
    indicator = all_indicators()[observed["indicator"][0]]
    last_due = max(target.due for target in indicator.targets)
    made = forecast(observed, indicator, last_due)
    assert made.records.height + made.without.height == observed["organisation"].n_unique() > 200
    numbers = made.months.select("lower_95", "lower_80", "mean", "upper_80", "upper_95")
    assert numbers.null_count().sum_horizontal().item() == 0
    assert all(numbers[name].is_between(0, 1).all() for name in numbers.columns)
    always = observed.group_by("organisation").agg(pl.col("value").min()).filter(pl.col("value") == 1)
    flat = chance_of_meeting(made, indicator, dated_targets(indicator, observed)).join(
        always, on="organisation", how="semi"
    )
    assert flat.drop_nulls("chance").height > 10
    assert flat["chance"].drop_nulls().min() > 0.99

    tested = made.records.filter(pl.col("tests") > 0)
    assert tested["coverage_80"].mean() > 0.75
    table = calibration(made.questions)
    assert table["share_met"].is_sorted()
    assert table.select((pl.col("chance_given") - pl.col("share_met")).abs().max()).item() < 0.25
