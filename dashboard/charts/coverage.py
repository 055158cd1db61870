"""Who reported in which month, as a grid of marks; and England's figure beside that of a fixed panel."""

from collections.abc import Mapping, Sequence
from datetime import date

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.trajectory import FONT
from dashboard.palette import Palette

ROW = 22
THIN = ("x-thin", "line-ew")
"""Marks that are lines alone, and are seen by their outline."""


def grid(
    cells: pl.DataFrame,
    codes: Sequence[str],
    marks: Mapping[str, tuple[str, str]],
    concerning: Sequence[str],
    palette: Palette,
) -> go.Figure:
    """Draw a mark for each organisation (top to bottom, by code) and month of `cells`.

    `marks` gives the symbol and words of each state, in the order of the legend; those in `concerning` take
    the colour of concern. `cells` has organisation, organisation_name, period and state.
    """
    figure = go.Figure()
    for state, (symbol, words) in marks.items():
        mine = cells.filter(pl.col("state") == state)
        if mine.is_empty():
            continue
        colour = palette.concern if state in concerning else palette.actual
        colour = palette.quiet if symbol == "line-ew" else colour
        figure.add_trace(
            go.Scatter(
                x=mine["period"].to_list(),
                y=mine["organisation"].to_list(),
                customdata=mine["organisation_name"].fill_null(mine["organisation"]).to_list(),
                mode="markers",
                name=words,
                marker={
                    "symbol": symbol,
                    "size": 6 if symbol == "line-ew" else 11,
                    "color": colour,
                    "line": {"width": 2 if symbol in THIN else 0, "color": colour},
                },
                hovertemplate="%{customdata},<br>%{x|%B %Y}: " + words.lower() + "<extra></extra>",
            )
        )
    months = sorted(set(cells["period"]))
    figure.update_layout(
        height=130 + ROW * len(codes),
        margin={"l": 8, "r": 8, "t": 70, "b": 8},
        paper_bgcolor=palette.ground,
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 14, "color": palette.ink},
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "itemclick": False},
        dragmode=False,
        showlegend=True,
    )
    axis = {"showgrid": False, "zeroline": False, "fixedrange": True, "automargin": True}
    figure.update_xaxes(**axis, tickvals=months, ticktext=[_initial(m, months) for m in months], tickangle=0)
    figure.update_yaxes(
        **axis,
        categoryorder="array",
        categoryarray=list(reversed(codes)),
        tickvals=list(codes),
        type="category",
    )
    return figure


def _initial(month: date, months: Sequence[date]) -> str:
    """A month as its first letter, with the year under the first of each year."""
    begins = month == months[0] or month.month == 1
    return f"{month:%b}"[0] + (f"<br>{month:%Y}" if begins else "")


def panel(
    rows: pl.DataFrame, names: tuple[str, str], unit: str, percent: bool, palette: Palette
) -> go.Figure:
    """Draw England's figure as published (solid) and the fixed panel's (dashed, diamonds), month by month.

    `rows`: `metrics.coverage.PANEL`; `names` are of the two lines, which are named where they end.
    """
    figure, form = go.Figure(), ":.2%" if percent else ":,.2f"
    styles = (
        ("whole_value", palette.actual, "solid", "circle"),
        ("value", palette.path, "dash", "diamond"),
    )
    for name, (column, colour, dash, symbol) in zip(names, styles, strict=True):
        figure.add_trace(
            go.Scatter(
                x=rows["period"].to_list(),
                y=rows[column].to_list(),
                mode="lines+markers",
                name=name,
                line={"color": colour, "width": 2.5, "dash": dash},
                marker={"symbol": symbol, "size": 7, "color": colour},
                hovertemplate=f"{name},<br>%{{x|%B %Y}}: %{{y{form}}}<extra></extra>",
            )
        )
    figure.update_layout(
        height=320,
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        paper_bgcolor=palette.ground,
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 14, "color": palette.ink},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "itemclick": False},
        dragmode=False,
    )
    axis = {"fixedrange": True, "automargin": True}
    figure.update_xaxes(**axis, showgrid=False, tickformat="%b\n%Y", nticks=6)
    ticks = ".1%" if percent else None
    figure.update_yaxes(**axis, title=unit, gridcolor=palette.grid, tickformat=ticks, zeroline=False)
    return figure
