"""The notes on a chart, listed under it by their numbers."""

import polars as pl
import streamlit as st

from dashboard.noted import Noted
from dashboard.panels.quiet import note


def show(noted: Noted, drawn: pl.DataFrame) -> None:
    """List what people noted of the series, and say on which day's footing; `drawn` has period."""
    if noted.frame.height:
        st.markdown("**Notes on this chart.** The numbers above it stand over the months they are about.")
        for line in noted.lines():
            note(line)
        if beyond := noted.beyond(drawn["period"].min(), drawn["period"].max()):
            note(beyond)
    if noted.known_on is not None:
        note(noted.as_known())
