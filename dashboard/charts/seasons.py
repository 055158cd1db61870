"""Marks for the time of year: the line as reported behind an adjusted one, and each month last year."""

import polars as pl

from dashboard.charts.drawing import Trace, scatter
from dashboard.palette import Palette


def reported(series: pl.DataFrame, palette: Palette) -> Trace:
    """Draw values as reported thin and quiet, behind those without seasons."""
    return scatter(
        x=series["period"].to_list(),
        y=series["value"].to_list(),
        mode="lines",
        name="As reported",
        line={"color": palette.path, "width": 1},
        hoverinfo="skip",
        connectgaps=False,
    )


def last_year(series: pl.DataFrame, palette: Palette) -> Trace:
    """Draw a bar across each month at the value of the same month last year."""
    known = series.drop_nulls("year_before")
    return scatter(
        x=known["period"].to_list(),
        y=known["year_before"].to_list(),
        mode="markers",
        name="Same month last year",
        marker={"symbol": "line-ew-open", "size": 9, "color": palette.ink, "line": {"width": 2}},
        hoverinfo="skip",
    )
