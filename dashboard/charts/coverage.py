"""Who reported in which month, as a grid of marks; and England's figure beside that of a fixed panel."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import polars as pl

from dashboard.charts import rows
from dashboard.charts.trajectory import FONT
from dashboard.palette import Palette

MOST_TICKS = 6


def grid(
    cells: pl.DataFrame,
    codes: Sequence[str],
    marks: Mapping[str, tuple[str, str]],
    concerning: Sequence[str],
    palette: Palette,
) -> go.Figure:
    """Draw a mark for each organisation (top to bottom, by code) and month of `cells`.

    `marks` gives the symbol and words of each state; those in `concerning` take the colour of concern.
    `cells` has organisation, organisation_name, period and state.
    """
    figure = go.Figure()
    row_of = {code: row for row, code in enumerate(codes)}
    for state, (symbol, words) in marks.items():
        mine = cells.filter(pl.col("state") == state)
        if mine.is_empty():
            continue
        colour = palette.concern if state in concerning else palette.actual
        colour = palette.quiet if symbol == "line-ew" else colour
        figure.add_trace(
            go.Scatter(
                x=mine["period"].to_list(),
                y=[row_of[code] for code in mine["organisation"]],
                customdata=mine["organisation_name"].fill_null(mine["organisation"]).to_list(),
                mode="markers",
                name=words,
                marker=rows.marker(symbol, colour, 6 if symbol == "line-ew" else 11),
                hovertemplate="%{customdata},<br>%{x|%B %Y}: " + words.lower() + "<extra></extra>",
            )
        )
    named = dict(cells.select("organisation", pl.coalesce("organisation_name", "organisation")).iter_rows())
    titles = [f"{code} {named[code]}" if named[code] != code else code for code in codes]
    rows.lay_out(figure, titles, sorted(set(cells["period"])), palette)
    return figure


def panel(
    lines: pl.DataFrame, names: tuple[str, str], unit: str, percent: bool, palette: Palette
) -> go.Figure:
    """Draw England's figure as published (solid) and the fixed panel's (dashed, diamonds), month by month.

    `lines`: `metrics.coverage.PANEL`; `names` are of the two lines: the page says which is which.
    """
    figure, form = go.Figure(), ":.2%" if percent else ":,.2f"
    styles = (
        ("whole_value", palette.actual, "solid", "circle"),
        ("value", palette.path, "dash", "diamond"),
    )
    for name, (column, colour, dash, symbol) in zip(names, styles, strict=True):
        figure.add_trace(
            go.Scatter(
                x=lines["period"].to_list(),
                y=lines[column].to_list(),
                mode="lines+markers",
                name=name,
                line={"color": colour, "width": 2.5, "dash": dash},
                marker={"symbol": symbol, "size": 7, "color": colour},
                hovertemplate=f"{name},<br>%{{x|%B %Y}}: %{{y{form}}}<extra></extra>",
            )
        )
    figure.update_layout(
        height=320,
        margin={"l": 8, "r": 8, "t": 32, "b": 8},
        paper_bgcolor=palette.ground,
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 14, "color": palette.ink},
        showlegend=False,
        dragmode=False,
    )
    axis = {"fixedrange": True, "automargin": True}
    months = lines["period"].to_list()
    figure.update_xaxes(
        **axis, showgrid=False, tickformat="%b\n%Y", tickvals=months[:: -(-len(months) // MOST_TICKS)]
    )
    ticks = ".1%" if percent else None
    figure.update_yaxes(**axis, title=unit, gridcolor=palette.grid, tickformat=ticks, zeroline=False)
    return figure
