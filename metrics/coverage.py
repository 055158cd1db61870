"""Coverage: who was expected to report in each month, who did, and what a fixed panel of them gives.

Nobody sends a list of who should have sent a figure. An organisation is expected from its first month on: to
the day it closed where that is known, otherwise until it has been silent for a year.
"""

import polars as pl

from metrics.geography import UNATTRIBUTED
from metrics.indicator import Indicator

STOPPED_AFTER = 12
"""Months of silence up to the newest month after which an organisation is taken to have stopped, from its
last figure on. A year, so that one late with a whole winter is still seen to be missing."""

PRESENT, PROVISIONAL, NOBODY = "present", "provisional", "nobody_to_count"
INSUFFICIENT, SUPPRESSED = "insufficient", "suppressed"
NOT_REPORTED, MISSING, NOT_EXPECTED = "not_reported", "missing", "not_expected"
STATES = (PRESENT, PROVISIONAL, NOBODY, INSUFFICIENT, SUPPRESSED, NOT_REPORTED, MISSING, NOT_EXPECTED)
"""A figure; one that may still change; a month with nobody to count; one too incomplete for a verdict; a
small number withheld; a row without the figure; no row where one was expected; not there yet, or not now."""

OF_STATUS = {
    "final": PRESENT,
    "provisional": PROVISIONAL,
    "no_denominator": NOBODY,
    "insufficient_data": INSUFFICIENT,
    "suppressed": SUPPRESSED,
    "not_reported": NOT_REPORTED,
}
REPORTED = (PRESENT, PROVISIONAL, NOBODY, INSUFFICIENT, SUPPRESSED)
ENOUGH, TOO_FEW, NO_FILE = "enough", "insufficient data", "no figures held"


def matrix(observations: pl.DataFrame, closings: pl.DataFrame | None = None) -> pl.DataFrame:
    """A row for each organisation and month of one indicator, basis and level: organisation, period, state.

    `observations` has organisation, period and status, a row an organisation and month; the months run from
    the first to the newest of them all. `closings` (organisation, closed: a date or null) says what is known
    of closures: an organisation is not expected from the month after the one it closed in.
    """
    rows = observations.filter(pl.col("organisation") != UNATTRIBUTED)
    if rows.is_empty():
        return pl.DataFrame(schema={"organisation": pl.String, "period": pl.Date, "state": pl.String})
    first, newest = rows.select(pl.col("period").min(), last=pl.col("period").max()).row(0)
    months = pl.date_range(first, newest, "1mo", eager=True).alias("period").to_frame()
    spans = rows.group_by("organisation").agg(begun=pl.col("period").min(), seen=pl.col("period").max())
    known = closings if closings is not None else pl.DataFrame(schema=CLOSINGS)
    silent = pl.col("seen").dt.offset_by(f"{STOPPED_AFTER}mo") <= pl.lit(newest)
    spans = spans.join(known, on="organisation", how="left").with_columns(
        # A figure after the closing date says that it was not the end.
        ends=pl.when(pl.col("closed").is_not_null())
        .then(pl.max_horizontal(pl.col("closed").dt.truncate("1mo"), "seen"))
        .when(silent)
        .then("seen")
        .otherwise(pl.lit(newest))
    )
    expected = pl.col("period").is_between(pl.col("begun"), pl.col("ends"))
    return (
        spans.select("organisation", "begun", "ends")
        .join(months, how="cross")
        .join(rows.select("organisation", "period", "status"), on=["organisation", "period"], how="left")
        .select(
            "organisation",
            "period",
            state=pl.when(pl.col("status").is_not_null())
            .then(pl.col("status").replace_strict(OF_STATUS, default=MISSING))
            .when(expected)
            .then(pl.lit(MISSING))
            .otherwise(pl.lit(NOT_EXPECTED)),
        )
        .sort("organisation", "period")
    )


CLOSINGS = {"organisation": pl.String, "closed": pl.Date}


def by_month(cells: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """`matrix` counted by month: period, expected, reported, not_reported, missing, share and verdict.

    `share` is of the expected organisations those that reported, null for a month of which nothing at all is
    held. `verdict` is "insufficient data" under the indicator's `least_reporting`.
    """
    state = pl.col("state")
    counted = cells.group_by("period").agg(
        (state != NOT_EXPECTED).sum().alias("expected"),
        state.is_in(REPORTED).sum().alias("reported"),
        (state == NOT_REPORTED).sum().alias("not_reported"),
        (state == MISSING).sum().alias("missing"),
    )
    held = pl.col("reported") + pl.col("not_reported") > 0
    share = pl.when(held, pl.col("expected") > 0).then(pl.col("reported") / pl.col("expected"))
    return (
        counted.with_columns(share.alias("share"))
        .with_columns(
            verdict=pl.when(~held)
            .then(pl.lit(NO_FILE))
            .when(pl.col("share") < indicator.least_reporting)
            .then(pl.lit(TOO_FEW))
            .otherwise(pl.lit(ENOUGH))
        )
        .cast(dict.fromkeys(("expected", "reported", "not_reported", "missing"), pl.Int64))
        .sort("period")
    )


PANEL = (
    *("period", "organisations", "numerator", "denominator", "value"),
    *("whole_numerator", "whole_denominator", "whole_value", "share"),
)


def fixed_panel(providers: pl.DataFrame, whole: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """The organisations with a figure in every month held, summed month by month, in PANEL.

    `providers` and `whole` (England's own figure, which may rest on others every month) have organisation,
    period, numerator, denominator and value. The months are those that `whole` has a figure in. `share` is
    the panel's share of the whole's denominator. Empty where nobody has every month.
    """
    months = whole.filter(pl.col("value").is_not_null()).select(
        "period", whole_numerator="numerator", whole_denominator="denominator", whole_value="value"
    )
    given = providers.filter(
        pl.col("numerator").is_not_null(),
        pl.col("denominator") > 0,
        pl.col("organisation") != UNATTRIBUTED,
    ).join(months, on="period", how="semi")
    always = (
        given.group_by("organisation")
        .agg(pl.col("period").n_unique().alias("months"))
        .filter(pl.col("months") == months.height)
    )
    sums = (
        given.join(always, on="organisation", how="semi")
        .group_by("period")
        .agg(pl.len().cast(pl.Int64).alias("organisations"), pl.col("numerator", "denominator").sum())
    )
    return (
        sums.join(months, on="period")
        .with_columns(
            value=indicator.scale * pl.col("numerator") / pl.col("denominator"),
            share=pl.col("denominator") / pl.col("whole_denominator"),
        )
        .select(PANEL)
        .sort("period")
    )
