"""What is true of every page: the notice above, the footer below, and words when all is not well."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from importlib.metadata import version
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page

from dashboard import opening, provenance, queries, wording
from dashboard.panels import address, breadcrumbs, nothing_yet
from dashboard.panels.quiet import note

NAME = "Neighbourhood health targets"
ICON = str(Path(__file__).resolve().parent.parent / "icon.png")
DEFINITIONS = "pages/assurance/definitions.py"
WITHOUT_FIGURES = ("definitions", "glossary", "accessibility", "load")
"""Pages, by address, that need nothing: what they say is declared in code, or files come in there."""
WITH_FILES = ("data-quality",)
"""Pages that have a tale to tell as soon as a database exists, before any figure does."""
Sections = Mapping[str, Sequence[Page]]
LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def titled() -> str:
    """Give the browser tab's title as the last run left it, so that it does not flicker while one runs."""
    return str(st.session_state.get("titled", NAME))


def show(page: Page, sections: Sections) -> None:
    """Show one page inside the frame. Whatever goes wrong, the reader sees a sentence, never a traceback.

    All its figures are of one moment, also while a refresh is writing.
    """
    with opening.moment(hold=page.url_path not in WITHOUT_FIGURES) as state:
        _show(page, sections, state)


def _show(page: Page, sections: Sections, state: opening.State) -> None:
    st.session_state["edition"] = state.edition
    first = "reading" not in st.session_state
    st.session_state["arrived"] = st.session_state.get("reading") not in (None, page.url_path)
    st.session_state["reading"] = page.url_path
    st.session_state["page"] = page
    st.session_state["subject"] = None
    address.begin()
    with st.container(gap="xxsmall"):
        menu = st.empty()
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            beside, notice = st.empty(), st.container(width="content")
        remarks, above = st.container(), st.container()
    carried = address.kept()
    _menu(menu, beside, page, sections)
    # A slot that can be emptied: a page that fails half way leaves no half page behind.
    slot = st.empty()
    try:
        if state.edition:
            with notice:
                _notice(state.edition)
        # Only on arriving: on a page being read, what was there stays until the new is ready.
        waiting = st.spinner("Reading the figures") if first or st.session_state["arrived"] else nullcontext()
        with slot.container(), waiting:
            _page(page, state)
        _footer(state)
        address.finish()
        if address.kept() != carried:
            _menu(menu, beside, page, sections)
        if st.session_state["subject"] is not None:
            with above:
                breadcrumbs.show(queries.organisations(state.edition), st.session_state["subject"])
        for sentence in address.remarks():
            remarks.info(sentence, icon=":material/info:")
    except Exception as error:
        logging.getLogger(__name__).exception("page %s could not be shown", page.title)
        with slot.container():
            nothing_yet.fault(error)
    _title(page)


def _title(page: Page) -> None:
    """Name the browser tab for the page and whom it is about: tabs and history are told apart by it."""
    subject = st.session_state["subject"]
    about = f"{page.title}: {subject['name']}" if subject else page.title
    st.session_state["titled"] = f"{about} – {NAME}"
    st.set_page_config(page_title=titled())


def _page(page: Page, state: opening.State) -> None:
    if state.kind == "problem":
        nothing_yet.problem(state.sentence)
    elif state.kind == "empty" and not _needs_no_figures(page, state):
        nothing_yet.no_figures(state.sentence)
    else:
        page.run()


def _needs_no_figures(page: Page, state: opening.State) -> bool:
    """Tell the pages that have something to say before there are figures."""
    return page.url_path in WITHOUT_FIGURES or (page.url_path in WITH_FILES and bool(state.edition))


def _menu(above: DeltaGenerator, below: DeltaGenerator, current: Page, sections: Sections) -> None:
    """Show the sections in one row and the pages of this one in the next; where one is, is no link.

    Every link takes what is chosen along.
    """
    here = next(name for name, pages in sections.items() if current in pages)
    with above.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for section, pages in sections.items():
            if section == here:
                st.markdown(f":blue-badge[**{section}**]", width="content")
            elif pages:
                _to(pages[0], section)
    if len(sections[here]) > 1:
        with below.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
            for page in sections[here]:
                if page == current:
                    st.markdown(f":small[**{page.title}**]", width="content")
                else:
                    _to(page, f":small[{page.title}]")


def _to(page: Page, words: str) -> None:
    st.page_link(page, label=f":blue[{words}]", query_params=address.kept())


def _notice(edition: str) -> None:
    if provenance.is_synthetic(edition):
        real = (
            "Only figures marked published are real."
            if provenance.has_published(edition)
            else "Not real NHS figures."
        )
        note(f":violet-badge[◆ Synthetic data] Made-up people and organisations. {real}")


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
    if st.context.theme.type == "dark":
        # Streamlit prints its dark ground even where a browser is asked not to print grounds.
        parts.append("To print, choose Light in the menu at the top right, then load the page again.")
    note(" ".join(parts))
    st.page_link(
        DEFINITIONS,
        label=":blue[How each measure is defined]",
        icon=":material/arrow_forward:",
        query_params=address.kept(),
    )
