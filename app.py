"""The frame: page set-up, the menu by section, what is true of every page. No data, no arithmetic."""

import streamlit as st

from dashboard.panels import frame

st.set_page_config(page_title=frame.NAME, page_icon=frame.ICON, layout="wide")

sections = {
    "Summary": [
        st.Page("pages/summary/overview.py", title="Overview", default=True),
        st.Page("pages/summary/matrix.py", title="Variation and assurance", url_path="variation"),
    ],
    "Trajectories": [
        st.Page("pages/trajectories/neighbourhoods.py", title="Neighbourhoods"),
        st.Page("pages/trajectories/places.py", title="Places"),
        st.Page("pages/trajectories/systems.py", title="Systems"),
        st.Page("pages/trajectories/providers.py", title="Providers"),
    ],
    "Assurance": [
        st.Page("pages/assurance/data_quality.py", title="Data quality", url_path="data-quality"),
        st.Page("pages/assurance/definitions.py", title="Definitions"),
    ],
}
# Streamlit's own menu nests its sections in a way that breaks its list for screen readers; frame draws ours.
frame.show(st.navigation(sections, position="hidden"), sections)
