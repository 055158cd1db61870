"""Who reported in each month and who did not; what England's figure rests on; a fixed panel beside it."""

from collections.abc import Sequence
from datetime import date

import polars as pl
import streamlit as st

from dashboard import covered, glossary, queries, wording
from dashboard.charts import coverage as charts
from dashboard.panels import choices, figures
from dashboard.panels.quiet import note
from dashboard.panels.view import View
from metrics import coverage as measure
from metrics.indicator import Indicator

SHOWN = 40
GRID = 760
"""Pixels: marks further apart are not read as a row."""
WORDS = "what-the-words-mean"
NEW_YEAR = 4
"""The month in which a year of the NHS begins."""


def show() -> None:
    """Show the coverage page."""
    edition = choices.edition()
    held = queries.organisations(edition)
    heading = st.container()
    first, second, third, fourth = st.columns([2, 4, 3, 3])
    with first:
        level = choices.level(held, usual="provider")
    ids = queries.indicators_with_figures(edition, level)
    if not ids:
        heading.title("Coverage", anchor=False)
        st.markdown("There are no figures at this level yet.")
        return
    with second:
        one = choices.indicator(ids)
    # Last, for it is not always there and would leave a hole.
    with fourth:
        basis = choices.basis(queries.bases_of(edition, level, one.id))
    year = third.container()
    heading.title(
        f"Coverage: {one.short_title}", anchor=False, help=glossary.explain("coverage", "fixed panel")
    )
    body = st.container()
    known = choices.known_on()
    cells = covered.matrix(edition, one.id, basis, level, known)
    with body:
        if cells.is_empty():
            st.markdown("Nothing was known of this measure at this level.")
            return
        with year:
            start, end = _year(cells)
        months = covered.by_month(edition, one.id, basis, level, known)
        of_year = pl.col("period").is_between(start, end)
        _matrix(one, level, cells.filter(of_year), months.filter(of_year))
        _by_month(level, months.filter(of_year))
        _panel(edition, one, basis, (start, end), known)
        _words(one)


def beside(view: View, lines: pl.DataFrame) -> None:
    """Say beside England's or a region's figure how many organisations it rests on."""
    if said := covered.rests_on(view.indicator, lines):
        note(said)


def of_measures(measures: Sequence[Indicator], lines: pl.DataFrame) -> None:
    """Say how many organisations the figures of a summary rest on, of those that say so."""
    said = [
        f"**{one.short_title}.** {rests}"
        for one in measures
        if (rests := covered.rests_on(one, lines.filter(pl.col("indicator") == one.id)))
    ]
    if said:
        note(" ".join(said))


def _year(cells: pl.DataFrame) -> tuple[date, date]:
    """Choose one of the years held, April to March, the newest first; give its first and last month."""
    begun = {month.year - (month.month < NEW_YEAR) for month in cells["period"].unique()}
    titles = {str(year): f"April {year} to March {year + 1}" for year in sorted(begun, reverse=True)}
    year = int(choices.choose("Year", titles, "year"))
    return date(year, NEW_YEAR, 1), date(year + 1, NEW_YEAR - 1, 1)


def opening(level: str, months: pl.DataFrame, listed: pl.DataFrame) -> str:
    """Say who reported in the newest month held, and how many have no gap in the year."""
    held = months.drop_nulls("share")
    if held.is_empty():
        return "No figures of this year are held."
    row = held.row(-1, named=True)
    without = listed.filter(pl.col("gaps") == 0).height
    whose = wording.so_many(row["expected"], level)
    share = wording.percent(row["share"])
    some = whose if level == "england" else f"{row['reported']:,} of {whose} ({share})"
    every = "a figure in every month of the year that was expected"
    whole = {0: "None has", 1: "1 has"}.get(without, f"{without:,} of {listed.height:,} have")
    return f"**{some} reported in {wording.month(row['period'])}.** {whole} {every}."


