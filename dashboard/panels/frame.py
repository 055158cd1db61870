"""What is true of every page: the notice above, the footer below, and words when all is not well."""

import logging
from importlib.metadata import version
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

from dashboard import opening, provenance, wording
from dashboard.panels import nothing_yet
from dashboard.panels.quiet import note

NAME = "Neighbourhood health targets"
ICON = str(Path(__file__).resolve().parent.parent / "icon.png")
DEFINITIONS = "pages/assurance/definitions.py"
LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def show(page: StreamlitPage) -> None:
    """Show one page inside the frame. Whatever goes wrong, the reader sees a sentence, never a traceback."""
    state = opening.state()
    st.session_state["edition"] = state.edition
    if state.kind == "problem":
        nothing_yet.problem(state.sentence)
    elif state.kind == "empty" and not _needs_no_figures(page, state):
        nothing_yet.no_figures(state.sentence)
    else:
        try:
            if state.edition:
                _notice(state.edition)
            page.run()
        except Exception:
            logging.getLogger(__name__).exception("page %s could not be shown", page.title)
            nothing_yet.problem("This page could not be shown. The reason is in the server's log.")
    _footer(state)


def _needs_no_figures(page: StreamlitPage, state: opening.State) -> bool:
    """Definitions are declared in code; data quality has a tale to tell as soon as a database exists."""
    return page.url_path == "definitions" or (page.url_path == "data-quality" and bool(state.edition))


def _notice(edition: str) -> None:
    if provenance.is_synthetic(edition):
        st.markdown(
            ":violet-badge[◆ Synthetic data] Made-up people and organisations, to show how this works. "
            "Not real NHS figures."
        )


def _footer(state: opening.State) -> None:
    st.divider()
    parts = ["Every figure keeps the version of the definition it was counted with."]
    if state.kind == "ready" and provenance.has_published(state.edition):
        parts.append(
            "Contains public sector information from NHS England, licensed under the "
            f"[Open Government Licence v3.0]({LICENCE})."
        )
    run = provenance.last_run(state.edition) if state.edition else None
    updated = f"Last updated {wording.day(run)} at {run:%H:%M} UTC" if run else "Not updated yet"
    parts.append(f"{updated}. Code version {version('neighbourhood-targets')}.")
    note(" ".join(parts))
    st.page_link(DEFINITIONS, label=":blue[How each measure is defined]", icon=":material/arrow_forward:")
