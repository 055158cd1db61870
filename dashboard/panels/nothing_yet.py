"""Pages for when there is nothing to show, or it cannot be read: what to do, in commands."""

import streamlit as st

from dashboard import opening
from dashboard.panels.quiet import note


def no_figures(sentence: str) -> None:
    """Say how to get figures: the demo, or files of one's own."""
    st.title("Nothing to show yet", anchor=False)
    st.markdown(f"{sentence} There are two ways to get figures. Run the commands where this project is kept.")
    st.header("Look around with made-up data", anchor=False)
    st.code("make run", language=None)
    st.markdown("This makes a synthetic region, works out its figures and serves these pages.")
    st.header("Use your own files", anchor=False)
    st.code("targets load FILE...\ntargets refresh", language=None)
    st.markdown("Then load this page again.")
    _where()


def problem(sentence: str) -> None:
    """Say what is wrong and what somebody can do about it."""
    st.title("Sorry, the figures cannot be shown", anchor=False)
    st.markdown(sentence)
    st.header("What to do", anchor=False)
    st.markdown("Ask whoever looks after this dashboard to run this where the project is kept:")
    st.code("targets status", language=None)
    st.markdown("If it names a problem with the database, restore the last backup.")
    _where()


def _where() -> None:
    _, url = opening.address()
    kept = "a database server" if url and not url.startswith("sqlite") else "a file in that folder"
    note(
        "The data folder is the one named by TARGETS_HOME (`.targets` unless set). "
        f"Results are kept in {kept}."
    )
