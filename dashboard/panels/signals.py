"""What a chart's signals say: the reason, what the lines rest on, how to read them."""

import streamlit as st

from dashboard.panels.quiet import note
from dashboard.spc import HOW_TO_READ, Spc
from metrics.indicator import Indicator


def explain(chart: Spc, one: Indicator, counted: bool) -> None:
    """Say what the SPC layer shows under its chart."""
    st.markdown(f"**Variation.** {chart.said(one, counted)}")
    for words in (chart.legend(), chart.drawn_from(one, counted), HOW_TO_READ if chart.has_limits else ""):
        if words:
            note(words)
