"""One measure: a place's neighbourhoods among all neighbourhoods."""

from datetime import date

import polars as pl
import streamlit as st

from dashboard import names, neighbourhoods, queries, wording
from dashboard.charts import intervals
from dashboard.neighbourhoods import LEVEL
from dashboard.panels import about, choices, figures, tall
from dashboard.panels.quiet import note
from metrics.compared import caution
from metrics.indicator import Indicator

MOST = 60
"""Neighbourhoods drawn at most; beyond that those here, and as many at either end."""


def show(edition: str, codes: list[str], known: date | None) -> Indicator:
    """Set the neighbourhoods among all on a chosen measure, over twelve months; give the measure."""
    heading = st.container()
    with st.columns([6, 9])[0]:
        one = choices.indicator(queries.indicators_with_figures(edition, LEVEL))
    heading.header(f"{one.short_title}: among all neighbourhoods", anchor=False)
    last = neighbourhoods.newest(edition, one.id, known)
    if last is None:
        st.markdown("No neighbourhood has a final month of this measure yet.")
        return one
    rows = neighbourhoods.beside(edition, one.id, LEVEL, "local", last, known)
    ranked = rows.drop_nulls("rank").sort("rank", "organisation_name")
    said = finding(ranked.filter(pl.col("organisation").is_in(codes)))
    st.markdown(f"**{said}**")
    if ranked.is_empty():
        return one
    at = pl.int_range(pl.len())
    ends = (at < MOST // 2) | (at >= pl.len() - MOST // 2)
    drawn = ranked.filter(ends | pl.col("organisation").is_in(codes))
    average = rows["average"].drop_nulls()
    figures.chart(
        intervals.draw(
            drawn.with_columns(names.short(pl.col("organisation_name"))),
            figures.palette(),
            unit=wording.axis_title(one, False).capitalize(),
            proportion=one.kind == "proportion",
            texts=[wording.value(one, value) for value in drawn["value"]],
            chosen=codes,
            average=(average[0], f"Average {wording.value(one, average[0])}") if average.len() else None,
        ),
        f"Neighbourhoods in order of {one.short_title.lower()}, best first, over twelve months to "
        f"{wording.month(last)}, with 95% intervals; those here are filled diamonds. {said}",
        key="among all",
    )
    left_out = ranked.height - drawn.height
    note(
        f"Best first, twelve months to {wording.month(last)}. :orange[**◆**] The neighbourhoods here. Where "
        f"intervals overlap much, the order says little. {caution(one)}"
        + (f" {left_out} in the middle are not drawn." if left_out else "")
    )
    with st.expander("The same as a table"):
        st.table(
            pl.DataFrame(
                {
                    "Among all": [
                        f"{rank:.0f} of {of}" for rank, of in ranked.select("rank", "of").iter_rows()
                    ],
                    "Neighbourhood": [
                        f"◆ {name}" if code in codes else name
                        for code, name in ranked.select("organisation", "organisation_name").iter_rows()
                    ],
                    "Rate": [wording.value(one, value) for value in ranked["value"]],
                    f"[95% interval](#{about.ANCHOR})": [
                        wording.interval(one, low, high)
                        for low, high in ranked.select("lower", "upper").iter_rows()
                    ],
                }
            ),
            border="horizontal",
            hide_index=True,
            alt=f"{one.short_title} of every neighbourhood, best first",
            height=tall.height(ranked.height),
        )
    return one


def finding(mine: pl.DataFrame) -> str:
    """Say where the best and the worst of those here are among all; `mine` in order of rank."""
    if mine.is_empty():
        return "No neighbourhood here has twelve months of figures yet."
    best, worst = mine.row(0, named=True), mine.row(-1, named=True)
    first, last = (
        f"{row['organisation_name']} is {wording.ordinal(int(row['rank']))}" for row in (best, worst)
    )
    if mine.height == 1:
        return f"{first} of {best['of']} neighbourhoods, counted from the best."
    return f"Counted from the best, {first} and {last} of {best['of']} neighbourhoods."
