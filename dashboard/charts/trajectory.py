"""The main chart, its small copies and the sparkline: actual, path and target over months."""

from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts import marks
from dashboard.palette import Palette

FONT = "Source Sans, Source Sans Pro, Arial, sans-serif"


def main_chart(
    series: pl.DataFrame,
    palette: Palette,
    *,
    unit: str,
    texts: list[str],
    labels: dict[str, str],
    proportion: bool,
    height: int = 380,
) -> go.Figure:
    """Draw one series to its deadline with direct labels.

    `series` has period, value, path, target and status, one row a month, oldest first, on to the deadline.
    `labels` gives the words at the right-hand end of "actual", "path" and "target".
    """
    figure = go.Figure([marks.target(series, palette), marks.path(series, palette)])
    figure.add_traces(marks.actual(series, palette, texts))
    bounds = marks.scale([series], proportion)
    figure.update_layout(**_frame(palette, height, left=8, right=8, top=34))
    figure.update_xaxes(range=_span(series), **_months(palette, series))
    figure.update_yaxes(range=bounds, **_values(palette, proportion))
    figure.add_annotation(
        text=unit, x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=12,
        showarrow=False, font={"color": palette.quiet, "size": 14},
    )  # fmt: skip
    _direct_labels(figure, series, palette, labels, bounds)
    return figure


def small_chart(
    series: pl.DataFrame,
    palette: Palette,
    *,
    texts: list[str],
    proportion: bool,
    bounds: tuple[float, float] | None,
) -> go.Figure:
    """Draw one small multiple on a shared scale (`bounds`); the same marks, fewer words."""
    figure = go.Figure([marks.target(series, palette, 1.2), marks.path(series, palette, 1.5)])
    figure.add_traces(marks.actual(series, palette, texts, 2.0))
    figure.update_traces(marker_size=3, selector={"name": "Actual"})
    figure.update_layout(**_frame(palette, 150, left=4, right=6, top=6))
    figure.update_xaxes(range=_span(series), **_months(palette, series, every=24))
    figure.update_yaxes(range=bounds, **_values(palette, proportion, ticks=3))
    return figure


def sparkline(series: pl.DataFrame, palette: Palette, height: int = 56) -> go.Figure:
    """Draw a bare line of the last months with its path, ending in a dot."""
    figure = go.Figure([marks.path(series, palette, 1.5)])
    figure.add_traces(marks.actual(series, palette, [""] * series.height, 2.0))
    known = series.drop_nulls("value")
    last = known["period"].max() if known.height else None
    figure.update_traces(
        marker_size=[7 if period == last else 0 for period in series["period"]],
        hoverinfo="skip",
        hovertemplate=None,
        selector={"name": "Actual"},
    )
    figure.update_layout(**_frame(palette, height, left=2, right=6, top=4), hovermode=False)
    figure.update_layout(margin_b=4)
    figure.update_xaxes(visible=False, fixedrange=True)
    figure.update_yaxes(visible=False, fixedrange=True)
    return figure


def _frame(palette: Palette, height: int, *, left: int, right: int, top: int) -> dict[str, Any]:
    return {
        "height": height,
        "margin": {"l": left, "r": right, "t": top, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 14, "color": palette.ink},
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": palette.ground,
            "bordercolor": palette.path,
            "font": {"color": palette.ink},
        },
        "dragmode": False,
    }


def _months(palette: Palette, series: pl.DataFrame, every: int = 12) -> dict[str, Any]:
    """Mark each April, when an NHS year starts."""
    return {
        "tickformat": "%b\n%Y" if every == 12 else "%Y",
        "tick0": "2019-04-01",
        "dtick": f"M{every}",
        "showgrid": False,
        "ticks": "outside",
        "tickcolor": palette.quiet,
        "linecolor": palette.quiet,
        "showline": True,
        "zeroline": False,
        "fixedrange": True,
        "tickfont": {"color": palette.quiet, "size": 13},
        "automargin": True,
    }


def _values(palette: Palette, proportion: bool, ticks: int = 5) -> dict[str, Any]:
    return {
        "tickformat": ".0%" if proportion else ",~g",
        "nticks": ticks,
        "gridcolor": palette.grid,
        "zeroline": False,
        "fixedrange": True,
        "tickfont": {"color": palette.quiet, "size": 13},
        "automargin": True,
    }


def _span(series: pl.DataFrame) -> list[date]:
    """Show every month held, on to the deadline, with room for the labels at the right."""
    first, last = series["period"].min(), series["period"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return []
    return [first - timedelta(days=20), last + timedelta(days=30)]


def _direct_labels(
    figure: go.Figure,
    series: pl.DataFrame,
    palette: Palette,
    labels: dict[str, str],
    bounds: tuple[float, float] | None,
) -> None:
    """Write each line's name and last value beside its end, pushed apart where they would touch."""
    if bounds is None:
        return
    ends = []
    for column, key, colour in (
        ("value", "actual", palette.actual),
        ("path", "path", palette.path),
        ("target", "target", palette.target),
    ):
        known = series.drop_nulls(column)
        if known.is_empty() or not labels.get(key):
            continue
        ends.append((key, known["period"][-1], known[column][-1], colour))
    room = (bounds[1] - bounds[0]) * 0.075
    for key, period, level, colour in ends:
        others = [other for k, _, other, _ in ends if k != key]
        above = key == "target" or (key == "actual" and all(level >= other for other in others))
        near = key == "path" and any(k == "target" and abs(level - other) < room for k, _, other, _ in ends)
        figure.add_annotation(
            x=period, y=level, text=f"<b>{labels[key]}</b>", showarrow=False, xanchor="right",
            yanchor="bottom" if above and not near else "top", yshift=8 if above and not near else -8,
            font={"color": colour, "size": 14}, bgcolor=palette.ground, opacity=0.95, borderpad=1,
        )  # fmt: skip
