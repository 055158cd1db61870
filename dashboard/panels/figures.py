"""Showing a Plotly figure the same way everywhere: still, with alt text, in the reader's theme."""

from typing import Literal

import plotly.graph_objects as go
import streamlit as st

from dashboard.charts.marks import CONFIG
from dashboard.palette import Palette, palette_for


def palette() -> Palette:
    """Give the mark colours for the theme the reader's browser shows."""
    return palette_for(st.context.theme.type)


def chart(figure: go.Figure, alt: str, key: str, width: int | Literal["stretch"] = "stretch") -> None:
    """Show a figure with its description for screen readers."""
    st.plotly_chart(figure, theme=None, config=CONFIG, alt=alt, key=key, width=width)
