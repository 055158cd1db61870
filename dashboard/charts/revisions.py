"""How far each month's figure was moved by a later issue: a mark each, large ones by shape as well."""

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.trajectory import FONT
from dashboard.palette import Palette

MOST_TICKS = 6
SHAPES = ((False, "circle", "Small"), (True, "diamond", "Large (flagged)"))


def moved(rows: pl.DataFrame, texts: list[str], unit: str, palette: Palette) -> go.Figure:
    """Draw a mark for each of `rows` (period, moved, flagged), `texts` being what it says when pointed at."""
    figure = go.Figure()
    marked = rows.with_columns(pl.Series("text", texts, pl.String))
    for flagged, symbol, words in SHAPES:
        mine = marked.filter(pl.col("flagged") == flagged)
        figure.add_trace(
            go.Scatter(
                x=mine["period"].to_list(),
                y=mine["moved"].to_list(),
                mode="markers",
                name=words,
                text=mine["text"].to_list(),
                hovertemplate="%{text}<extra></extra>",
                marker={
                    "symbol": symbol,
                    "size": 11 if flagged else 8,
                    "color": palette.concern if flagged else palette.actual,
                },
            )
        )
    figure.update_layout(
        height=300,
        margin={"l": 8, "r": 8, "t": 32, "b": 8},
        paper_bgcolor=palette.ground,
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 14, "color": palette.ink},
        showlegend=False,
        dragmode=False,
    )
    axis = {"fixedrange": True, "automargin": True}
    months = sorted(set(rows["period"]))
    figure.update_xaxes(
        **axis, showgrid=False, tickformat="%b\n%Y", tickvals=months[:: -(-len(months) // MOST_TICKS)]
    )
    figure.update_yaxes(
        **axis,
        title=unit,
        gridcolor=palette.grid,
        zeroline=True,
        zerolinecolor=palette.quiet,
        zerolinewidth=2,
    )
    return figure
