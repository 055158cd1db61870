"""Showing a Plotly figure the same way everywhere: still, with alt text, in the reader's theme."""

from typing import Literal

import plotly.graph_objects as go
import streamlit as st

from dashboard.charts.marks import CONFIG
from dashboard.palette import Palette, palette_for
from dashboard.panels.quiet import note

PICTURE = {"displayModeBar": True, "modeBarButtons": [["toImage"]], "displaylogo": False}
SAVED_AS = {"format": "png", "scale": 2}
"""Twice the size on screen: sharp enough for a slide."""

DRAWN = {
    "square": "■",
    "square-open": "□",
    "circle": "●",
    "circle-open": "○",
    "diamond": "◆",
    "triangle-up": "▲",
    "star": "★",
    "x-thin": "✕",
    "line-ew": "–",
}
"""Plotly's symbols as letters, for the words over a chart."""
SPACE = "\u00a0"
"""Keeps a mark and its words on one line."""


def palette() -> Palette:
    """Give the mark colours for the theme the reader's browser shows."""
    return palette_for(st.context.theme.type)


def key(*marks: tuple[str, str, str]) -> None:
    """Say over a chart what its marks mean: symbol (as Plotly names it), words, colour (blue, orange, gray).

    A legend inside the figure would lie under the button that saves it, and cannot wrap on a phone.
    """
    said = (
        f":{colour}[**{DRAWN[symbol]}**]{SPACE}{words.replace(' ', SPACE)}" for symbol, words, colour in marks
    )
    note(" \u2003".join(said))


def chart(
    figure: go.Figure,
    alt: str,
    key: str,
    width: int | Literal["stretch"] = "stretch",
    *,
    picture: bool = True,
) -> None:
    """Show a figure with its description for screen readers, and a button that saves it as a picture.

    Without `picture` for charts too small to stand alone. The browser makes the picture itself.
    """
    config = {**CONFIG, **PICTURE, "toImageButtonOptions": {**SAVED_AS, "filename": key}}
    st.plotly_chart(figure, theme=None, config=config if picture else CONFIG, alt=alt, key=key, width=width)
