"""Some neighbourhoods beside each other on every national target: rates, intervals, people, change."""

from datetime import date

import polars as pl
import streamlit as st

from dashboard import names, wording
from dashboard.charts import intervals
from dashboard.panels import about, choices, figures, tall
from dashboard.panels.quiet import note
from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from metrics.working_days import working_days

MOST = 12
"""Neighbourhoods at most for small charts; with more, the table alone."""
READ = (
    "Twelve months to the newest final one, both sides summed and divided once. Dashed: the average of all "
    "neighbourhoods. Where intervals overlap much, neighbourhoods may be alike."
)


def show(rows: pl.DataFrame) -> None:
    """Show `dashboard.neighbourhoods.every`: a small chart for each measure, and one table of all."""
    if rows.is_empty():
        return
    st.header("Rates over twelve months, with 95% intervals", anchor=False)
    have = set(rows["indicator"])
    shown = [one for one in choices.in_order(all_indicators()) if one.id in have]
    parts = {one.id: rows.filter(pl.col("indicator") == one.id) for one in shown}
    if rows["organisation"].n_unique() <= MOST:
        note(READ)
        grid = st.grid(2, min_column_width=330, gap="small")
        for one in shown:
            with grid.cell():
                _drawn(one, parts[one.id].drop_nulls("value"))
    _table(shown, parts)


def _drawn(one: Indicator, rows: pl.DataFrame) -> None:
    st.markdown(f"**{wording.numbered(one).replace('.', chr(92) + '.', 1)}**")
    if rows.is_empty():
        st.markdown("No neighbourhood here has figures for these months.")
        return
    average = rows["average"].drop_nulls()
    texts = [wording.value(one, value) for value in rows["value"]]
    told = ", ".join(f"{name} {text}" for name, text in zip(rows["organisation_name"], texts, strict=True))
    figures.chart(
        intervals.draw(
            rows.with_columns(names.short(pl.col("organisation_name"))),
            figures.palette(),
            unit=f"{wording.axis_title(one, False).capitalize()}",
            proportion=one.kind == "proportion",
            texts=texts,
            average=(average[0], f"All: {wording.value(one, average[0])}") if average.len() else None,
        ),
        f"{one.short_title}, twelve months to {wording.month(rows['last'][0])}, with 95% intervals: {told}. "
        "The table has each.",
        key=f"every-{one.id}",
    )


def _table(shown: list[Indicator], parts: dict[str, pl.DataFrame]) -> None:
    columns: dict[str, list[str]] = {
        name: []
        for name in ("Measure", "Neighbourhood", "Rate", "95% interval", "On the year before",
                     f"[Among all](#{about.ANCHOR})", "How many, newest month")
    }  # fmt: skip
    for one in shown:
        for row in parts[one.id].iter_rows(named=True):
            cells = (
                wording.numbered(one).replace(".", "\\.", 1),
                row["organisation_name"],
                wording.value(one, row["value"]),
                wording.interval(one, row["lower"], row["upper"]),
                step(one, row["value"], row["before"]),
                "–" if row["rank"] is None else f"{int(row['rank'])} of {row['of']}",
                people(one, row["newest_denominator"], row["last"]),
            )
            for name, cell in zip(columns, cells, strict=True):
                columns[name].append(cell)
    many = len(columns["Measure"])
    st.table(
        pl.DataFrame(columns),
        border="horizontal",
        hide_index=True,
        alt="Every national target in each neighbourhood here, over twelve months",
        height=tall.height(many),
    )
    note("Among all: 1 is best. On the year before: the same twelve months a year earlier.")


def people(one: Indicator, denominator: float | None, month: date) -> str:
    """Say how many a rate of one month is about: "991 people in the cohort", "1,136 attendances"."""
    if denominator is None:
        return "–"
    if one.kind == "rate":
        return f"{wording.number(denominator, 0)} people in the cohort"
    if one.kind == "pace":
        # The denominator is working days times thousands of patients: the days are taken out again.
        patients = denominator * 1000 / working_days(month)
        return f"{wording.number(patients, 0)} registered patients"
    of = one.unit.removeprefix("% of ") if one.kind == "proportion" else one.denominator_title.lower()
    return f"{wording.number(denominator, 0)} {of}"


def step(one: Indicator, now: float | None, before: float | None) -> str:
    """Say how a value moved on the same twelve months a year before: better or worse, and by how much."""
    if now is None or before is None:
        return "–"
    change = now - before
    if change == 0:
        return "no change"
    better = (change > 0) == (one.better == "higher")
    return f"{'▲' if better else '▼'} {wording.size(one, change, now)} {'better' if better else 'worse'}"
