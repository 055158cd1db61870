"""The reliability diagram: what chance was given against the share met, with intervals and a diagonal."""

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.trajectory import FONT
from dashboard.palette import Palette

SYMBOLS = {
    "in line": "circle",
    "too kind": "triangle-down",
    "too harsh": "triangle-up",
    "too few to say": "circle-open",
}


def diagram(bands: pl.DataFrame, palette: Palette, height: int = 380) -> go.Figure:
    """Draw one point for each band with questions, its shape by verdict.

    `bands` as `metrics.calibration.bands` gives them.
    """
    figure = go.Figure(
        go.Scatter(
            x=[0, 1],
            y=[0, 1],
            mode="lines",
            name="As said",
            line={"color": palette.path, "width": 1.5, "dash": "dash"},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    some = bands.filter(pl.col("questions") > 0)
    figure.add_trace(
        go.Scatter(
            x=some["chance_given"].to_list(),
            y=some["share_met"].to_list(),
            mode="markers",
            name="Back tests",
            marker={
                "symbol": [SYMBOLS[verdict] for verdict in some["verdict"]],
                "size": 11,
                "color": palette.actual,
                "line": {"color": palette.ink, "width": 1},
            },
            error_y={
                "type": "data",
                "symmetric": False,
                "array": (some["met_high"] - some["share_met"]).to_list(),
                "arrayminus": (some["share_met"] - some["met_low"]).to_list(),
                "color": palette.quiet,
                "thickness": 1.5,
                "width": 4,
            },
            text=[
                f"Said {row['chance_given']:.0%} on average:<br><b>{row['share_met']:.0%} met</b>"
                f"<br>{row['questions']:,} questions to {row['series']:,} series"
                for row in some.iter_rows(named=True)
            ],
            hovertemplate="%{text}<extra></extra>",
            cliponaxis=False,
            showlegend=False,
        )
    )
    _name(figure, 0.03, 0.93, "Too harsh:<br>met more often than said", "left", palette)
    _name(figure, 0.99, 0.06, "Too kind:<br>met less often than said", "right", palette)
    axis = {
        "range": [-0.03, 1.03],
        "tickformat": ".0%",
        "gridcolor": palette.grid,
        "zeroline": False,
        "fixedrange": True,
        "tickfont": {"color": palette.quiet, "size": 13},
    }
    figure.update_xaxes(
        title={"text": "Chance said", "font": {"color": palette.quiet, "size": 14}, "standoff": 10}, **axis
    )
    figure.update_yaxes(**axis)
    figure.add_annotation(
        text="Share met", x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=8,
        showarrow=False, font={"color": palette.quiet, "size": 14},
    )  # fmt: skip
    figure.update_layout(
        height=height,
        margin={"l": 52, "r": 12, "t": 30, "b": 56},
        paper_bgcolor=palette.ground,
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 14, "color": palette.ink},
        hoverlabel={"bgcolor": palette.ground, "bordercolor": palette.path, "font": {"color": palette.ink}},
        dragmode=False,
    )
    return figure


def _name(figure: go.Figure, x: float, y: float, text: str, side: str, palette: Palette) -> None:
    figure.add_annotation(
        x=x, y=y, text=text, showarrow=False, xanchor=side, align=side,
        font={"color": palette.quiet, "size": 13},
    )  # fmt: skip
