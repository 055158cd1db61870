"""What a chart's signals and forecast say: the reason, what they rest on, how to read them."""

from datetime import date

import polars as pl
import streamlit as st

from dashboard import glossary
from dashboard.outlook import HOW_TO_READ as FORECAST_HOW_TO_READ
from dashboard.outlook import Outlook
from dashboard.panels import address, icons
from dashboard.panels.quiet import note
from dashboard.spc import HOW_TO_READ, Spc, exact_rules
from metrics.indicator import Indicator

DEFINITIONS = "pages/assurance/definitions.py"


def foresee(outlook: Outlook, one: Indicator, counted: bool) -> None:
    """Say what the forecast layer shows under its chart, or why there is none."""
    if outlook.missing:
        note(outlook.missing)
        return
    note("Dash-dotted line: the middle of the forecast. Bands: where 8 in 10 and 19 in 20 months fall.")
    note(outlook.tested(one))
    note(FORECAST_HOW_TO_READ)
    with st.expander("The forecast as a table"):
        st.table(
            pl.DataFrame(outlook.table(one, counted)),
            border="horizontal",
            hide_index=True,
            alt="The forecast, month by month",
        )


def chances(outlook: Outlook, one: Indicator, counted: bool, after: date | None) -> None:
    """Say the chance of the next target, of the organisation's own plan, and of enough categories."""
    said = (
        outlook.chance(one, counted, after),
        outlook.enough(one, after),
        outlook.own_plan(one, counted, after),
    )
    if any(said):
        st.markdown(
            f"**Chance.** {' '.join(filter(None, said))}",
            help=glossary.explain("chance", "forecast", "k of n"),
        )
        st.page_link(
            DEFINITIONS,
            label=":blue[:small[How good such forecasts have been]]",
            query_params=address.kept(definition=one.id),
        )


def explain(chart: Spc, one: Indicator, counted: bool, what: str = "Variation") -> None:
    """Say what the SPC layer shows under its chart, with the icons that stand for it on other pages."""
    if chart.has_limits:
        icons.row(chart.row)
    st.markdown(f"**{what}.** {chart.said(one, counted)}")
    if chart.has_limits:
        told = f"{chart.legend()} {chart.drawn_from(one, counted)}"
        st.markdown(f":small[{told}]", help=exact_rules(chart.row))
        note(HOW_TO_READ)
