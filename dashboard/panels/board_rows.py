"""A board's six targets: each measure in one row with its sentence, value, line, target, path and icons."""

from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from dashboard import plainly, sentences, sparkline, wording
from dashboard.panels import figures, icons, measure_link, picture, receipt_link, without_figures
from dashboard.panels.quiet import note
from dashboard.panels.subjects import Subject
from dashboard.sentences import Reading

WHAT, VALUE, AIM, JUDGED = 634, 70, 154, 234
"""Pixels of a row's parts: side by side on a desk, wrapped on a phone."""
IMPROVING = "improving"


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


def show(lines: list[Line], subject: Subject) -> None:
    """Show every measure with figures in a row, those of one target one after the other; then the others."""
    absent = [line.reading for line in lines if line.reading.status_words in without_figures.ABSENT]
    # Less within a row than between rows: on a phone a row's parts stand one under the other.
    with st.container(border=True, gap="small"):
        for line in lines:
            if line.reading not in absent:
                with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                    _row(line, subject)
    without_figures.show(subject, absent)


def _row(line: Line, subject: Subject) -> None:
    reading, one = line.reading, line.reading.indicator
    with st.container(width=WHAT, gap="xxsmall"):
        unit = "" if one.unit == "days" else wording.axis_title(one, reading.counted)
        known = reading.value is not None
        measure_link.show(one, unit if known else "", linked=known)
        note(plainly.said(reading, line.numerator, subject.basis, line.status))
    if reading.value is None:
        return
    with st.container(width=VALUE, gap="xxsmall"):
        st.markdown(f"**{wording.value(one, reading.value, reading.counted, unit=one.unit == 'days')}**")
        note(receipt_link.of(reading))
    if drawn := sparkline.svg(line.series, figures.palette()):
        picture.show(drawn, sentences.alt_text(reading, line.series))
    with st.container(width=AIM, gap="xxsmall"):
        note(_aim(reading))
        if reading.path is not None:
            note(f"Path now {wording.value(one, reading.path, reading.counted)}")
    with st.container(width=JUDGED, gap="xxsmall"):
        st.markdown(f":small[{wording.standing(reading.status_words).badge}]")
        if line.signal:
            icons.row(line.signal)


def _aim(reading: Reading) -> str:
    """Say the target in as few words as its column has room for, or that there is none."""
    if reading.target is None:
        return sentences.target(reading)
    amount = wording.target_value(reading.indicator, reading.target, reading.counted)
    return f"Target {amount}" + (f" by {wording.month(reading.due, short=True)}" if reading.due else "")
