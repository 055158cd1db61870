"""How good the forecasts are: a section of the definitions page, from what back tests left behind."""

import streamlit as st

from dashboard import reliability
from dashboard.charts.reliability import diagram
from dashboard.panels import choices, figures
from dashboard.panels.quiet import note
from metrics.indicator import Indicator


def show(one: Indicator | None = None) -> None:
    """Show chances given against shares met, for one measure or for all; nothing before there are figures."""
    edition = choices.edition()
    if not edition:
        return
    found = reliability.read(edition, one.id if one else None)
    st.header("How good are the forecasts", anchor=reliability.ANCHOR)
    st.markdown(
        "Each refresh asks forecasts made from earlier months only: would the target have been met in the "
        "months after? What came then says how much a chance is worth."
    )
    st.markdown(f"**Back tests.** {found.said()}")
    if not found.asked:
        return
    figures.chart(diagram(found.bands, figures.palette()), found.alt(), key="reliability", width=560)
    note(
        "▼ too kind: met less often than said. ▲ too harsh: met more often than said. ● in line. ○ too few "
        "series to say."
    )
    note(reliability.HOW_TO_READ)
    st.table(
        found.table(), border="horizontal", hide_index=True, alt="Chance said against share met, by band"
    )
    st.subheader("By measure", anchor=False)
    st.markdown(
        "A forecast is given only where it came closer than repeating last year's months; elsewhere those "
        "are repeated. An 80% band should hold 80% of months."
    )
    st.table(found.by_measure(), border="horizontal", hide_index=True, alt="How forecasts did, by measure")
