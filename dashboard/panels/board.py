"""For boards: the six national targets of one organisation on one screen, then what fails, and why."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import polars as pl
import streamlit as st

from dashboard import glossary, sentences, soundness, verdicts, wording
from dashboard.panels import (
    address,
    board_rows,
    choices,
    gap_makers,
    icons,
    overview,
    subjects,
    without_figures,
)
from dashboard.panels.board_rows import IMPROVING, Line
from dashboard.panels.quiet import note
from dashboard.panels.subjects import Subject
from dashboard.sentences import Reading
from metrics.indicators import all_indicators

TRAJECTORY, QUALITY = "pages/trajectories/trajectory.py", "pages/assurance/data_quality.py"
SECTIONS = (
    (
        "consistently_failing",
        "What fails consistently",
        "Only a change in how care is given will meet these targets.",
    ),
    (
        IMPROVING,
        "What falls short but is improving",
        "These are not yet at their targets. Their latest months are better than chance would make them.",
    ),
    ("hit_or_miss", "What is hit or miss", "Chance decides from month to month whether these are met."),
    ("consistently_passing", "What passes consistently", "These are met whatever chance brings."),
    ("none", "What cannot be judged yet", "These have no target, or too few months."),
)
"""Verdict, its heading and what it means, the worst first."""

WORDS = {
    "Path": "the way from the baseline year to the target, month by month.",
    "Part of the gap": "how many a month a neighbourhood is behind its path, or ahead of it.",
    "Unattributed": "people of no known neighbourhood. They are kept, so that the parts sum to the whole.",
}


def show() -> None:
    """Show the board page of a chosen organisation."""
    edition = choices.edition()
    heading, *boxes = st.columns(subjects.WIDTHS, vertical_alignment="bottom", gap="small")
    chosen = subjects.choose(edition, boxes, usual="provider")
    if chosen is None:
        heading.title("For boards", anchor=False)
        st.markdown("No organisation at this level has figures.")
        return
    body = st.container()
    subject = replace(chosen, known=choices.known_on())
    standings, observed = verdicts.scorecard(
        edition, subject.level, subject.code, subject.basis, subject.known
    )
    lines = _lines(edition, subject, standings, observed)
    heading.title(subject.name, anchor=False)
    heading.markdown(
        f"The six national targets, in {len(lines)} measures: "
        f"{overview.in_words([one.reading for one in lines])}",
        help=glossary.explain("standing", "trajectory", "gap", "point"),
    )
    with body:
        board_rows.show(lines, subject)
        _data(edition, subject, lines, observed)
        for verdict, title, meaning in SECTIONS:
            _section(subject, title, meaning, [one for one in lines if one.verdict == verdict])
        _words(lines)


def _lines(
    edition: str, subject: Subject, standings: dict[str, dict[str, Any]], observed: pl.DataFrame
) -> list[Line]:
    signals = subjects.signals(subject, observed)
    at = (subject.level, subject.code, subject.basis, subject.known)
    return [
        Line(
            reading=(
                reading := without_figures.told_apart(
                    Reading.of(
                        one,
                        subject.name,
                        subject.level,
                        standings.get(one.id),
                        verdicts.reach(edition, one.id, *at),
                    ),
                    subject.basis,
                )
            ),
            numerator=(standings.get(one.id) or {}).get("latest_numerator"),
            status=_latest_status(observed, one.id),
            signal=signals.get(one.id),
            series=overview.recent(one, observed, reading, subject.known),
        )
        for one in choices.in_order(all_indicators())
        if one.role == "target"
    ]


def _latest_status(observed: pl.DataFrame, indicator: str) -> str | None:
    mine = observed.filter(pl.col("indicator") == indicator).sort("period")
    return mine["status"][-1] if mine.height else None


def _data(edition: str, subject: Subject, lines: list[Line], observed: pl.DataFrame) -> None:
    """Say how good the data are, with a link to the page that says more."""
    ones = [line.reading.indicator for line in lines if line.reading.value is not None]
    today = subject.known or datetime.now(UTC).date()
    sound = soundness.of(edition, subject.level, subject.code, subject.basis, observed, ones, today)
    with st.container(gap="xxsmall"):
        st.markdown(
            f"**How good these data are.** {sound.said()}",
            help=glossary.explain("quarantine", "provisional", "not reported"),
        )
        st.page_link(
            QUALITY,
            label=":blue[Data quality: what arrived and what was set aside]",
            icon=":material/arrow_forward:",
            query_params=address.kept(),
        )


def _section(subject: Subject, title: str, meaning: str, lines: list[Line]) -> None:
    """Show the measures of one assurance: for those behind, whose gap it is as well."""
    with_figures = [one for one in lines if one.reading.value is not None]
    if not with_figures:
        return
    st.header(title, anchor=False, help=glossary.explain("assurance", "passing"))
    note(meaning)
    behind = [one for one in with_figures if (one.reading.gap or 0) < 0]
    for line in behind:
        said, parts = st.columns([2, 3], gap="medium")
        with said:
            _told(subject, line.reading)
        with parts:
            gap_makers.neighbourhoods(subject, line.reading)
    cells = st.grid(3, min_column_width=290, gap="medium")
    for line in with_figures:
        if line not in behind:
            with cells.cell(), st.container(gap="xsmall"):
                _told(subject, line.reading)


def _told(subject: Subject, reading: Reading) -> None:
    one = reading.indicator
    st.subheader(wording.numbered(one), anchor=False)
    st.markdown(sentences.finding(reading))
    if subject.known is None:
        gap_makers.chance(subject, reading)
    st.page_link(
        TRAJECTORY,
        label=f":blue[{one.short_title}: signals and forecast]",
        icon=":material/arrow_forward:",
        query_params=address.kept(measure=one.id),
    )


def _words(lines: list[Line]) -> None:
    st.header("What the words mean", anchor=gap_makers.WORDS)
    shown = {line.reading.status_words for line in lines}
    standings = [f"- {one.badge} {one.meaning}" for words, one in wording.STANDINGS.items() if words in shown]
    st.markdown("\n".join((*standings, *(f"- **{words}**: {meaning}" for words, meaning in WORDS.items()))))
    icons.key()
