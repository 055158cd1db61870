"""The address of a view: what is chosen, in codes, so that a link shows anyone the same.

Streamlit's own `bind="query-params"` writes the words of an option, which change when a trust is renamed, and
forgets them from page to page. Here the address is what counts: widgets follow it, and choosing writes it.
A run starts with `begin` and ends with `finish` (the frame calls both), so that it writes at most once: every
write is a step in the browser's history.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

LEVEL, ORGANISATION, MEASURE, BASIS, KNOWN = "level", "organisation", "measure", "basis", "known"
SHARED = (LEVEL, ORGANISATION, MEASURE, BASIS, KNOWN)
"""Keys that mean the same on every page and are kept from page to page."""

LONGEST = 60
"""Signs of an unknown choice that are said back."""
LONGEST_ADDRESS = 4_000
"""Signs of an address that is read. Ours with every trust pointed out has about 1,300; links repeat it."""

HERE = "here"
"""Marks a link to the page being read; taken off again at once.

The browser leaves the address as it was when such a link is followed. With the mark, the address asked for is
not the view's own, so `finish` writes it.
"""

View = dict[str, str]


def begin() -> None:
    """Read the address, put what was just chosen on top, and forget remarks of the run before."""
    arrived = {key: code for key, code in st.query_params.to_dict().items() if key != HERE}
    too_long = len(urlencode(arrived, errors="replace")) > LONGEST_ADDRESS
    if too_long:
        arrived = {}
    chosen: dict[str, str | None] = st.session_state.pop("chosen", {})
    came, earlier = st.session_state.get("came", ({}, {}))
    if chosen and arrived == came:
        # A second choice made before the browser heard of the first: keep both.
        chosen = {**earlier, **chosen}
    st.session_state["came"] = (arrived, chosen)
    asked = {**_left_out(arrived), **chosen}
    st.session_state["view"] = {key: code for key, code in asked.items() if code is not None}
    st.session_state["remarks"] = []
    if too_long:
        remark("The address is too long to be one of ours. Nothing in it was read.")


def _left_out(arrived: View) -> View:
    """Put back what a link to another page did not carry at all."""
    if st.session_state.get("arrived") and not any(key in arrived for key in SHARED):
        return {**st.session_state.get("kept", {}), **arrived}
    return arrived


def finish() -> None:
    """Write the view to the address if it says something else, and keep it for the next page."""
    now = view()
    st.session_state["kept"] = kept()
    if now != st.query_params.to_dict():
        st.query_params.from_dict(now)


def view() -> View:
    """Give the view of this run, as asked for and as completed so far; change it through `settle`."""
    held: View = st.session_state.setdefault("view", {})
    return held


def settle(key: str, code: str | None) -> None:
    """Say what is shown under a key; None takes it out of the address."""
    if code is None:
        view().pop(key, None)
    else:
        view()[key] = code


def chose(key: str, code: str | None) -> None:
    """Note a choice in a widget's callback; the run that follows begins with it."""
    st.session_state.setdefault("chosen", {})[key] = code


def kept(**changes: str | None) -> View:
    """Give the part of the view that goes along to another page, with some of it changed.

    Use it for every link: `st.page_link(page, query_params=address.kept(organisation="QZ1"))`.
    """
    return _without_nothing({**{key: view().get(key) for key in SHARED}, **changes})


def whole(**changes: str | None) -> View:
    """Give the whole view with some of it changed, for a link to the page that is being read."""
    return _without_nothing({**view(), **changes, HERE: "1"})


def _without_nothing(parts: Mapping[str, str | None]) -> View:
    return {key: code for key, code in parts.items() if code}


def as_asked(words: str) -> str:
    """Quote what an address asked for, so that it cannot become a link, a picture or any other markup.

    In one line, without what cannot be seen, and short: an address is anybody's to write. Code is the one
    thing in Markdown in which nothing else is read, web addresses and Streamlit's own signs included.
    """
    seen = " ".join("".join(sign if sign.isprintable() else " " for sign in words[:LONGEST]).split())
    shown = seen.replace("`", "'") or " "
    return f"“`{shown}{'…' if len(words) > LONGEST else ''}`”"


def remark(sentence: str) -> None:
    """Say above the page that the address asked for something that is not there."""
    said = st.session_state.setdefault("remarks", [])
    if sentence not in said:
        said.append(sentence)


def remarks() -> list[str]:
    """Give what this run has to say about its address."""
    return list(st.session_state.get("remarks", []))
