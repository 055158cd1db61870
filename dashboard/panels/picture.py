"""A small drawn picture with its description, in the text: no button to make an icon fill the screen.

`st.image` puts such a button before every picture: one more stop for the Tab key and one more name to hear,
21 of them on a board page.
"""

import re

import streamlit as st

from dashboard import icons


def show(svg: str, alt: str, beside: str = "") -> None:
    """Show an SVG element at its own size, and words `beside` it in small letters."""
    words = f" :small[{beside}]" if beside else ""
    st.markdown(f"{in_text(svg, alt)}{words}", width="content")


def in_text(svg: str, alt: str) -> str:
    """Write an SVG element as a Markdown image that holds the whole picture."""
    said = re.sub(r"([\\\[\]])", r"\\\1", alt)
    return f"![{said}]({icons.data_uri(svg)})"
