"""One visual language: actual, path, target and provisional months are the same marks in every chart."""

from typing import Any

import polars as pl

from dashboard.charts.drawing import Trace, scatter
from dashboard.palette import Palette

HOLLOW = ("provisional",)
SCALED = ("value", "path", "target", "lower_limit", "upper_limit", "lower_80", "upper_80")
CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "scrollZoom": False,
    "doubleClick": False,
    "responsive": True,
}
"""Plotly's settings for every chart: still, without a tool bar, and nothing that leaves the page."""


def actual(series: pl.DataFrame, palette: Palette, texts: list[str], width: float = 2.5) -> Trace:
    """Draw the actual values: a solid line, filled where final and hollow where provisional.

    `series` has period, value and status, oldest first; `texts` is what each point says when pointed at.
    A missing month breaks the line: it is not a zero and the line does not jump over it.
    """
    hollow = series["status"].is_in(HOLLOW).to_list()
    marker = {
        "size": [8 if one else 5 for one in hollow],
        "color": [palette.ground if one else palette.actual for one in hollow],
        "line": {"color": palette.actual, "width": 2},
        "opacity": 1,
    }
    return scatter(
        x=series["period"].to_list(),
        y=series["value"].to_list(),
        mode="lines+markers",
        name="Actual",
        line={"color": palette.actual, "width": width},
        marker=marker,
        text=texts,
        hovertemplate="%{text}<extra></extra>",
        connectgaps=False,
    )


def path(series: pl.DataFrame, palette: Palette, width: float = 2.0) -> Trace:
    """Draw the path to the target: dashed."""
    return _line(series, "path", "Path to target", {"color": palette.path, "width": width, "dash": "dash"})


def target(series: pl.DataFrame, palette: Palette, width: float = 1.5) -> Trace:
    """Draw the target: a thin stepped line that changes where the national target does."""
    return _line(series, "target", "Target", {"color": palette.target, "width": width, "shape": "hv"})


def _line(series: pl.DataFrame, column: str, name: str, line: dict[str, Any]) -> Trace:
    return scatter(
        x=series["period"].to_list(),
        y=series[column].to_list(),
        mode="lines",
        name=name,
        line=line,
        hoverinfo="skip",
        connectgaps=False,
    )


def scale(frames: list[pl.DataFrame], proportion: bool) -> tuple[float, float] | None:
    """Give one vertical scale that holds every series, with a little air; None when there is nothing.

    Shares stay within 0 and 1. A scale starts at zero only where the data come near it.
    """
    values = [
        v
        for frame in frames
        for column in SCALED
        if column in frame.columns
        for v in frame[column].drop_nulls().to_list()
    ]
    if not values:
        return None
    low, high = min(values), max(values)
    air = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
    bottom = 0.0 if low >= 0 and low - air < 0.15 * high else low - air
    return (max(bottom, 0.0), min(high + air, 1.0)) if proportion else (bottom, high + air)
