"""The scorecard: one card for each measure of the national targets, and the same as a table."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from dashboard import published, queries, sentences, verdicts, wording
from dashboard.charts import trajectory as charts
from dashboard.panels import about_public, address, choices, coverage, figures, icons, subjects
from dashboard.panels.quiet import note
from dashboard.panels.subjects import Subject
from dashboard.sentences import Reading
from metrics.indicator import Indicator
from metrics.indicators import all_indicators

MONTHS = 24
SPARK = 150
"""Pixels; the narrowest that Streamlit draws a Plotly figure."""
WORDS = "what-the-words-mean"
TRAJECTORY = "pages/trajectories/trajectory.py"


def show() -> None:
    """Show the scorecard of a chosen organisation."""
    edition = choices.edition()
    heading, *boxes = st.columns([6, 2, 4, 2], vertical_alignment="bottom")
    chosen = subjects.choose(edition, boxes)
    if chosen is None:
        heading.title("Overview", anchor=False)
        st.markdown("No organisation at this level has figures.")
        return
    cards = st.grid(4, min_column_width=290, gap="small", border=True)
    known = choices.known_on()
    subject = replace(chosen, known=known)
    level = subject.level
    standings, lines = verdicts.scorecard(edition, level, subject.code, subject.basis, known)
    signals = subjects.signals(subject, lines)
    targets = [one for one in choices.in_order(all_indicators()) if one.role == "target"]
    readings = [
        Reading.of(
            one,
            subject.name,
            level,
            standings.get(one.id),
            verdicts.reach(edition, one.id, level, subject.code, subject.basis, known),
        )
        for one in targets
    ]
    absent = _absent(subject, readings)
    readings = [
        replace(one, status_words="not published") if one.indicator.id in absent else one for one in readings
    ]
    heading.title(subject.name, anchor=False)
    heading.markdown(f"The six national targets: {in_words(readings)}")
    for reading in readings:
        with cards.cell(), st.container(gap="xxsmall"):
            _card(reading, lines, subject, signals.get(reading.indicator.id), absent)
    if absent:
        about_public.link()
    coverage.of_measures(targets, lines)
    _table(readings, signals)
    _words()


def in_words(readings: list[Reading]) -> str:
    """Count the verdicts in one line, worst first, as badges that keep their shapes."""
    order = ("behind", "on track", "met", "no target", "insufficient data", "not published")
    counts = [(words, sum(one.status_words == words for one in readings)) for words in order]
    said = [
        f":{wording.STANDINGS[words].colour}-badge[{wording.STANDINGS[words].shape} {count} "
        f"{wording.STANDINGS[words].words.lower()}]"
        for words, count in counts
        if count
    ]
    return " ".join(said)


def _absent(subject: Subject, readings: list[Reading]) -> dict[str, str]:
    """Say, by measure, why published figures give nothing here."""
    if subject.basis != "published":
        return {}
    edition, known = choices.edition(), [one for one in readings if one.value is None and one.period is None]
    return {one.indicator.id: published.why_not(edition, one.indicator, subject.level) for one in known}


def _card(
    reading: Reading,
    lines: pl.DataFrame,
    subject: Subject,
    signal: dict[str, Any] | None,
    absent: dict[str, str],
) -> None:
    one = reading.indicator
    st.header(wording.numbered(one), anchor=False)
    if one.id in absent:
        st.markdown(wording.standing(reading.status_words).badge)
        note(absent[one.id])
        return
    figure = wording.value(one, reading.value, reading.counted, unit=one.unit == "days")
    when = wording.month(reading.period, short=True) if reading.period else "–"
    series = recent(one, lines, reading, subject.known)
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", wrap=False
    ):
        st.metric(when, figure, width="content")
        if series.height:
            figures.chart(
                charts.sparkline(series, figures.palette()),
                sentences.alt_text(reading, series),
                key=f"spark-{one.id}",
                width=SPARK,
                picture=False,
            )
    st.markdown(f"{wording.standing(reading.status_words).badge} {sentences.gap(reading)}")
    definition = wording.DEFINITION_STATUSES[one.definition_status][0]
    aim = sentences.target(reading)
    if signal:
        icons.row(signal)
    if each := sentences.categories(reading):
        aim = f"{aim}, in each: {each}"
    unit = wording.unit_of(one, reading.counted) if one.kind in ("rate", "pace") else ""
    aim = f"Target: {aim}" if reading.target is not None else aim
    note(". ".join(part for part in (aim, f"{unit[:1].upper()}{unit[1:]}", definition) if part) + ".")
    if reading.value is not None:
        st.page_link(
            TRAJECTORY,
            label=f":blue[{one.short_title}: trajectory]",
            icon=":material/arrow_forward:",
            query_params=address.kept(measure=one.id),
        )


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
            "Measure": [wording.numbered(one.indicator) for one in readings],
            "Latest": [sentences.latest(one) for one in readings],
            "Month": [wording.month(one.period, short=True) if one.period else "–" for one in readings],
            "Target": [_aim(one) for one in readings],
            f"[Standing](#{WORDS})": [wording.standing(one.status_words).plain for one in readings],
            "Gap to the path": [sentences.gap(one) or "–" for one in readings],
            **icons.columns([one.indicator.id for one in readings], signals),
            "Definition": [
                wording.DEFINITION_STATUSES[one.indicator.definition_status][0] for one in readings
            ],
        }
    )
    st.table(table, border="horizontal", hide_index=True, alt="How the organisation stands on each measure")
    plain = table.rename({f"[Standing](#{WORDS})": "Standing"})
    st.download_button(
        "Download as CSV",
        plain.write_csv().encode("utf-8-sig"),
        file_name="scorecard.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _aim(reading: Reading) -> str:
    """Say the target, and how far a target asked of each category has come."""
    each = sentences.categories(reading)
    return f"{sentences.target(reading)}, in each: {each}" if each else sentences.target(reading)


def _words() -> None:
    """Say what the words on the cards mean; wide tables link here, so that a keyboard reaches them."""
    st.header("What the words mean", anchor=WORDS)
    st.markdown("\n".join(f"- {one.badge} {one.meaning}" for one in wording.STANDINGS.values()))
    icons.key()
