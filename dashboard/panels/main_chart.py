"""The main chart of a trajectory page, in whichever layer is chosen, with everything it says in words."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl
import streamlit as st

from dashboard import queries, sentences, wording
from dashboard.charts import seasons as season_marks
from dashboard.charts import trajectory as charts
from dashboard.charts.drawing import Trace
from dashboard.noted import Noted
from dashboard.panels import choices, figures, notes, signals
from dashboard.panels.quiet import note
from dashboard.panels.view import View
from dashboard.seasons import HOW_TO_READ_LAST_YEAR, Seasons, change
from dashboard.sentences import Reading
from dashboard.spc import MARKS, Spc
from metrics.footprint import TODAY

HOW_TO_READ_PATH = (
    "How to read this: the distance from the dashed line is how far ahead or behind a month was. A month or "
    "two on either side may be chance: the signals say which are more."
)


def show(view: View, lines: pl.DataFrame, seasons: Seasons, layer: str) -> Spc | None:
    """Say what one series shows, draw it, and explain the layer; gives the signals of the layer shown."""
    reading = replace(view.reading(view.name, lines), reach=view.reach())
    said = f"{sentences.finding(reading)} {sentences.pace(reading)}"
    st.markdown(f"{wording.standing(reading.status_words).badge} {said}")
    if lines.is_empty():
        return None
    noted = view.noted(lines)
    if layer == choices.SEASONS:
        return _without_seasons(view, reading, seasons, noted)
    if layer == choices.LAST_YEAR:
        return _beside_last_year(view, reading, seasons, noted)
    return _to_the_target(view, reading, lines, noted, layer)


def _to_the_target(view: View, reading: Reading, lines: pl.DataFrame, noted: Noted, layer: str) -> Spc | None:
    one, counted = view.indicator, reading.counted
    drawn = view.to_deadline(lines)
    chart = view.spc(lines) if layer == choices.SIGNALS else None
    ahead = view.outlook()
    fan = ahead.until(drawn) if ahead and layer == choices.FORECAST else None
    alt = [sentences.alt_text(reading, drawn)]
    if chart:
        alt.append(chart.alt(one, counted))
    if ahead and fan is not None:
        alt.append(ahead.alt(one, counted, reading.period))
    _draw(view, reading, drawn, noted, alt, chart, fan)
    said = " ".join(filter(None, [_hollow(drawn), _own_plan(view)]))
    if said:
        note(said)
    notes.show(noted, drawn)
    if chart:
        signals.explain(chart, one, counted)
        _across(noted, chart)
    elif layer == choices.PATH:
        note(HOW_TO_READ_PATH)
    if ahead:
        signals.chances(ahead, one, counted, reading.period)
    if ahead and fan is not None:
        signals.foresee(ahead, one, counted)
    elif layer == choices.FORECAST:
        as_was = "Forecasts are made for organisations as they are today."
        note("Forecasts are not kept for an earlier day." if view.footprint == TODAY else as_was)
    return chart


def _without_seasons(view: View, reading: Reading, seasons: Seasons, noted: Noted) -> Spc:
    one, counted = view.indicator, reading.counted
    without = seasons.without()
    chart = view.spc(without)
    last = without.drop_nulls("value")["value"][-1]
    alt = [
        f"Line chart of {one.short_title} with seasons taken out, {view.name}.",
        seasons.explained(),
        chart.alt(one, counted),
    ]
    name = f"Adjusted {wording.value(one, last, counted)}"
    under = [season_marks.reported(seasons.lines, figures.palette())]
    _draw(view, reading, without, noted, alt, chart, under=under, name=name)
    note("Thick line: seasons taken out, final months only. Thin line: as reported.")
    notes.show(noted, without)
    signals.explain(chart, one, counted, "Variation, seasons taken out")
    _across(noted, chart)
    note(seasons.explained())
    return chart


def _beside_last_year(view: View, reading: Reading, seasons: Seasons, noted: Noted) -> None:
    one, counted = view.indicator, reading.counted
    drawn = view.to_deadline(seasons.lines)
    said = seasons.said(one, counted)
    texts = [
        f"{text}<br>{step} on the same month last year" if (step := change(one, row)) != "–" else text
        for text, row in zip(sentences.points(one, drawn, counted), drawn.iter_rows(named=True), strict=True)
    ]
    under = [season_marks.last_year(seasons.lines, figures.palette())]
    _draw(view, reading, drawn, noted, [sentences.alt_text(reading, drawn), said], under=under, texts=texts)
    note(f"Bars across: the same month last year. {_hollow(drawn)}")
    notes.show(noted, drawn)
    st.markdown(f"**Same month last year.** {said}")
    note(HOW_TO_READ_LAST_YEAR)


def _across(noted: Noted, chart: Spc) -> None:
    if chart.has_limits and (said := noted.across(chart.points)):
        note(said)


def _hollow(drawn: pl.DataFrame) -> str:
    """Say what a hollow point is where there is one; the lines have their names on the chart."""
    provisional = (drawn["status"] == "provisional").any()
    return "Hollow points: provisional, and may still change." if provisional else ""


def _of(drawn: pl.DataFrame) -> str:
    """Say how many the newest figure is of: "n = 3,507 in Sep 2026"; empty for a plain count."""
    known = drawn.drop_nulls(["value", "denominator"])
    if known.is_empty():
        return ""
    newest = known.row(-1, named=True)
    return f"n = {wording.number(newest['denominator'], 0)} in {wording.month(newest['period'], short=True)}"


def _own_plan(view: View) -> str:
    """Say from when to when the path is the organisation's own plan; empty without one."""
    held = queries.plan(view.edition, view.indicator.id, view.known_on)
    mine = held.filter(level=view.level, organisation=view.code)
    if mine.is_empty():
        return ""
    first, last = (wording.month(day) for day in (mine["period"].min(), mine["period"].max()))
    return f"From {first} to {last} the path is the organisation's own plan."


def _draw(
    view: View,
    reading: Reading,
    drawn: pl.DataFrame,
    noted: Noted,
    alt: list[str],
    chart: Spc | None = None,
    fan: pl.DataFrame | None = None,
    *,
    under: Sequence[Trace] = (),
    texts: list[str] | None = None,
    name: str | None = None,
) -> None:
    one, counted = view.indicator, reading.counted
    periods = drawn["period"].to_list()
    texts = noted.texts(periods, texts or sentences.points(one, drawn, counted))
    figure = charts.main_chart(
        drawn,
        figures.palette(),
        unit=wording.axis_title(one, counted),
        texts=chart.texts(periods, texts) if chart else texts,
        labels=_labels(view, reading, drawn, name, fan),
        proportion=one.kind == "proportion",
        spc=(chart.points, {kind: mark.symbol for kind, mark in MARKS.items()}) if chart else None,
        forecast=fan,
        badges=noted.badges(),
        under=under,
        n=_of(drawn),
    )
    figures.chart(figure, " ".join(filter(None, [*alt, noted.alt()])), key="main")


def _labels(
    view: View, reading: Reading, drawn: pl.DataFrame, name: str | None, fan: pl.DataFrame | None
) -> dict[str, str]:
    one, counted = view.indicator, reading.counted
    known, aim = drawn.drop_nulls("value"), drawn.drop_nulls("target")
    labels = {"path": "Path"}
    # A fan takes the room beside the last point; the sentence above gives its value.
    if known.height and not (fan is not None and fan.height):
        labels["actual"] = name or f"Actual {wording.value(one, known['value'][-1], counted)}"
    if aim.height:
        labels["target"] = f"Target {wording.target_value(one, aim['target'][-1], counted)}"
    return labels
