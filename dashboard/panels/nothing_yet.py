"""Pages for when there is nothing to show, or it cannot be read: what to do, in commands."""

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard import opening, uploads
from dashboard.panels.quiet import note
from warehouse.errors import WarehouseError

LOAD = "pages/assurance/load_file.py"


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
    if uploads.allowed():
        st.page_link(
            LOAD, label=":blue[Or send the files from this browser]", icon=":material/arrow_forward:"
        )
    _where()


def problem(sentence: str) -> None:
    """Say what is wrong and what somebody can do about it."""
    st.title("Sorry, this page cannot be shown", anchor=False)
    st.markdown(sentence)
    st.header("What to do", anchor=False)
    st.markdown("Ask whoever looks after this dashboard to run this where the project is kept:")
    st.code("targets status", language=None)
    st.markdown("If it names a problem with the database, restore the last backup.")
    _where()


def fault(error: Exception) -> None:
    """Say that a page failed, which is no fault of the reader's, and what to do."""
    if isinstance(error, (SQLAlchemyError, WarehouseError)):
        problem(opening.DAMAGED)
        return
    st.title("Sorry, this page cannot be shown", anchor=False)
    st.markdown("Something went wrong here, and it is no fault of yours. The other pages may still work.")
    st.header("What to do", anchor=False)
    st.markdown(
        "Load this page again. If it fails again, tell whoever looks after this dashboard which page it was "
        "and when: the reason is in the server's log. This command says whether the data are sound:"
    )
    st.code("targets status", language=None)


def _where() -> None:
    _, url = opening.address()
    kept = "a database server" if url and not url.startswith("sqlite") else "a file in that folder"
    note(
        "The data folder is the one named by TARGETS_HOME (`.targets` unless set). "
        f"Results are kept in {kept}."
    )
