"""Pages that are documents: the accessibility statement and the glossary, shown from their own files."""

from pathlib import Path

import streamlit as st

from dashboard import glossary

ACCESSIBILITY = Path(__file__).resolve().parent.parent.parent / "docs" / "accessibility.md"
GONE = "This page's text was not installed with the dashboard. It is kept with the project's source."


def accessibility() -> None:
    """Show the accessibility statement."""
    st.title("Accessibility", anchor=False)
    if not ACCESSIBILITY.is_file():
        st.markdown(GONE)
        return
    with st.container(width=760):
        st.markdown(ACCESSIBILITY.read_text(encoding="utf-8").split("\n", maxsplit=1)[1])


def words() -> None:
    """Show the glossary."""
    st.title("Glossary", anchor=False)
    with st.container(width=900):
        st.markdown(glossary.as_lists() or GONE)
