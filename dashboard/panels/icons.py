"""Variation and assurance: the icons beside their words, and the words alone for tables."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard import icons, wording
from dashboard.panels import picture
from dashboard.panels.subjects import Signals

SIZE = 20


def row(signal: dict[str, Any]) -> None:
    """Show both icons of a signal with their words, in one row."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if signal["variation"] in icons.VARIATION:
            drawn = icons.variation_icon(signal["variation"], SIZE)
            picture.show(drawn, icons.VARIATION[signal["variation"]].title, variation(signal))
        else:
            st.markdown(f":small[{variation(signal)}]", width="content")
        if signal["assurance"] != "none":
            drawn = icons.assurance_icon(signal["assurance"], SIZE)
            picture.show(drawn, icons.ASSURANCE[signal["assurance"]].title, assurance(signal))


def variation(signal: dict[str, Any]) -> str:
    """Say the variation in a word or two; "Too few months" without an icon."""
    return wording.VARIATION[signal["variation"]]


def assurance(signal: dict[str, Any]) -> str:
    """Say the assurance in a word or two."""
    return wording.ASSURANCE[signal["assurance"]]


def columns(ids: Sequence[str], signals: Signals) -> dict[str, list[str]]:
    """Give the columns of a table for some measures; a dash where nothing was held of one."""
    return {
        "Variation": [variation(signals[one]) if one in signals else "–" for one in ids],
        "Assurance": [assurance(signals[one]) if one in signals else "–" for one in ids],
    }


def key() -> None:
    """Say what the words beside the icons mean."""
    lines = [
        f"- **{words}**: {meaning}"
        for each in (wording.VARIATION_MEANS, wording.ASSURANCE_MEANS)
        for words, meaning in each.items()
    ]
    st.markdown("\n".join(lines))
