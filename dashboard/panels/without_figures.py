"""The measures of which nothing is held for an organisation: in one short list, with the reason."""

from dataclasses import replace

import streamlit as st

from dashboard import plainly, published, wording
from dashboard.panels import about_public, choices, measure_link
from dashboard.panels.quiet import note
from dashboard.panels.subjects import Subject
from dashboard.sentences import Reading

ABSENT = ("no figure", "not published")
"""Standings of a measure that nothing was ever held of."""


def told_apart(reading: Reading, basis: str) -> Reading:
    """Tell a measure that nothing was ever held of from one with too little of it."""
    if reading.value is not None or reading.period is not None:
        return reading
    return replace(reading, status_words="not published" if basis == "published" else "no figure")


def show(subject: Subject, readings: list[Reading]) -> None:
    """Say of which measures there is no figure, and why: those of one reason together."""
    if not readings:
        return
    reasons: dict[str, list[str]] = {}
    for one in (reading.indicator for reading in readings):
        if subject.basis == "published":
            why = published.why_not(choices.edition(), one, subject.level)
        else:
            why = plainly.missing(one, subject.basis)
        reasons.setdefault(why, []).append(measure_link.in_text(one))
    with st.container(border=True, gap="xxsmall"):
        st.header("No figure here", anchor=False)
        for why, names in reasons.items():
            note(f"**{wording.listing(names)}**: {why}")
        if subject.basis == "published":
            note("Local records can give all of these.")
            about_public.link()