def _matrix(one: Indicator, level: str, cells: pl.DataFrame, months: pl.DataFrame) -> None:
    listed = covered.gaps_first(cells)
    st.markdown(opening(level, months, listed))
    if listed.is_empty():
        return
    st.header("Who has gaps, month by month", anchor=False)
    shown = listed.filter(pl.col("gaps") > 0).head(SHOWN)
    if shown.is_empty():
        st.markdown("Nobody: every figure that was expected is there.")
    else:
        _grid(one, listed, shown, cells)
    st.download_button(
        "Download every organisation and month as CSV",
        cells.write_csv().encode("utf-8-sig"),
        file_name=f"coverage-{one.id}-{level}.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _grid(one: Indicator, listed: pl.DataFrame, shown: pl.DataFrame, cells: pl.DataFrame) -> None:
    codes = shown["organisation"].to_list()
    drawn = cells.filter(pl.col("organisation").is_in(codes))
    gaps = listed.filter(pl.col("gaps") > 0).height
    first = f"The {SHOWN} with most gaps, of {gaps:,}, are drawn. " if gaps > SHOWN else ""
    note(f"{first}The other {listed.height - gaps:,} have none. All {listed.height:,} are in the download.")
    there = set(drawn["state"])
    concerning = [state for state, mark in covered.MARKS.items() if not mark.good]
    figures.key(
        *(
            (mark.symbol, mark.words, _colour(state))
            for state, mark in covered.MARKS.items()
            if state in there
        )
    )
    figures.chart(
        charts.grid(
            drawn,
            codes,
            {state: (mark.symbol, mark.words) for state, mark in covered.MARKS.items()},
            concerning,
            figures.palette(),
        ),
        _alt(one, drawn, len(codes)),
        key="coverage",
        width=GRID,
    )
    with st.expander("The same as a table, a letter for each month"):
        note(". ".join(f"**{mark.letter}** {mark.words.lower()}" for mark in covered.MARKS.values()) + ".")
        _letters(shown, drawn)


def _colour(state: str) -> str:
    if state == measure.NOT_EXPECTED:
        return "gray"
    return "blue" if covered.MARKS[state].good else "orange"


def _alt(one: Indicator, drawn: pl.DataFrame, count: int) -> str:
    counts = dict(drawn.group_by("state").len().iter_rows())
    said = [
        f"{mark.words.lower()} {counts[state]:,}" for state, mark in covered.MARKS.items() if state in counts
    ]
    return (
        f"Grid of {wording.counted_as(count, 'organisation')} by "
        f"{wording.counted_as(drawn['period'].n_unique(), 'month')} for {one.short_title}: "
        f"{wording.listing(said)}. The table below says the same, a letter a month."
    )


def _letters(shown: pl.DataFrame, drawn: pl.DataFrame) -> None:
    letters = {state: mark.letter for state, mark in covered.MARKS.items()}
    wide = (
        drawn.with_columns(
            pl.col("state").replace_strict(letters), month=pl.col("period").dt.strftime("%b %y")
        )
        .sort("period")
        .pivot("month", index="organisation", values="state")
    )
    name = pl.coalesce("organisation_name", "organisation")
    table = shown.join(wide, on="organisation", maintain_order="left").select(
        pl.format("{} ({})", name, "organisation").alias(f"[Organisation](#{WORDS})"),
        pl.exclude("organisation", "organisation_name", "gaps"),
    )
    st.table(table, border="horizontal", hide_index=True, alt="State of each organisation's figure by month")


def _by_month(level: str, months: pl.DataFrame) -> None:
    st.header("The share that reported", anchor=False)
    rows = months.to_dicts()
    columns = {
        "Month": [wording.month(row["period"]) for row in rows],
        "Expected": [f"{row['expected']:,}" for row in rows],
        "Reported": [f"{row['reported']:,}" for row in rows],
        "Not reported": [f"{row['not_reported']:,}" for row in rows],
        "Missing": [f"{row['missing']:,}" for row in rows],
        "Share": ["–" if row["share"] is None else wording.percent(row["share"]) for row in rows],
        f"[Verdict](#{WORDS})": [covered.VERDICTS[row["verdict"]] for row in rows],
    }
    if months["england_expected"].count():
        columns["England’s figure rests on"] = [
            "–"
            if row["england_expected"] is None
            else f"{row['england_reporting']:,.0f} of {row['england_expected']:,.0f} "
            f"({wording.percent(row['england_share'])})"
            for row in rows
        ]
    alt = f"How many {wording.many(level)} reported in each month"
    st.table(pl.DataFrame(columns), border="horizontal", hide_index=True, alt=alt)


def _panel(edition: str, one: Indicator, basis: str, window: tuple[date, date], known: date | None) -> None:
    """England beside the providers that reported throughout, so that who reports is not taken for change."""
    rows = covered.panel(edition, one.id, basis, *window, known)
    if rows.height < 2:
        return
    st.header("A fixed panel beside England’s figure", anchor=False)
    size, low, high = rows["organisations"][0], rows["share"].min(), rows["share"].max()
    behind = one.denominator_title[:1].lower() + one.denominator_title[1:]
    least, most = wording.percent(low), wording.percent(high)
    part = least if least == most else f"{least} to {most}"
    st.markdown(
        f"England’s figure rests on whoever reported in each month. **{size:,} providers reported in "
        "every month "
        f"from {wording.month(rows['period'].min())} to {wording.month(rows['period'].max())}**; "
        f"together they have {part} of England’s {behind}. Where the two lines move apart, who reported "
        "has changed and not only care."
    )
    percent = one.kind == "proportion"
    names = ("England", f"The same {size:,} providers")
    apart = (rows["value"] - rows["whole_value"]).abs().max()
    figures.key(("circle", f"{names[0]}, solid line", "blue"), ("diamond", f"{names[1]}, dashed", "gray"))
    figures.chart(
        charts.panel(rows, names, wording.axis_title(one, counted=False), percent, figures.palette()),
        f"Two lines from {wording.month(rows['period'].min())} to "
        f"{wording.month(rows['period'].max())}: England "
        f"and a fixed panel of {size} providers, at most {wording.size(one, apart)} apart. The table "
        "below has "
        "both.",
        key="panel",
    )
    said = rows.to_dicts()
    table = {
        "Month": [wording.month(row["period"]) for row in said],
        "England": [wording.value(one, row["whole_value"]) for row in said],
        "Fixed panel": [wording.value(one, row["value"]) for row in said],
        f"[Panel’s share](#{WORDS})": [wording.percent(row["share"]) for row in said],
    }
    st.table(pl.DataFrame(table), border="horizontal", hide_index=True, alt="England and the fixed panel")


def _words(one: Indicator) -> None:
    st.header("What the words mean", anchor=WORDS)
    lines = [f"- **{mark.words}** ({mark.letter}): {mark.meaning}" for mark in covered.MARKS.values()]
    lines.append(
        "- **Expected**: from its first figure on, until it closed or had been silent for "
        f"{measure.STOPPED_AFTER} "
        "months. No publication lists who should report."
    )
    lines.append(
        f"- **Insufficient data**: under {wording.percent(one.least_reporting, 0)} of those expected "
        "reported, and "
        "no verdict rests on such a month."
    )
    lines.append("- **Panel’s share**: of the count behind England’s figure, the part that is the panel’s.")
    st.markdown("\n".join(lines))
