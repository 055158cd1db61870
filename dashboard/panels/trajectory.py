"""One organisation on one measure: what happened, the path to its target, its parts, the table."""

from dataclasses import replace

import polars as pl
import streamlit as st

from dashboard import queries, sentences, wording
from dashboard.charts import trajectory as charts
from dashboard.panels import about, breadcrumbs, choices, figures, multiples, notes, series_table, signals
from dashboard.panels.quiet import note
from dashboard.panels.view import View
from dashboard.spc import MARKS, Spc


def show() -> None:
    """Show the trajectory of the chosen organisation, at any level."""
    edition = choices.edition()
    held = queries.organisations(edition)
    above, heading = st.container(), st.container()
    boxes = st.container(horizontal=True, gap="small")
    with boxes:
        level = choices.level(held)
        chosen = choices.organisation(held, level)
    if chosen is None:
        heading.title(wording.LEVELS[level][1], anchor=False)
        st.markdown(f"No {wording.LEVELS[level][0].lower()} has figures yet.")
        return
    with above:
        breadcrumbs.show(held, chosen)
    with boxes:
        one = choices.indicator(queries.indicators_with_figures(edition, level, chosen["code"]))
        parts = queries.breakdowns(edition, level, chosen["code"], one.id)
        split = choices.split(one, multiples.others(level), parts)
        layer = choices.layer()
        basis = choices.basis(queries.bases(edition, level, chosen["code"], one.id))
    heading.title(f"{chosen['name']}: {one.short_title}", anchor=False)
    body = st.container()
    known = choices.known_on()
    view = View(
        edition=edition,
        indicator=one,
        level=level,
        code=chosen["code"],
        name=chosen["name"],
        parent=chosen["parent"],
        basis=basis,
        known_on=known,
    )
    lines = view.history()
    with body:
        chart = _main(view, lines, layer)
        if split == choices.WHOLE:
            multiples.organisations(view, held)
        else:
            multiples.parts(view, split)
    series_table.show(view, lines, chart.points if chart and chart.has_limits else None)
    about.show(one)


def _main(view: View, lines: pl.DataFrame, layer: str) -> Spc | None:
    one = view.indicator
    reading = replace(view.reading(view.name, lines), reach=view.reach())
    st.markdown(f"{wording.standing(reading.status_words).badge} {sentences.finding(reading)}")
    if lines.is_empty():
        return None
    drawn = view.to_deadline(lines)
    known, aim = drawn.drop_nulls("value"), drawn.drop_nulls("target")
    labels = {"path": "Path"}
    if known.height:
        labels["actual"] = f"Actual {wording.value(one, known['value'][-1], reading.counted)}"
    if aim.height:
        labels["target"] = f"Target {wording.target_value(one, aim['target'][-1], reading.counted)}"
    chart = Spc.of(one, lines, view.recalculations()) if layer == choices.SIGNALS else None
    ahead = view.outlook()
    fan = ahead.until(drawn) if ahead and layer == choices.FORECAST else None
    if fan is not None and fan.height:
        # The fan takes the room beside the last point; the sentence above gives its value.
        labels.pop("actual", None)
    noted = view.noted()
    texts = noted.texts(drawn["period"].to_list(), view.texts(drawn, reading.counted))
    figure = charts.main_chart(
        drawn,
        figures.palette(),
        unit=wording.axis_title(one, reading.counted),
        texts=chart.texts(drawn["period"].to_list(), texts) if chart else texts,
        labels=labels,
        proportion=one.kind == "proportion",
        spc=(chart.points, {name: mark.symbol for name, mark in MARKS.items()}) if chart else None,
        forecast=fan,
        badges=noted.badges(),
    )
    alt = [sentences.alt_text(reading, drawn)]
    if chart:
        alt.append(chart.alt(one, reading.counted))
    if ahead and fan is not None:
        alt.append(ahead.alt(one, reading.counted, reading.period))
    alt.append(noted.alt())
    figures.chart(figure, " ".join(filter(None, alt)), key="main")
    said = [sentences.pace(reading), sentences.marks(drawn)]
    note(" ".join(part for part in said if part))
    notes.show(noted)
    if chart:
        signals.explain(chart, one, reading.counted)
    if ahead and (chance := ahead.chance(one, reading.counted, reading.period)):
        st.markdown(f"**Chance.** {chance}")
    if ahead and fan is not None:
        signals.foresee(ahead, one, reading.counted)
    elif layer == choices.FORECAST:
        note("Forecasts are not kept for an earlier day.")
    return chart
