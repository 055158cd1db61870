"""The frame: page set-up, the menu by section, what is true of every page. No data, no arithmetic."""

import streamlit as st

from dashboard.panels import frame

st.set_page_config(page_title=frame.NAME, page_icon=frame.ICON, layout="wide", initial_sidebar_state="auto")

page = st.navigation(
    {
        "Summary": [
            st.Page("pages/summary/overview.py", title="Overview", default=True),
        ],
        "Trajectories": [
            st.Page(
                "pages/trajectories/neighbourhoods.py", title="Neighbourhoods", url_path="neighbourhoods"
            ),
            st.Page("pages/trajectories/places.py", title="Places", url_path="places"),
            st.Page("pages/trajectories/providers.py", title="Providers", url_path="providers"),
        ],
        "Assurance": [
            st.Page("pages/assurance/data_quality.py", title="Data quality", url_path="data-quality"),
            st.Page("pages/assurance/definitions.py", title="Definitions"),
        ],
    },
    position="top",
)
frame.show(page)
