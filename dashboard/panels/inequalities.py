"""Inequality: one measure by deprivation, age, ethnic group and sex, at one organisation."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard import glossary, neighbourhoods, queries, taken_away, wording
from dashboard.charts import intervals
from dashboard.panels import about, choices, figures, place_workbook, take_away
from dashboard.panels.quiet import note
from metrics.compared import caution
from metrics.indicator import Breakdown, Indicator
from metrics.people import NOT_KNOWN

PEOPLE = {
    "deprivation_quintile": "deprivation",
    "age_band": "age",
    "ethnic_group": "ethnic group",
    "sex": "sex",
}
"""Breakdowns that are about people, in the order shown, and what they are by."""

FEW = 10
"""Events under which a figure is said to be too small to read anything into, and is not drawn."""

LEVELS = ("place", "neighbourhood", "system", "region", "england", "provider")


def show() -> None:
    """Show one measure by groups of people."""
    edition = choices.edition()
    held = queries.organisations(edition)
    heading = st.container()
    boxes = st.columns([3, 6, 6])
    with boxes[0]:
        level = choices.level(held, among=LEVELS, usual="place")
    with boxes[1]:
        chosen = choices.organisation(held, level)
    if chosen is None:
        heading.title("Inequalities", anchor=False)
        st.markdown("There are no figures at this level yet.")
        return
    code = chosen["code"]
    with boxes[2]:
        one = choices.indicator(queries.indicators_with_figures(edition, level, code))
    heading.title(
        f"{chosen['name']}: {one.short_title}, by group",
        anchor=False,
        help=glossary.explain("breakdown", "interval", "standardised"),
    )
    body = st.container()
    known = choices.known_on()
    have = set(queries.breakdowns(edition, level, code, one.id))
    declared = {each.name: each for each in one.breakdowns if each.name in have}
    parts = {
        name: neighbourhoods.by_part(edition, one.id, level, code, "local", name, known)
        for name in PEOPLE
        if name in declared
    }
    parts = {name: rows for name, rows in parts.items() if rows.height}
    with body:
        if parts:
            _drawn(one, level, chosen, {declared[name].name: declared[name] for name in parts}, parts)
        else:
            st.markdown(
                "This measure has no figures by group of people here. Published figures have none; local "
                "records have them wherever a feed carries age, sex, ethnic group or the area where people "
                "live. Choose another measure."
            )
        codes = neighbourhoods.of_place(edition, level, code) if level != "provider" else []
        if parts and codes and level != "neighbourhood":
            place_workbook.offer(edition, level, chosen, codes, known)
    about.show(one)


def _drawn(
    one: Indicator,
    level: str,
    chosen: dict[str, Any],
    splits: dict[str, Breakdown],
    parts: dict[str, pl.DataFrame],
) -> None:
    every = pl.concat(parts.values())
    large = {name: _large(rows) for name, rows in parts.items()}
    whole = every["whole"][0]
    span = f"{wording.month(every['first'].min())} to {wording.month(every['last'].max())}"
    counted = level in wording.PLACES_OF_CARE
    everyone = wording.value(one, whole, counted)
    note(
        f"{span}, both sides summed and divided once. Dashed: everyone, {everyone}. The line through each "
        f"mark is its 95% interval. Every chart has the same scale. Not adjusted for age or anything else. "
        f"{caution(one)}"
    )
    shared = intervals.ends(pl.concat(large.values()), one.kind == "proportion", [whole])
    grid = st.grid(2, min_column_width=330, gap="medium")
    for name, rows in large.items():
        with grid.cell():
            by = PEOPLE[name]
            st.header(f"By {by}", anchor=False)
            said = finding(one, rows)
            st.markdown(f"**{said}**")
            if rows.is_empty():
                continue
            figures.chart(
                intervals.draw(
                    rows.with_columns(organisation=pl.col("category"), organisation_name=pl.col("label")),
                    figures.palette(),
                    unit=wording.axis_title(one, counted).capitalize(),
                    proportion=one.kind == "proportion",
                    texts=[wording.value(one, value, counted) for value in rows["value"]],
                    average=(whole, f"Everyone: {everyone}"),
                    span=shared,
                ),
                f"{one.short_title} by {by}, {chosen['name']}, {span}. {said} The table has each.",
                key=f"groups-{name}",
            )
            if splits[name].note:
                note(splits[name].note)
    _table(one, counted, splits, parts, span)
    taken = pl.concat(
        [rows.with_columns(by=pl.lit(splits[name].title)) for name, rows in parts.items()]
    ).with_columns(organisation=pl.lit(chosen["code"]), organisation_name=pl.lit(chosen["name"]))
    take_away.offer(taken_away.with_definition(one, taken, level), f"{one.id}-by-group-{chosen['code']}")


def _large(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("numerator") >= FEW).drop_nulls("value")


def _table(
    one: Indicator,
    counted: bool,
    splits: dict[str, Breakdown],
    parts: dict[str, pl.DataFrame],
    span: str,
) -> None:
    st.header(f"The figures, {span}", anchor=False)
    rows = pl.concat([part.with_columns(by=pl.lit(name)) for name, part in parts.items()])
    st.table(
        pl.DataFrame(
            {
                "By": [PEOPLE[name].capitalize() for name in rows["by"]],
                "Group": [label.replace(".", "\\.") for label in rows["label"]],
                "Rate": [wording.value(one, v, counted) for v in rows["value"]],
                "95% interval": [
                    wording.interval(one, low, high)
                    for low, high in rows.select("lower", "upper").iter_rows()
                ],
                one.numerator_title: [wording.number(v, 0) for v in rows["numerator"]],
                one.denominator_title or "Denominator": [
                    # Where care is given there are no people to divide by: not a figure that is missing.
                    "–" if v is None else wording.number(v, 0 if v >= 100 or float(v).is_integer() else None)
                    for v in rows["denominator"]
                ],
                f"[Read it](#{about.ANCHOR})": [
                    "with care: few" if (v or 0) < FEW else "–" for v in rows["numerator"]
                ],
            }
        ),
        border="horizontal",
        hide_index=True,
        alt=f"{one.short_title} by group of people, {span}",
    )


def finding(one: Indicator, large: pl.DataFrame) -> str:
    """Say how far apart the ends are, and whether chance could have done it."""
    known = large.filter(pl.col("category") != NOT_KNOWN)
    if known.height < 2:
        return "There are too few events in all but one group to compare them."
    low = known.sort("value").row(0, named=True)
    high = known.sort("value").row(-1, named=True)
    far = (
        f"{(high['value'] - low['value']) * 100:.1f} points apart"
        if one.kind == "proportion"
        else f"{high['value'] / low['value']:.1f} times as high"
        if low["value"]
        else "far apart"
    )
    if far == "1.0 times as high":
        far = "about as high as the second"
    apart = low["upper"] is not None and high["lower"] is not None and low["upper"] < high["lower"]
    chance = "more than chance alone gives" if apart else "which chance alone could give"
    if low["upper"] is None:
        chance = "with no interval to tell it from chance"
    them = "They are" if one.kind == "proportion" else "The first is"
    ends = [f"{row['label']} ({wording.value(one, row['value'])})" for row in (high, low)]
    return f"Highest: {ends[0]}. Lowest: {ends[1]}. {them} {far}, {chance}."
