"""A place's neighbourhoods side by side: where each stands, every measure, and one measure among all."""

import polars as pl
import streamlit as st

from dashboard import insufficient, neighbourhoods, queries, stood
from dashboard.neighbourhoods import LEVEL
from dashboard.panels import about, among_all, choices, every_measure, heat_map, place_workbook
from metrics.indicators import all_indicators

WHOLES = ("place", "system", "region", "england")
NONE = (
    "There are no figures by neighbourhood here. They come from local records, placed by the practice where "
    "people are registered: no published file gives them."
)


def show() -> None:
    """Show the neighbourhoods of a chosen place."""
    edition = choices.edition()
    held = queries.organisations(edition)
    heading = st.container()
    boxes = st.columns([3, 6, 6])
    with boxes[0]:
        level = choices.level(held, among=WHOLES, usual="place")
    with boxes[1]:
        chosen = choices.organisation(held, level)
    title = "Neighbourhoods side by side"
    heading.title(title if chosen is None else f"{chosen['name']}: {title.lower()}", anchor=False)
    codes = neighbourhoods.of_place(edition, level, chosen["code"]) if chosen else []
    if chosen is None or not codes:
        st.markdown(NONE)
        return
    body = st.container()
    known = choices.known_on()
    rows = stood.of_level(edition, LEVEL, "local", known)
    targets = [each for each in choices.in_order(all_indicators()) if each.role == "target"]
    mine = rows.filter(pl.col("organisation").is_in(codes)) if rows.height else rows
    shown = [] if mine.is_empty() else [each for each in targets if each.id in set(mine["indicator"])]
    with body:
        if shown:
            st.header("Where each stands", anchor=False)
            heat_map.table(LEVEL, shown, mine, heat_map.BY_NAME)
            heat_map.why_no_verdict(insufficient.verdicts(edition, LEVEL, "local", known, mine), LEVEL)
        every_measure.show(neighbourhoods.every(edition, tuple(codes), known))
        one = among_all.show(edition, codes, known)
        place_workbook.offer(edition, level, chosen, codes, known)
    about.show(one)
    if shown:
        heat_map.what_words_mean(LEVEL, shown, mine)
