"""Which feed arrived for which month, as a grid of marks: a shape for each outcome, and not colour alone."""

from datetime import date

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.trajectory import FONT
from dashboard.palette import Palette

SHAPES = {
    "accepted": ("square", "All rows accepted"),
    "accepted_with_quarantine": ("diamond", "Some rows set aside"),
    "missing": ("x-thin", "Not received"),
}


def grid(held: pl.DataFrame, feeds: dict[str, str], months: list[date], palette: Palette) -> go.Figure:
    """Draw a mark for each feed (top to bottom, by title) and month.

    `held` has feed, period and outcome; `feeds` gives each feed's title.
    """
    colours = dict(zip(SHAPES, (palette.good, palette.concern, palette.quiet), strict=True))
    outcomes = {(row["feed"], row["period"]): row["outcome"] for row in held.iter_rows(named=True)}
    figure = go.Figure()
    for outcome, (symbol, words) in SHAPES.items():
        cells = [
            (month, title)
            for feed, title in feeds.items()
            for month in months
            if outcomes.get((feed, month), "missing") == outcome
        ]
        figure.add_trace(
            go.Scatter(
                x=[month for month, _ in cells],
                y=[title for _, title in cells],
                mode="markers",
                name=words,
                marker={
                    "symbol": symbol,
                    "size": 8,
                    "color": colours[outcome],
                    "line": {"width": 2 if outcome == "missing" else 0, "color": colours[outcome]},
                },
                hovertemplate="%{y}, %{x|%B %Y}: " + words.lower() + "<extra></extra>",
            )
        )
    figure.update_layout(
        height=90 + 30 * len(feeds),
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        paper_bgcolor=palette.ground,
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 14, "color": palette.ink},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "itemclick": False},
        dragmode=False,
    )
    axis = {"showgrid": False, "zeroline": False, "fixedrange": True, "automargin": True}
    figure.update_xaxes(**axis, tickformat="%b\n%Y", dtick="M6", tick0="2019-04-01")
    figure.update_yaxes(**axis, categoryorder="array", categoryarray=list(reversed(list(feeds.values()))))
    return figure
