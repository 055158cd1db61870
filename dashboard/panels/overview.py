"""The scorecard: one card for each measure of the national targets, and the same as a table."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from dashboard import glossary, plainly, queries, sentences, verdicts, wording
from dashboard.charts import trajectory as charts
from dashboard.panels import (
    choices,
    coverage,
    figures,
    icons,
    measure_link,
    receipt_link,
    subjects,
    without_figures,
)
from dashboard.panels.quiet import note
from dashboard.panels.subjects import Subject
from dashboard.sentences import Reading
from metrics.indicator import Indicator
from metrics.indicators import all_indicators

MONTHS = 24
SPARK = 150
"""Pixels; the narrowest that Streamlit draws a Plotly figure."""
WORDS = "what-the-words-mean"


def show() -> None:
    """Show the scorecard of a chosen organisation."""
    edition = choices.edition()
    heading, *boxes = st.columns(subjects.WIDTHS, vertical_alignment="bottom")
    chosen = subjects.choose(edition, boxes)
    if chosen is None:
        heading.title("Overview", anchor=False)
        st.markdown("No organisation at this level has figures.")
        return
    body = st.container()
    subject = replace(chosen, known=choices.known_on())
    at = (subject.level, subject.code, subject.basis, subject.known)
    standings, lines = verdicts.scorecard(edition, *at)
    signals = subjects.signals(subject, lines)
    targets = [one for one in choices.in_order(all_indicators()) if one.role == "target"]
    readings = [
        without_figures.told_apart(
            Reading.of(
                one, subject.name, subject.level, standings.get(one.id), verdicts.reach(edition, one.id, *at)
            ),
            subject.basis,
        )
        for one in targets
    ]
    heading.title(subject.name, anchor=False)
    heading.markdown(
        f"The six national targets, in {len(readings)} measures: {in_words(readings)}",
        help=glossary.explain("standing", "trajectory", "gap", "point"),
    )
    absent = [one for one in readings if one.status_words in without_figures.ABSENT]
    with body:
        cards = st.grid(4, min_column_width=290, gap="small", border=True)
        for reading in readings:
            if reading not in absent:
                with cards.cell(), st.container(gap="xxsmall"):
                    _card(reading, lines, subject, signals.get(reading.indicator.id))
        without_figures.show(subject, absent)
        coverage.of_measures(targets, lines)
        _table(readings, signals)
        _words({one.status_words for one in readings})


def in_words(readings: list[Reading]) -> str:
    """Count the verdicts in one line, worst first, as badges that keep their shapes."""
    order = ("behind", "on track", "met", "no target", "insufficient data", *without_figures.ABSENT)
    counts = [(words, sum(one.status_words == words for one in readings)) for words in order]
    said = [
        f":{wording.STANDINGS[words].colour}-badge[{wording.STANDINGS[words].shape} {count} "
        f"{wording.STANDINGS[words].words.lower()}]"
        for words, count in counts
        if count
    ]
    return " ".join(said)


def _card(reading: Reading, lines: pl.DataFrame, subject: Subject, signal: dict[str, Any] | None) -> None:
    one = reading.indicator
    measure_link.show(one, linked=reading.value is not None)
    if reading.value is None:
        st.markdown(wording.standing(reading.status_words).badge)
        mine = lines.filter(pl.col("indicator") == one.id).sort("period")
        note(plainly.said(reading, None, subject.basis, mine["status"][-1] if mine.height else None))
        return
    figure = wording.value(one, reading.value, reading.counted, unit=one.unit == "days")
    series = recent(one, lines, reading, subject.known)
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", wrap=False
    ):
        st.metric(receipt_link.of(reading), figure, width="content")
        if series.height:
            figures.chart(
                charts.sparkline(series, figures.palette()),
                sentences.alt_text(reading, series),
                key=f"spark-{one.id}",
                width=SPARK,
                picture=False,
            )
    apart = sentences.gap(reading) or sentences.from_target(reading)
    st.markdown(f"{wording.standing(reading.status_words).badge} {apart}")
    if reading.gap is None and reading.status_words != "met" and (why := plainly.distance(reading)):
        note(why)
    if signal:
        icons.row(signal)
    unit = wording.unit_of(one, reading.counted) if one.kind in ("rate", "pace") else ""
    aim = f"Target: {_aim(reading)}" if reading.target is not None else _aim(reading)
    definition = wording.DEFINITION_STATUSES[one.definition_status][0]
    note(". ".join(part for part in (aim, f"{unit[:1].upper()}{unit[1:]}", definition) if part) + ".")


def recent(one: Indicator, lines: pl.DataFrame, reading: Reading, known: date | None) -> pl.DataFrame:
    """Give the last 24 months held and the path on to the target when it is due within a year of them."""
    mine = lines.filter(pl.col("indicator") == one.id)
    if mine.is_empty():
        return mine
    newest: date = mine["period"].max()  # type: ignore[assignment]
    start = newest.replace(year=newest.year - MONTHS // 12)
    end = max(newest, min(reading.due or newest, newest.replace(year=newest.year + 1)))
    ahead = queries.to_deadline(choices.edition(), one.id, mine, known)
    return ahead.filter(pl.col("period") > start, pl.col("period") <= end)


def _table(readings: list[Reading], signals: subjects.Signals) -> None:
    st.header("The same as a table", anchor=False)
    table = pl.DataFrame(
        {
            "Measure": [measure_link.in_text(one.indicator) for one in readings],
            "Latest": [sentences.latest(one) for one in readings],
            "Month": [wording.month(one.period, short=True) if one.period else "–" for one in readings],
            "Target": [_aim(one) for one in readings],
            f"[Verdict](#{WORDS})": [wording.standing(one.status_words).plain for one in readings],
            "Gap to the path": [sentences.gap(one) or "–" for one in readings],
            **icons.columns([one.indicator.id for one in readings], signals),
            "Definition": [
                wording.DEFINITION_STATUSES[one.indicator.definition_status][0] for one in readings
            ],
        }
    )
    st.table(table, border="horizontal", hide_index=True, alt="How the organisation stands on each measure")
    plain = table.rename({f"[Verdict](#{WORDS})": "Verdict"})
    st.download_button(
        "Download as CSV",
        plain.write_csv().encode("utf-8-sig"),
        file_name="scorecard.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _aim(reading: Reading) -> str:
    """Say the target, and how far a target asked of each category has come; a dash without any figure."""
    if reading.status_words in without_figures.ABSENT:
        return "–"
    each = sentences.categories(reading)
    return f"{sentences.target(reading)}, in each: {each}" if each else sentences.target(reading)


def _words(shown: set[str]) -> None:
    """Say what the words on the cards mean; wide tables link here, so that a keyboard reaches them."""
    st.header("What the words mean", anchor=WORDS)
    held = [one for words, one in wording.STANDINGS.items() if words in shown]
    st.markdown("\n".join(f"- {one.badge} {one.meaning}" for one in held))
    icons.key()
