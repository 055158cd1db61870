"""For boards: the six national targets of one organisation on one screen, then what fails, and why."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import polars as pl
import streamlit as st

from dashboard import glossary, plainly, sentences, soundness, sparkline, verdicts, wording
from dashboard.panels import address, choices, figures, gap_makers, icons, overview, subjects
from dashboard.panels.quiet import note
from dashboard.panels.subjects import Subject
from dashboard.sentences import Reading
from metrics.indicators import all_indicators

TRAJECTORY, QUALITY = "pages/trajectories/trajectory.py", "pages/assurance/data_quality.py"
WHAT, VALUE, SPARK, AIM, JUDGED = 588, 75, sparkline.WIDTH, 165, 234
"""Pixels of a row's parts: side by side on a desk, wrapped on a phone."""
IMPROVING = "improving"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measure of a target at the subject: where it stands, and what its chart signals."""

    reading: Reading
    numerator: float | None
    status: str | None
    signal: dict[str, Any] | None
    series: pl.DataFrame

    @property
    def assurance(self) -> str:
        """Give the assurance, "none" where there is no figure or no signal."""
        return self.signal["assurance"] if self.signal and self.reading.value is not None else "none"

    @property
    def verdict(self) -> str:
        """Give the assurance; of what fails it, apart what a signal says is getting better."""
        better = self.signal is not None and self.signal["variation"].startswith("improvement")
        return IMPROVING if better and self.assurance == "consistently_failing" else self.assurance


def show() -> None:
    """Show the board page of a chosen organisation."""
    edition = choices.edition()
    heading, *boxes = st.columns([6, 2, 4, 2], vertical_alignment="bottom", gap="small")
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
    heading.markdown(f"The six national targets: {overview.in_words([one.reading for one in lines])}")
    with body:
        _six(lines, subject)
        _data(edition, subject, lines, observed)
        for verdict, title, meaning in SECTIONS:
            _section(subject, title, meaning, [one for one in lines if one.verdict == verdict])
        _words()


def _lines(
    edition: str, subject: Subject, standings: dict[str, dict[str, Any]], observed: pl.DataFrame
) -> list[Line]:
    signals = subjects.signals(subject, observed)
    at = (subject.level, subject.code, subject.basis, subject.known)
    return [
        Line(
            reading=(
                reading := Reading.of(
                    one,
                    subject.name,
                    subject.level,
                    standings.get(one.id),
                    verdicts.reach(edition, one.id, *at),
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


def _six(lines: list[Line], subject: Subject) -> None:
    """Show every measure in a row, those of one target one after the other."""
    # Less within a row than between rows: on a phone a row's parts stand one under the other.
    with st.container(border=True, gap="small"):
        for line in lines:
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                _row(line, subject)


def _row(line: Line, subject: Subject) -> None:
    reading, one = line.reading, line.reading.indicator
    with st.container(width=WHAT, gap="xxsmall"):
        name = f"**{wording.numbered(one)}**".replace(".", "\\.", 1)
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            if reading.value is None:
                st.markdown(name, width="content")
            else:
                st.page_link(TRAJECTORY, label=f":blue[{name}]", query_params=address.kept(measure=one.id))
                if one.unit != "days":
                    st.markdown(f":small[{wording.axis_title(one, reading.counted)}]", width="content")
        note(plainly.said(reading, line.numerator, subject.basis, line.status))
    if reading.value is None:
        return
    with st.container(width=VALUE, gap="xxsmall"):
        st.markdown(f"**{wording.value(one, reading.value, reading.counted, unit=one.unit == 'days')}**")
        note(wording.month(reading.period, short=True))
    if drawn := sparkline.svg(line.series, figures.palette()):
        st.image(drawn, width=SPARK, alt=sentences.alt_text(reading, line.series))
    with st.container(width=AIM, gap="xxsmall"):
        aim = sentences.target(reading)
        note(f"Target {aim}" if reading.target is not None else aim)
        if reading.path is not None:
            note(f"Path now {wording.value(one, reading.path, reading.counted)}")
    with st.container(width=JUDGED, gap="xxsmall"):
        st.markdown(f":small[{wording.standing(reading.status_words).badge}]")
        if line.signal:
            icons.row(line.signal)


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
    st.header(title, anchor=False, help=glossary.explain("assurance"))
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


def _words() -> None:
    st.header("What the words mean", anchor=gap_makers.WORDS)
    st.markdown(glossary.explain("trajectory", "gap", "neighbourhood", "unattributed") or "")
    st.markdown("\n".join(f"- {one.badge} {one.meaning}" for one in wording.STANDINGS.values()))
    icons.key()
