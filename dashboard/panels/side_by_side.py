"""A place's neighbourhoods side by side: each target's standing, and one measure among all neighbourhoods."""

from datetime import UTC, date, datetime

import polars as pl
import streamlit as st

from dashboard import compared, neighbourhoods, queries, wording, workbook
from dashboard.charts import comparing
from dashboard.neighbourhoods import LEVEL
from dashboard.panels import about, choices, figures, heat_map, what_it_takes
from dashboard.panels.quiet import note
from dashboard.workbook import Sheet
from metrics.compared import caution
from metrics.indicator import Indicator
from metrics.indicators import all_indicators

WHOLES = ("place", "system", "region", "england")
NONE = (
    "There are no figures by neighbourhood here. They come from local records, placed by the practice where "
    "people are registered: no published file gives them."
)


def show() -> None:
    """Show the neighbourhoods of a chosen place."""
    edition = choices.edition()
    held = queries.organisations(edition)
    heading = st.container()
    boxes = st.columns([3, 6, 6])
    with boxes[0]:
        level = choices.level(held, among=WHOLES, usual="place")
    with boxes[1]:
        chosen = choices.organisation(held, level)
    title = "Neighbourhoods side by side"
    heading.title(title if chosen is None else f"{chosen['name']}: {title.lower()}", anchor=False)
    codes = neighbourhoods.of_place(edition, level, chosen["code"]) if chosen else []
    if chosen is None or not codes:
        st.markdown(NONE)
        return
    with boxes[2]:
        one = choices.indicator(queries.indicators_with_figures(edition, LEVEL))
    body = st.container()
    known = choices.known_on()
    with body:
        rows = compared.standings_of(edition, LEVEL, "local", known)
        targets = [each for each in choices.in_order(all_indicators()) if each.role == "target"]
        mine = rows.filter(pl.col("organisation").is_in(codes)) if rows.height else rows
        shown = [] if mine.is_empty() else [each for each in targets if each.id in set(mine["indicator"])]
        if shown:
            heat_map.table(LEVEL, shown, mine, heat_map.BY_NAME)
        _one(edition, one, codes, known)
        take_away(edition, chosen["name"], chosen["code"], codes, one, shown, mine, known)
    about.show(one)
    heat_map.what_words_mean()


def _one(edition: str, one: Indicator, codes: list[str], known: date | None) -> None:
    """Set the neighbourhoods among all neighbourhoods on one measure, over twelve months."""
    months = compared.months(edition, one.id, LEVEL, "local", known)
    if not months:
        return
    rows = neighbourhoods.beside(edition, one.id, LEVEL, "local", months[0], known)
    st.header(f"{one.short_title}: among all neighbourhoods", anchor=False)
    mine = rows.filter(pl.col("organisation").is_in(codes)).sort("rank", nulls_last=True)
    said = _finding(one, mine)
    st.markdown(f"**{said}**")
    around = rows.filter(pl.col("organisation").is_in(codes) | pl.col("rank").is_between(0, 60))
    figures.chart(
        comparing.ranked(
            around if around.height <= 60 else mine,
            figures.palette(),
            unit=wording.unit_of(one, False),
            proportion=one.kind == "proportion",
            chosen=codes,
        ),
        f"Neighbourhoods in order of {one.short_title.lower()} over twelve months to "
        f"{wording.month(months[0])}, with 95% intervals; these are pointed out. {said} The table has each.",
        key="among all",
    )
    note(
        f"Twelve months to {wording.month(months[0])}, both sides summed and divided once. Filled diamonds "
        f"are the neighbourhoods here. Where intervals overlap much, the order says little. {caution(one)}"
    )
    st.table(
        pl.DataFrame(
            {
                "Neighbourhood": mine["organisation_name"],
                "Value": [wording.value(one, v) for v in mine["value"]],
                "95% interval": [
                    wording.interval(one, low, high)
                    for low, high in mine.select("lower", "upper").iter_rows()
                ],
                f"[Among all](#{about.ANCHOR})": [
                    "–" if rank is None else f"{int(rank)} of {of}"
                    for rank, of in mine.select("rank", "of").iter_rows()
                ],
                "On the year before": [_step(one, row) for row in mine.iter_rows(named=True)],
                f"{one.denominator_title}, newest month": [
                    wording.number(v, 0 if (v or 0) >= 100 else None) for v in mine["newest_denominator"]
                ],
            }
        ),
        border="horizontal",
        hide_index=True,
        alt=f"{one.short_title} of each neighbourhood here, best first",
    )


