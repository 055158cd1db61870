"""The name of a measure with its target's number, and the way from it to its trajectory."""

import streamlit as st

from dashboard import wording
from dashboard.panels import address
from metrics.indicator import Indicator

TRAJECTORY = "pages/trajectories/trajectory.py"


def show(one: Indicator, beside: str = "", *, linked: bool = True) -> None:
    """Show "4." and the measure's name as a link, with small words `beside`; without figures no link."""
    with st.container(horizontal=True, vertical_alignment="center", gap=None):
        if linked:
            # The number stands before the link: a link's own margin would set the name in from what is under.
            st.markdown(f":small[**{one.national_target}\\.**]", width="content")
            st.page_link(
                TRAJECTORY, label=f":blue[**{one.short_title}**]", query_params=address.kept(measure=one.id)
            )
        else:
            st.markdown(f":small[**{in_text(one)}**]", width="content")
        if beside:
            st.markdown(f":small[{beside}]", width="content")


def in_text(one: Indicator) -> str:
    """Name a measure with its target's number, so that Markdown does not take it for a list."""
    return wording.numbered(one).replace(".", "\\.", 1)
