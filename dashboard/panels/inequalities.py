"""Inequality: one measure by deprivation, age, sex or ethnic group, at one organisation."""

import polars as pl
import streamlit as st

from dashboard import neighbourhoods, queries, wording
from dashboard.charts import comparing
from dashboard.panels import about, choices, figures
from dashboard.panels.quiet import note
from metrics.compared import caution
from metrics.indicator import Indicator
from metrics.people import NOT_KNOWN

SPLIT = "by"
PEOPLE = ("deprivation_quintile", "age_band", "ethnic_group", "sex")
"""Breakdowns that are about people, the usual first."""

FEW = 10
"""Events under which a figure is said to be too small to read anything into."""

LEVELS = ("place", "neighbourhood", "system", "region", "england", "provider")


def show() -> None:
    """Show one measure by groups of people."""
    edition = choices.edition()
    held = queries.organisations(edition)
    heading = st.container()
    boxes = st.columns([3, 5, 5, 4])
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
    heading.title(f"{chosen['name']}: {one.short_title}, by group", anchor=False)
    have = queries.breakdowns(edition, level, code, one.id)
    titles = {each.name: each.title for each in one.breakdowns if each.name in have}
    options = {name: titles[name] for name in PEOPLE if name in titles}
    if not options:
        st.markdown(
            "This measure has no figures by group of people here. Published figures have none; local records "
            "have them wherever a feed carries age, sex, ethnic group or the area where people live."
        )
        about.show(one)
        return
    with boxes[3]:
        split = choices.choose("Groups", options, SPLIT)
    body = st.container()
    known = choices.known_on()
    rows = neighbourhoods.by_part(edition, one.id, level, code, "local", split, known)
    with body:
        if rows.is_empty():
            st.markdown("There are no usable months for these groups.")
        else:
            _drawn(one, level, rows, options[split], chosen["name"])
    about.show(one)


def _drawn(one: Indicator, level: str, rows: pl.DataFrame, title: str, name: str) -> None:
    counted = level in wording.PLACES_OF_CARE
    large = rows.filter(pl.col("numerator") >= FEW).drop_nulls("value")
    said = _finding(one, large)
    st.markdown(f"**{said}**")
    figure = comparing.ranked(
        rows.with_columns(
            organisation=pl.col("category"),
            organisation_name=pl.col("label"),
            average=pl.lit(None, pl.Float64),
        ).reverse(),
        figures.palette(),
        unit=wording.unit_of(one, counted),
        proportion=one.kind == "proportion",
        in_order=False,
    )
    span = f"{wording.month(rows['first'][0])} to {wording.month(rows['last'][0])}"
    figures.chart(
        figure,
        f"{one.short_title} by {title.lower()}, {name}, {span}. {said} The table has each.",
        key="groups",
    )
    note(
        f"{span}, both sides summed and divided once. The line through each mark is its 95% interval. "
        f"Not adjusted for age or anything else. {caution(one)}"
    )
    split = next(each for each in one.breakdowns if each.title == title)
    if split.note:
        note(split.note)
    st.table(
        pl.DataFrame(
            {
                title: rows["label"],
                "Value": [wording.value(one, v, counted) for v in rows["value"]],
                "95% interval": [
                    wording.interval(one, low, high)
                    for low, high in rows.select("lower", "upper").iter_rows()
                ],
                one.numerator_title: [wording.number(v, 0) for v in rows["numerator"]],
                one.denominator_title or "Denominator": [
                    wording.number(v, 0 if (v or 0) >= 100 else None) for v in rows["denominator"]
                ],
                f"[Read it](#{about.ANCHOR})": [
                    "with care: few" if (v or 0) < FEW else "–" for v in rows["numerator"]
                ],
            }
        ),
        border="horizontal",
        hide_index=True,
        alt=f"{one.short_title} by {title.lower()}, {span}",
    )
    st.download_button(
        "Download as CSV",
        rows.with_columns(pl.lit(one.title).alias("measure"), pl.lit(one.source).alias("definition_source"))
        .write_csv()
        .encode("utf-8-sig"),
        file_name=f"{one.id}-by-{split.name}.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _finding(one: Indicator, large: pl.DataFrame) -> str:
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
    apart = low["upper"] is not None and high["lower"] is not None and low["upper"] < high["lower"]
    chance = "more than chance alone gives" if apart else "which chance alone could give"
    if low["upper"] is None:
        chance = "with no interval to tell it from chance"
    them = "They are" if one.kind == "proportion" else "The first is"
    ends = [f"{row['label']} ({wording.value(one, row['value'])})" for row in (high, low)]
    return f"Highest: {ends[0]}. Lowest: {ends[1]}. {them} {far}, {chance}."