def _finding(one: Indicator, mine: pl.DataFrame) -> str:
    ranked = mine.drop_nulls("rank")
    if ranked.is_empty():
        return "No neighbourhood here has twelve months of figures yet."
    best, worst = ranked.row(0, named=True), ranked.row(-1, named=True)
    if ranked.height == 1:
        return f"{best['organisation_name']} is {int(best['rank'])} of {best['of']}, counted from the best."
    return (
        f"Counted from the best, {best['organisation_name']} is {int(best['rank'])} and "
        f"{worst['organisation_name']} is {int(worst['rank'])} of {best['of']} neighbourhoods."
    )


def _step(one: Indicator, row: dict[str, float | None]) -> str:
    """Say how a value moved on the same twelve months a year before: better or worse, and by how much."""
    now, before = row["value"], row["before"]
    if now is None or before is None:
        return "–"
    step = now - before
    if step == 0:
        return "no change"
    better = (step > 0) == (one.better == "higher")
    return f"{'▲' if better else '▼'} {wording.size(one, step, now)} {'better' if better else 'worse'}"


def take_away(
    edition: str,
    name: str,
    code: str,
    codes: list[str],
    one: Indicator,
    shown: list[Indicator],
    standings: pl.DataFrame,
    known: date | None,
) -> None:
    """Offer this page's tables, and what the targets would take, as an accessible workbook."""

    def made() -> bytes:
        return book(edition, name, codes, one, shown, standings, known)

    st.header("Take the tables away", anchor=False)
    note("One workbook: standings, this measure, what the targets would take, and the definitions.")
    st.download_button(
        "Download as a workbook",
        made,
        file_name=f"neighbourhoods-{code}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        on_click="ignore",
    )


def book(
    edition: str,
    name: str,
    codes: list[str],
    one: Indicator,
    shown: list[Indicator],
    standings: pl.DataFrame,
    known: date | None,
) -> bytes:
    """Write the workbook of a place."""
    keys = ["organisation", "organisation_name"]
    measured = (
        pl.concat(
            [
                standings.filter(pl.col("indicator") == each.id).with_columns(
                    pl.lit(wording.numbered(each)).alias("measure"), pl.lit(each.unit).alias("unit")
                )
                for each in shown
            ]
        )
        if shown
        else pl.DataFrame()
    )
    sheets = []
    if measured.height:
        columns = ["measure", "unit", "latest_period", "latest_value", "target", "target_due", "path_now",
                   "gap", "gap_events", "status_words"]  # fmt: skip
        sheets.append(
            Sheet(
                "Standings",
                "Where each neighbourhood stands on each national target",
                ["A gap is told so that below zero is behind, whichever direction is better."],
                measured.select(*keys, *columns).sort("organisation_name", "measure"),
            )
        )
    months = compared.months(edition, one.id, LEVEL, "local", known)
    if months:
        rows = neighbourhoods.beside(edition, one.id, LEVEL, "local", months[0], known)
        figures_of = ["numerator", "denominator", "value", "lower", "upper", "rank", "of", "before"]
        sheets.append(
            Sheet(
                "One measure",
                f"{one.short_title}, twelve months to {wording.month(months[0])}, with 95% intervals",
                [
                    f"Numerator: {one.numerator_title}. Denominator: {one.denominator_title}.",
                    f"Unit: {one.unit}. {caution(one)}",
                ],
                rows.filter(pl.col("organisation").is_in(codes)).select(*keys, *figures_of),
            )
        )
    taken = neighbourhoods.takes(edition, tuple(codes), LEVEL, known)
    if taken.height:
        sheets.append(
            Sheet(
                "What it would take",
                "Events a year between the latest twelve months and the target",
                [what_it_takes.READ, what_it_takes.BEDS],
                what_it_takes.in_words(taken),
            )
        )
    sheets.append(Sheet("Definitions", "What each measure is", [], _definitions(shown or [one])))
    as_of = f"as known on {wording.day(known)}" if known else f"made on {wording.day(datetime.now(UTC))}"
    about_it = [f"National neighbourhood-health targets, {name}, {as_of}. From local records."]
    return workbook.write(
        f"Neighbourhoods of {name}", about_it, sheets, datetime.now(UTC).replace(tzinfo=None)
    )


def _definitions(shown: list[Indicator]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "measure": [wording.numbered(each) for each in shown],
            "version": [each.version for each in shown],
            "status": [wording.DEFINITION_STATUSES[each.definition_status][0] for each in shown],
            "what it is": [each.meaning for each in shown],
            "source": [each.source for each in shown],
        }
    )
