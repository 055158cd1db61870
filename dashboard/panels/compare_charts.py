"""The charts of the page that compares organisations, each under a sentence of what it shows."""

from urllib.parse import urlencode

import polars as pl
import streamlit as st

from dashboard import compared, names, wording
from dashboard.charts import funnel, intervals, spread
from dashboard.panels import address, compare_table, figures
from dashboard.panels.comparison import Comparison
from dashboard.panels.quality import months_before
from dashboard.panels.quiet import note
from metrics.compared import NOTE, caution, why_not

FUNNEL, RANKED, SPREAD = "funnel", "ranked", "spread"
VIEWS = {FUNNEL: "Funnel", RANKED: "Ranked, with intervals", SPREAD: "Spread over time"}
RANKED_AT_MOST = 60
RECENT = 60
"""Months of the spread that are drawn: five years."""
MAJOR, FOOTPRINT = "department_type.01", "footprint.acute"
LIKE_WITH_LIKE = {MAJOR: "major departments alone", FOOTPRINT: "acute trusts with their local units"}
"""Parts on which whole hospitals are not set beside minor injury units."""


def show(view: str, chosen: Comparison) -> None:
    """Show one of the three views."""
    if view == SPREAD:
        _spread(chosen)
        return
    reason = why_not(chosen.one, chosen.level)
    if view == FUNNEL and reason:
        told = reason.split(": ", 1)[-1].replace(chosen.one.id, "this measure")
        st.markdown(f"There is no funnel here: {told}. Ranked, with intervals, shows the figures.")
        return
    st.markdown(_finding(chosen))
    _minor(chosen)
    if view == FUNNEL:
        _funnel(chosen)
    else:
        _ranked(chosen)


def _finding(chosen: Comparison) -> str:
    """Say in one sentence how many stand apart from the rest."""
    judged = chosen.rows.drop_nulls("position")
    if judged.is_empty():
        return f"**{chosen.rows.drop_nulls('value').height} {chosen.many} have a figure.**"
    high, low = (judged.filter(pl.col("position") == f"{side}_998").height for side in ("above", "below"))
    good, bad = (high, low) if chosen.one.better == "higher" else (low, high)
    between = judged.filter(pl.col("position").is_in(["above_95", "below_95"])).height
    more = f" Between the 95% and the 99.8% limits: {between}."
    phi = judged["phi"][0]
    by = "no more than chance alone would give" if phi <= 1 else "by more than chance alone would give"
    allowed = "" if phi <= 1 else ", and the limits allow for it"
    return (
        f"**Of {judged.height} {chosen.many}, {good or 'none'} {'stands' if good == 1 else 'stand'} clearly "
        f"better than the average of {chosen.value(judged['average'][0])}, and {bad or 'none'} clearly "
        f"worse.** They differ {by} (dispersion {wording.number(phi, 0 if phi >= 10 else 1)}; 1 is chance)"
        f"{allowed}.{more if between else ''}"
    )


def _minor(chosen: Comparison) -> None:
    """Say where whole hospitals stand beside minor units, and lead to what compares like with like."""
    offered = compared.parts(chosen.edition, chosen.one.id, chosen.level, chosen.basis)
    if chosen.level != "provider" or chosen.part != compared.WHOLE or MAJOR not in offered:
        return
    major = compared.held(chosen.edition, chosen.one.id, "provider", chosen.basis, chosen.known, MAJOR)
    with_major = major.filter(
        pl.col("period").is_between(chosen.first, chosen.last), pl.col("denominator") > 0
    )["organisation"]
    shown = chosen.rows.drop_nulls("value")
    minor = shown.filter(~pl.col("organisation").is_in(with_major.unique().to_list())).height
    if not minor:
        return
    here = address.whole()
    links = [
        f"[{words}](compare?{urlencode({**here, 'part': part})})"
        for part, words in LIKE_WITH_LIKE.items()
        if part in offered
    ]
    st.markdown(
        f":orange-badge[⚠ Not like with like] {minor} of these {shown.height} have no major emergency "
        "department: walk-in centres and minor injury units, mostly near 100%. They pull the average up. "
        f"Compare {' or '.join(links)}."
    )


