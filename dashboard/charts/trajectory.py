"""The main chart, its small copies and the sparkline: actual, path and target over months."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.charts import drawing, marks
from dashboard.charts import forecast as forecast_layer
from dashboard.charts import notes as note_layer
from dashboard.charts import spc as spc_layer
from dashboard.charts.drawing import Part, Trace
from dashboard.charts.labels import PLOT_PIXELS, direct_labels
from dashboard.noted import Badge
from dashboard.palette import Palette

Layer = tuple[pl.DataFrame, dict[str, str]]
NAMED = timedelta(days=280)
"""About as many days as a name takes beside the last month; on a phone more, and there it covers the line."""
TALLEST, N_PIXELS = 36, 18
"""Pixels of the actual line's name, and of the line that says n."""
MOST_YEARS = 7
"""As many Aprils as stand side by side on a phone."""
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
    spc: Layer | None = None,
    forecast: pl.DataFrame | None = None,
    badges: Sequence[Badge] = (),
    under: Sequence[Trace] = (),
    n: str = "",
) -> go.Figure:
    """Draw one series to its deadline with direct labels.

    `series` has period, value, path, target and status, one row a month, oldest first, on to the deadline.
    `labels` gives the words at the right-hand end of "actual", "path" and "target". `spc` adds its lines and
    marks: the points' frame (`dashboard.spc.COLUMNS`) and each kind of state's symbol. `forecast` adds a fan,
    `badges` the notes' numbers above the months they are about, `under` more marks behind the actual.
    `n` says how many the newest figure is of.
    """
    traces = [marks.target(series, palette), marks.path(series, palette)]
    if spc is not None:
        traces += spc_layer.lines(spc[0], palette)
    if forecast is not None:
        traces += forecast_layer.fan(forecast, palette)
    traces += [*under, marks.actual(series, palette, texts)]
    if spc is not None:
        traces += spc_layer.signals(series, *spc, palette)
    beside = [frame for frame in (spc[0] if spc else None, forecast) if frame is not None]
    beside += [pl.DataFrame({"period": trace["x"], "value": trace["y"]}) for trace in under]
    bounds = marks.scale([series, *beside], proportion)
    months = pl.concat([frame.select("period") for frame in (series, *beside)])
    span = span_of(months)
    shapes, annotations, above = note_layer.draw(badges, span, palette) if span else ([], [], 0)
    annotations.append(_unit(unit, palette, above + (N_PIXELS if n else 0)))
    if n:
        annotations.append(_unit(n, palette, above))
        above += N_PIXELS
    expected = [] if forecast is None else forecast["mean"].head(12).to_list()
    named, taken = direct_labels(series, palette, labels, bounds, expected)
    annotations += named
    latest = series.drop_nulls("value")["period"].max()
    if spc is not None and bounds is not None and isinstance(latest, date):
        ahead = series.filter(pl.col("period").is_between(latest, latest + NAMED))
        run_on = [v for column in ("path", "target") for v in ahead[column].drop_nulls()]
        pixel = (bounds[1] - bounds[0]) / PLOT_PIXELS
        names = [] if taken is None else [(taken, TALLEST / 2)]
        annotations += spc_layer.name_lines(spc[0], palette, latest, names, run_on, pixel)
    return drawing.figure(
        traces,
        **_frame(palette, height + above, left=8, right=76, top=34 + above),
        **_axes(_years(palette, span), span, _values(palette, proportion), bounds),
        annotations=annotations,
        **({"shapes": shapes} if shapes else {}),
    )


def small_chart(
    series: pl.DataFrame,
    palette: Palette,
    *,
    texts: list[str],
    proportion: bool,
    bounds: tuple[float, float] | None,
    span: list[date] | None = None,
) -> go.Figure:
    """Draw one small multiple on shared scales (`bounds`, and `span` of months); fewer words."""
    actual = marks.actual(series, palette, texts, 2.0)
    actual |= {"cliponaxis": False, "marker": actual["marker"] | {"size": 3}}
    values = _values(palette, proportion, ticks=3)
    return drawing.figure(
        [marks.target(series, palette, 1.2), marks.path(series, palette, 1.5), actual],
        # Room above the marks for the button that saves the picture.
        **_frame(palette, 194, left=4, right=6, top=30),
        **_axes(_months(palette, every=24), span or span_of(series), values, bounds),
    )


def sparkline(series: pl.DataFrame, palette: Palette, height: int = 56) -> go.Figure:
    """Draw a bare line of the last months with its path, ending in a dot."""
    known = series.drop_nulls("value")
    last = known["period"].max() if known.height else None
    actual = marks.actual(series, palette, [""] * series.height, 2.0)
    del actual["hovertemplate"]
    sizes = [7 if period == last else 0 for period in series["period"]]
    actual |= {"cliponaxis": False, "hoverinfo": "skip", "marker": actual["marker"] | {"size": sizes}}
    frame = _frame(palette, height, left=4, right=8, top=6)
    frame |= {"margin": frame["margin"] | {"b": 6}, "hovermode": False}
    bare = {"visible": False, "fixedrange": True}
    axes = _axes(bare, span_of(series), bare, None)
    return drawing.figure([marks.path(series, palette, 1.5), actual], **frame, **axes)


def _axes(
    months: Part, span: list[date], values: Part, bounds: tuple[float, float] | None
) -> dict[str, Part]:
    """Give both axes their ends, where there are any."""
    return {
        "xaxis": months | ({"range": span} if span else {}),
        "yaxis": values | ({"range": list(bounds)} if bounds else {}),
    }


def _unit(unit: str, palette: Palette, above: int) -> Part:
    """Name the unit above the vertical axis."""
    return {
        "text": unit,
        "x": 0,
        "y": 1,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 12 + above,
        "showarrow": False,
        "font": {"color": palette.quiet, "size": 14},
    }


def _frame(palette: Palette, height: int, *, left: int, right: int, top: int) -> dict[str, Any]:
    return {
        "height": height,
        "margin": {"l": left, "r": right, "t": top, "b": 8},
        "paper_bgcolor": palette.ground,
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


def _months(palette: Palette, every: int = 12) -> dict[str, Any]:
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


def _years(palette: Palette, span: list[date]) -> dict[str, Any]:
    """Mark every second April where a phone has no room for each: turned words run into each other."""
    months = _months(palette)
    long = bool(span) and (span[1] - span[0]).days > MOST_YEARS * 366
    return months | {"dtick": "M24" if long else "M12", "tickangle": 0}


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


def span_of(series: pl.DataFrame) -> list[date]:
    """Show every month drawn, with room for the marks at both ends."""
    first, last = series["period"].min(), series["period"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return []
    return [first - timedelta(days=20), last + timedelta(days=25)]
