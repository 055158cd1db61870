"""Which feed arrived for which month, as a grid of marks: a shape for each outcome, and not colour alone."""

from datetime import date

import plotly.graph_objects as go
import polars as pl

from dashboard.charts import rows
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
            (month, row, title)
            for row, (feed, title) in enumerate(feeds.items())
            for month in months
            if outcomes.get((feed, month), "missing") == outcome
        ]
        figure.add_trace(
            go.Scatter(
                x=[month for month, _, _ in cells],
                y=[row for _, row, _ in cells],
                customdata=[title for _, _, title in cells],
                mode="markers",
                name=words,
                marker=rows.marker(symbol, colours[outcome], 10),
                hovertemplate="%{customdata},<br>%{x|%B %Y}: " + words.lower() + "<extra></extra>",
            )
        )
    rows.lay_out(figure, list(feeds.values()), months, palette)
    return figure
