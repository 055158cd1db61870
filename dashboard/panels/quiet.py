"""Small print that can still be read."""

import streamlit as st


def note(text: str) -> None:
    """Write small text in the full text colour: Streamlit's own caption fades it below 4.5:1."""
    st.markdown(f":small[{text.strip()}]")
