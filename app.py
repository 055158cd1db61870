"""The frame: page set-up, the menu by audience, what is true of every page. No data, no arithmetic."""

import streamlit as st

from dashboard.panels import frame

st.set_page_config(page_title=frame.titled(), page_icon=frame.ICON, layout="wide")

# A section without pages is not shown.
sections = {
    "Summary": [
        st.Page("pages/summary/overview.py", title="Overview", default=True),
        st.Page("pages/summary/matrix.py", title="Variation and assurance", url_path="variation"),
        st.Page("pages/summary/find.py", title="Find an organisation", url_path="find"),
    ],
    "For boards": [
        st.Page("pages/boards/board.py", title="Board page", url_path="board"),
    ],
    "For places": [
        st.Page("pages/places/side_by_side.py", title="Neighbourhoods", url_path="neighbourhoods"),
        st.Page("pages/places/what_it_takes.py", title="What it would take", url_path="what-it-would-take"),
        st.Page("pages/places/inequalities.py", title="Inequalities", url_path="inequalities"),
        st.Page("pages/places/map.py", title="Map of places", url_path="map"),
    ],
    "For systems": [
        st.Page("pages/systems/compare.py", title="Compare", url_path="compare"),
        st.Page("pages/systems/heat_map.py", title="Heat map", url_path="heat-map"),
    ],
    "Trajectories": [
        st.Page("pages/trajectories/trajectory.py", title="Trajectory", url_path="trajectory"),
    ],
    "Assurance": [
        st.Page("pages/assurance/data_quality.py", title="Data quality", url_path="data-quality"),
        st.Page("pages/assurance/coverage.py", title="Coverage", url_path="coverage"),
        st.Page("pages/assurance/revisions.py", title="Revisions", url_path="revisions"),
        st.Page("pages/assurance/receipt.py", title="Receipts", url_path="receipt"),
        st.Page("pages/assurance/load_file.py", title="Load a file", url_path="load"),
        st.Page("pages/assurance/published.py", title="Published figures", url_path="published"),
        st.Page("pages/assurance/definitions.py", title="Definitions", url_path="definitions"),
        st.Page("pages/assurance/glossary.py", title="Glossary", url_path="glossary"),
        st.Page("pages/assurance/accessibility.py", title="Accessibility", url_path="accessibility"),
    ],
}
# Streamlit's own menu nests its sections in a way that breaks its list for screen readers; frame draws ours.
frame.show(st.navigation(sections, position="hidden"), sections)
