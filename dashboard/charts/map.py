"""Places filled by class: polygons in an ordinary chart, for Plotly's maps fetch theirs from elsewhere."""

import math
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from dashboard.charts.trajectory import FONT
from dashboard.palette import Palette

Outline = tuple[list[float | None], list[float | None]]
"""Longitudes and latitudes of every ring of a place, a None after each."""
HEIGHT = 720
NONE = "No figure"
SHADES = {
    "light": ("#D6E6F4", "#8FC1E0", "#3B8BC2", "#08407E"),
    "dark": ("#1D3B57", "#2F6C99", "#5FA8D3", "#CDEBFA"),
}
"""Better to worse: one hue in even steps of lightness, which every kind of colour vision tells apart."""
PATTERN = {"shape": "/", "size": 7, "solidity": 0.25}
"""The worst class is hatched too, so that it is found without colour."""


def draw(
    outlines: Mapping[str, Outline],
    middles: Mapping[str, tuple[float, float]],
    classes: Sequence[tuple[str, Sequence[str]]],
    texts: Mapping[str, str],
    palette: Palette,
    dark: bool,
) -> go.Figure:
    """Draw the country: `classes` are words and codes, best first; `texts` is said of each place pointed at.

    Places that are in no class are drawn as having no figure.
    """
    shades = SHADES["dark" if dark else "light"]
    figure = go.Figure()
    told = {code for _, codes in classes for code in codes}
    without = [code for code in outlines if code not in told]
    if without:
        figure.add_trace(_filled(NONE, without, outlines, palette.grid, palette, {"shape": "."}))
    for place, (words, codes) in enumerate(classes):
        shade = shades[round(place * (len(shades) - 1) / max(1, len(classes) - 1))]
        worst = PATTERN if place == len(classes) - 1 and len(classes) > 1 else None
        figure.add_trace(_filled(words, codes, outlines, shade, palette, worst))
    pointed = [code for code in outlines if code in texts]
    figure.add_trace(
        go.Scatter(
            x=[middles[code][0] for code in pointed],
            y=[middles[code][1] for code in pointed],
            mode="markers",
            marker={"size": 14, "color": "rgba(0,0,0,0)"},
            text=[texts[code] for code in pointed],
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
        )
    )
    return _laid_out(figure, [north for _, north in middles.values()], palette)


def _filled(
    words: str,
    codes: Sequence[str],
    outlines: Mapping[str, Outline],
    colour: str,
    palette: Palette,
    pattern: Mapping[str, object] | None,
) -> go.Scatter:
    there = [outlines[code] for code in codes if code in outlines]
    hatched = {"fillpattern": {**pattern, "fgcolor": palette.ground, "bgcolor": colour}} if pattern else {}
    return go.Scatter(
        x=[at for east, _ in there for at in east],
        y=[at for _, north in there for at in north],
        mode="lines",
        fill="toself",
        fillcolor=colour,
        line={"color": palette.quiet, "width": 0.6},
        name=words,
        hoverinfo="skip",
        **hatched,
    )


def _laid_out(figure: go.Figure, latitudes: Sequence[float], palette: Palette) -> go.Figure:
    middle = (min(latitudes) + max(latitudes)) / 2 if latitudes else 53.0
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 0, "t": 8, "b": 0},
        paper_bgcolor=palette.ground,
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 14, "color": palette.ink},
        legend={"x": 0, "y": 1, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
        hovermode="closest",
        hoverdistance=30,
        dragmode=False,
    )
    ratio = 1 / math.cos(math.radians(middle))
    hidden = {"visible": False, "fixedrange": True}
    # A degree of longitude is shorter than one of latitude by the cosine of the latitude.
    figure.update_yaxes(
        **hidden, scaleanchor="x", scaleratio=ratio, constrain="domain", constraintoward="top"
    )
    figure.update_xaxes(**hidden, constrain="domain")
    return figure
