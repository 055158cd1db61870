"""One organisation on one measure: what happened, the path to its target, its parts, the table."""

import streamlit as st

from dashboard import queries, wording
from dashboard.panels import about, choices, coverage, main_chart, multiples, revisions, series_table
from dashboard.panels.subjects import called
from dashboard.panels.view import View

WIDTHS = (8, 2, 4)
"""Of the page's name and of the boxes that say whose page it is: a trust's name is long."""


def show() -> None:
    """Show the trajectory of the chosen organisation, at any level."""
    edition = choices.edition()
    asked = choices.asked_footprint()
    held = queries.organisations(edition, asked)
    heading, first, second = st.columns(WIDTHS, vertical_alignment="bottom")
    boxes = st.container(horizontal=True, gap="small")
    with first:
        level = choices.level(held)
    with second:
        chosen = choices.organisation(held, level)
    if chosen is None:
        heading.title(wording.LEVELS[level][1], anchor=False)
        st.markdown(f"No {wording.LEVELS[level][0].lower()} has figures yet.")
        return
    with boxes:
        one = choices.indicator(queries.indicators_with_figures(edition, level, chosen["code"], asked))
        parts = queries.breakdowns(edition, level, chosen["code"], one.id, asked)
        split = choices.split(one, multiples.others(held, level, chosen["code"]), parts)
        basis = choices.basis(queries.bases(edition, level, chosen["code"], one.id, asked))
        footprint = choices.footprint(queries.differs(edition, one.id, level, chosen["code"], basis))
    name = called(chosen, basis)
    heading.title(f"{name}: {one.short_title}", anchor=False)
    body = st.container()
    known = choices.known_on()
    view = View(
        edition=edition,
        indicator=one,
        level=level,
        code=chosen["code"],
        name=name,
        parent=chosen["parent"],
        basis=basis,
        known_on=known,
        footprint=footprint,
    )
    lines = view.history()
    seasons = view.seasons(lines)
    with boxes:
        layer = choices.layer(seasons.years > 0)
    with body:
        chart = main_chart.show(view, lines, seasons, layer)
        coverage.beside(view, lines)
        revisions.beside(view)
        if split == choices.WHOLE:
            multiples.organisations(view, held)
        else:
            multiples.parts(view, split)
        points = chart.points if chart and chart.has_limits else None
        series_table.show(view, seasons.lines, points, adjusted=layer == choices.SEASONS)
        about.show(one)
