"""Seasons taken out of monthly series, so that SPC can ask what is left; and the same month last year.

A further reading only: the icons of a scorecard are read off the figures as they were reported.
"""

import polars as pl

from metrics.baseline import MONTHS_IN_A_YEAR, SERIES, final, month_of
from metrics.forecast_scale import from_working, to_working
from metrics.indicator import Indicator

FEWEST_YEARS = 3
MOST_YEARS = 6
"""Seasons change: years further back than a forecast looks say little of this one's."""


def adjusted(observations: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """The same rows in the same order, with `adjusted`, `season` and `season_years`.

    `observations` of one indicator, one row a series and month: series keys, period, value, status. A season
    is what a calendar month usually lies above or below its year, averaged over the series' latest complete
    years: twelve final months each, counted back from its last final month, at least `FEWEST_YEARS` of them
    and at most `MOST_YEARS`. What the series gained from the first of those years to the last is taken out
    beforehand, in even steps, so that a steady rise is not taken for a season.

    Worked on the scale of `metrics.forecast_scale`: an adjusted share stays within 0..1, and an adjusted
    count at 0 or above. `adjusted` is the value without its season, null where there is none or the month is
    not final; `season` is value less adjusted; `season_years` says on how many years it rests, 0 where they
    are too few. The years give their own seasons, so a point keeps only (1 - 1/season_years) of its own
    chance: limits are narrower than those of the figures as reported, and so is what stands out of them.
    """
    rows = observations.with_row_index("row").with_columns(month=month_of())
    points = rows.filter(final() & pl.col("value").is_finite()).with_columns(
        working=to_working(indicator.kind, pl.col("value")),
        year=(pl.col("month").max().over(SERIES) - pl.col("month")) // MONTHS_IN_A_YEAR,
        calendar=pl.col("month") % MONTHS_IN_A_YEAR,
    )
    seasons, years = _seasons(points)
    found = points.join(seasons, on=[*SERIES, "calendar"], how="left", nulls_equal=True).select(
        "row",
        adjusted=from_working(indicator.kind, pl.col("working") - pl.col("usual")),
    )
    return (
        rows.join(found, on="row", how="left")
        .join(years, on=SERIES, how="left", nulls_equal=True)
        .sort("row")
        .with_columns(
            season=pl.col("value") - pl.col("adjusted"),
            season_years=pl.col("season_years").fill_null(0),
        )
        .drop("row", "month")
    )


def _seasons(points: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Each series' `usual` by `calendar` month, of series with years enough; and its `season_years`."""
    year = [*SERIES, "year"]
    whole = points.filter(pl.col("year") < MOST_YEARS, pl.len().over(year) == MONTHS_IN_A_YEAR).with_columns(
        mean=pl.col("working").mean().over(year)
    )
    years = whole.group_by(SERIES).agg(
        pl.col("year").n_unique().alias("season_years"),
        newest=pl.col("year").min(),
        oldest=pl.col("year").max(),
        gained=pl.col("mean").filter(pl.col("year") == pl.col("year").min()).first()
        - pl.col("mean").filter(pl.col("year") == pl.col("year").max()).first(),
    )
    years = years.filter(pl.col("season_years") >= FEWEST_YEARS)
    step = pl.col("gained") / ((pl.col("oldest") - pl.col("newest")) * MONTHS_IN_A_YEAR)
    middle = (MONTHS_IN_A_YEAR - 1) / 2
    place = (pl.col("month") - pl.col("month").min().over(year)) - middle
    above = pl.col("working") - pl.col("mean") - step * place
    usual = (
        whole.join(years, on=SERIES, nulls_equal=True)
        .with_columns(above=above)
        .group_by(*SERIES, "calendar")
        .agg(usual=pl.col("above").mean())
    )
    return usual, years.select(*SERIES, "season_years")


def year_before(observations: pl.DataFrame) -> pl.DataFrame:
    """The same rows in the same order, with `year_before`: the value of the same month last year.

    `observations` has the series keys, period and value. Null where that month has no value. Both values
    are as reported; whether either is provisional is for the reader of `status`.
    """
    then = observations.select(
        *SERIES, month=month_of() + MONTHS_IN_A_YEAR, year_before=pl.col("value")
    ).drop_nulls("year_before")
    return (
        observations.with_columns(month=month_of())
        .join(then, on=[*SERIES, "month"], how="left", nulls_equal=True, maintain_order="left")
        .drop("month")
    )