def _funnel(chosen: Comparison) -> None:
    average = chosen.rows["average"].drop_nulls()
    figure = funnel.draw(
        chosen.rows.with_columns(names.short(pl.col("organisation_name"))),
        figures.palette(),
        unit=wording.axis_title(chosen.one, chosen.counted).capitalize(),
        size=f"{chosen.one.denominator_title}, {chosen.months()}",
        proportion=chosen.one.kind == "proportion",
        average=f"Average {chosen.value(average[0])}" if average.len() else "Average",
        chosen=chosen.peers,
    )
    figures.chart(figure, f"{VIEWS[FUNNEL]}. {_alt(chosen)}", key="compare")
    note(
        "How to read it: each mark is an organisation, the larger the further right. Between the lines is "
        "what chance and ordinary differences give. A triangle is outside them; a filled one, outside the "
        f"outer lines. {NOTE}. {caution(chosen.one)}"
    )


def _ranked(chosen: Comparison) -> None:
    rows = chosen.best_first.drop_nulls("value")
    left_out = max(0, rows.height - RANKED_AT_MOST)
    if left_out:
        ends = RANKED_AT_MOST // 2
        at = pl.int_range(pl.len())
        rows = rows.filter((at < ends) | (at >= pl.len() - ends) | pl.col("organisation").is_in(chosen.peers))
    average = chosen.rows["average"].drop_nulls()
    figure = intervals.draw(
        rows.with_columns(names.short(pl.col("organisation_name"))),
        figures.palette(),
        unit=f"{wording.axis_title(chosen.one, chosen.counted).capitalize()}, {chosen.months()}",
        proportion=chosen.one.kind == "proportion",
        texts=[chosen.value(value) for value in rows["value"]],
        chosen=chosen.peers,
        average=(average[0], f"Average {chosen.value(average[0])}") if average.len() else None,
    )
    figures.chart(figure, f"{VIEWS[RANKED]}. {_alt(chosen)}", key="compare")
    told = "How to read it: best first; the line through each mark is its 95% interval. Where intervals "
    told += "overlap much, the order says little."
    if left_out:
        told += f" {left_out} in the middle are in the table alone."
    note(f"{told} {NOTE}. {caution(chosen.one)}")


def _alt(chosen: Comparison) -> str:
    usable = chosen.rows.drop_nulls("value")
    low, high = usable.row(0, named=True), usable.row(-1, named=True)
    return (
        f"{chosen.one.short_title} of {usable.height} {chosen.many}, {chosen.months()}, from "
        f"{chosen.value(low['value'])} ({low['organisation_name']}) to {chosen.value(high['value'])} "
        f"({high['organisation_name']}). {_finding(chosen).replace('**', '')} The table below has every one."
    )


def _spread(chosen: Comparison) -> None:
    where = (chosen.edition, chosen.one.id, chosen.level, chosen.basis)
    months = compared.over_time(*where, chosen.inside, chosen.known, chosen.part)
    lines = compared.of_some(*where, chosen.peers, chosen.known, chosen.part)
    newest = months.row(-1, named=True)
    start = months_before(newest["period"], RECENT - 1)
    recent = pl.col("period") >= start
    middle, low, high = (chosen.value(newest[q]) for q in ("q50", "q25", "q75"))
    said = (
        f"In {wording.month(newest['period'])} half of {newest['organisations']} {chosen.many} were between "
        f"{low} and {high}; the one in the middle was at {middle}."
    )
    st.markdown(f"**{said}**")
    figures.chart(
        spread.draw(
            months.filter(recent),
            lines.filter(recent).with_columns(names.short(pl.col("organisation_name"))),
            figures.palette(),
            unit=wording.axis_title(chosen.one, chosen.counted).capitalize(),
            proportion=chosen.one.kind == "proportion",
        ),
        f"Spread over time. {said} The five years to then.",
        key="compare",
    )
    note(
        "How to read it: the dark band holds the middle half of organisations, the pale one four fifths. "
        "A break is months that too few reported."
        + (
            " Months before these five years go with the rows taken away."
            if months["period"][0] < start
            else ""
        )
    )
    compare_table.spread(chosen.one, chosen.level, months)
