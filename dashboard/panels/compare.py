"""Organisations of one level compared fairly on one measure: funnel, ranked intervals, spread over time."""

from datetime import date

import polars as pl
import streamlit as st

from dashboard import compared, glossary, queries, wording
from dashboard.panels import about, address, choices, compare_charts, compare_table
from dashboard.panels.compare_charts import VIEWS
from dashboard.panels.comparison import Comparison
from dashboard.panels.quality import months_before

SPANS = {"3": "Three months", "1": "One month", "12": "Twelve months"}
PEERS, WITHIN, TO, SPAN, VIEW, PART = "peers", "within", "month", "months", "chart", "part"
LEVELS = ("system", "provider", "place", "neighbourhood", "ambulance_service", "region")
ALL = "all"


def show() -> None:
    """Show the page that compares organisations."""
    edition = choices.edition()
    held = queries.organisations(edition)
    heading = st.container()
    top = st.columns([3, 5, 4, 4])
    more = st.expander("Choose whom to point out, months, or a part of the measure")
    with top[0]:
        level = choices.level(held, among=LEVELS, usual="system")
    with top[1]:
        one = choices.indicator(queries.indicators_with_figures(edition, level))
    heading.title(f"{wording.LEVELS[level][1]} compared: {one.short_title}", anchor=False)
    with top[3]:
        view = choices.choose("Chart shows", VIEWS, VIEW, help=glossary.explain("funnel", "interval"))
    first_row, second_row = more.columns([6, 3, 3]), more.columns([6, 6])
    # Last, for it is not always there and would leave a hole.
    with second_row[1]:
        basis = choices.basis(queries.bases_of(edition, level, one.id))
    with top[2]:
        inside = within(edition, held, level, basis)
    with second_row[0]:
        part = _part(edition, one.id, level, basis)
    body = st.container()
    known = choices.known_on()
    periods = compared.months(edition, one.id, level, basis, known, part)
    if not periods:
        body.markdown("There are no figures to compare here. Choose another measure, level or day.")
        return
    with first_row[1]:
        to = {f"{month:%Y-%m}": wording.month(month) for month in periods}
        last = date.fromisoformat(f"{choices.choose('Up to', to, TO)}-01")
    with first_row[2]:
        span = int(choices.choose("Months pooled", SPANS, SPAN, help=glossary.explain("pooled figure")))
    first = months_before(last, span - 1)
    rows = compared.side_by_side(edition, one.id, level, basis, first, last, inside, known, part)
    with first_row[0]:
        peers = _peers(rows)
    chosen = Comparison(
        edition=edition, one=one, level=level, basis=basis, inside=inside, known=known, part=part,
        peers=peers, first=first, last=last, rows=rows,
    )  # fmt: skip
    with body:
        if rows["value"].null_count() == rows.height:
            st.markdown("No organisation has a usable figure in these months.")
        else:
            compare_charts.show(view, chosen)
        compare_table.show(chosen)
    about.show(one)


def within(edition: str, held: pl.DataFrame, level: str, basis: str) -> str | None:
    """Choose a region (or system) to stay within; None is everywhere."""
    larger = [name for name in ("region", "system") if name != level]
    here = held.filter(
        pl.col("level").is_in(larger),
        pl.col("bases").list.contains(basis),
        pl.col("code") != wording.UNATTRIBUTED,
    )
    options = {ALL: "Everywhere"} | {row["code"]: row["name"] for row in here.iter_rows(named=True)}
    chosen = choices.choose("Only within", options, WITHIN)
    return None if chosen == ALL else chosen


def _part(edition: str, indicator: str, level: str, basis: str) -> str:
    """Choose the whole measure or one part of it; no box where there are no parts."""
    options = compared.parts(edition, indicator, level, basis)
    if len(options) == 1:
        address.settle(PART, None)
        return compared.WHOLE
    return choices.choose("Compare on", options, PART)


def _peers(rows: pl.DataFrame) -> tuple[str, ...]:
    """Choose organisations to point out, kept in the address by their codes."""
    names = dict(rows.select("organisation", "organisation_name").sort("organisation_name").iter_rows())
    asked = [code for code in address.view().get(PEERS, "").split(",") if code in names]
    here = address.view().get(address.ORGANISATION)
    if PEERS not in address.view() and here in names:
        asked = [here]
    st.session_state[PEERS] = asked
    chosen = st.multiselect(
        "Point out",
        list(names),
        key=PEERS,
        format_func=lambda code: names.get(code) or code,
        placeholder="Organisations to point out",
        on_change=lambda: address.chose(PEERS, ",".join(st.session_state[PEERS]) or "-"),
    )
    address.settle(PEERS, address.view().get(PEERS) and ",".join(chosen))
    return tuple(chosen)
