"""The workbook of a place, offered on each of its pages."""

from datetime import date
from typing import Any

import streamlit as st

from dashboard import place_book
from dashboard.panels.quiet import note

SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offer(edition: str, level: str, chosen: dict[str, Any], codes: list[str], known: date | None) -> None:
    """Offer every table of a place's pages as one accessible workbook, made when it is asked for."""

    def made() -> bytes:
        return place_book.of(edition, level, chosen["code"], chosen["name"], tuple(codes), known)

    st.header("Take the tables away", anchor=False)
    note(
        "One workbook, made for screen readers too: where each neighbourhood stands, every rate with its "
        "interval, what the targets would take, inequality by group, notes and definitions. "
        "It takes a few seconds to make."
    )
    st.download_button(
        "Download as a workbook",
        made,
        file_name=f"neighbourhoods-{chosen['code']}.xlsx",
        mime=SHEET_TYPE,
        on_click="ignore",
    )
