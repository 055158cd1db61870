"""What is true of every page: the notice above, the footer below, and words when all is not well."""

import logging
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from dashboard import opening, provenance, wording
from dashboard.panels import nothing_yet
from dashboard.panels.quiet import note

NAME = "Neighbourhood health targets"
ICON = str(Path(__file__).resolve().parent.parent / "icon.png")
DEFINITIONS = "pages/assurance/definitions.py"
Sections = Mapping[str, Sequence[Page]]
LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def show(page: Page, sections: Sections) -> None:
    """Show one page inside the frame. Whatever goes wrong, the reader sees a sentence, never a traceback."""
    state = opening.state()
    st.session_state["edition"] = state.edition
    st.session_state["arrived"] = st.session_state.get("reading") not in (None, page.url_path)
    st.session_state["reading"] = page.url_path
    _menu(page, sections)
    # A slot that can be emptied: a page that fails half way leaves no half page behind.
    slot = st.empty()
    try:
        with slot.container():
            _page(page, state)
        _footer(state)
    except Exception:
        logging.getLogger(__name__).exception("page %s could not be shown", page.title)
        with slot.container():
            nothing_yet.problem("This page could not be shown. The reason is in the server's log.")


def _page(page: Page, state: opening.State) -> None:
    if state.kind == "problem":
        nothing_yet.problem(state.sentence)
    elif state.kind == "empty" and not _needs_no_figures(page, state):
        nothing_yet.no_figures(state.sentence)
    else:
        if state.edition:
            _notice(state.edition)
        page.run()


def _needs_no_figures(page: Page, state: opening.State) -> bool:
    """Definitions are declared in code; data quality has a tale to tell as soon as a database exists."""
    return page.url_path == "definitions" or (page.url_path == "data-quality" and bool(state.edition))


def _menu(current: Page, sections: Sections) -> None:
    """Show every page, by section, in one row that wraps; the page being read is named and is not a link."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        for section, pages in sections.items():
            with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", width="content"):
                st.markdown(f":small[{section}:]", width="content")
                for page in pages:
                    if page.url_path == current.url_path:
                        st.markdown(f":blue-badge[**{page.title}**]", width="content")
                    else:
                        st.page_link(page, label=f":blue[{page.title}]")


def _notice(edition: str) -> None:
    if provenance.is_synthetic(edition):
        real = (
            "Only figures marked published are real."
            if provenance.has_published(edition)
            else "Not real NHS figures."
        )
        st.markdown(f":violet-badge[◆ Synthetic data] Made-up people and organisations. {real}")


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
