"""Organisations of one level compared fairly on one measure: funnel, ranked intervals, spread over time."""

from datetime import date

import polars as pl
import streamlit as st

from dashboard import compared, queries, wording
from dashboard.charts import comparing
from dashboard.panels import about, address, choices, figures, take_away
from dashboard.panels.quality import months_before
from dashboard.panels.quiet import note
from metrics.compared import NOTE, caution, why_not
from metrics.indicator import Indicator

FUNNEL, RANKED, SPREAD = "funnel", "ranked", "spread"
VIEWS = {FUNNEL: "Funnel", RANKED: "Ranked, with intervals", SPREAD: "Spread over time"}
SPANS = {"1": "One month", "3": "Three months", "12": "Twelve months"}
PEERS, WITHIN, TO, SPAN, VIEW = "peers", "within", "month", "months", "chart"
LEVELS = ("system", "provider", "place", "neighbourhood", "ambulance_service", "region")
RANKED_AT_MOST = 60
ALL = "all"


def show() -> None:
    """Show the page that compares organisations."""
    edition = choices.edition()
    held = queries.organisations(edition)
    heading = st.container()
    top = st.columns([3, 5, 4, 3])
    more = st.expander("Choose months, area and whom to point out")
    with top[0]:
        level = choices.level(held, among=LEVELS, usual="system")
    with top[1]:
        one = choices.indicator(queries.indicators_with_figures(edition, level))
    # Last, for it is not always there and would leave a hole.
    with top[3]:
        basis = choices.basis(queries.bases_of(edition, level, one.id))
    heading.title(f"{wording.LEVELS[level][1]} compared: {one.short_title}", anchor=False)
    with top[2]:
        view = choices.choose("Chart shows", VIEWS, VIEW)
    boxes = more.columns([3, 3, 4, 6])
    with boxes[2]:
        inside = within(edition, held, level, basis)
    body = st.container()
    known = choices.known_on()
    periods = compared.months(edition, one.id, level, basis, known)
    if not periods:
        body.markdown("There are no figures to compare here. Choose another measure, level or day.")
        return
    with boxes[0]:
        to = {f"{month:%Y-%m}": wording.month(month) for month in periods}
        last = date.fromisoformat(f"{choices.choose('Up to', to, TO)}-01")
    with boxes[1]:
        span = int(choices.choose("Months pooled", {"3": SPANS["3"], **SPANS}, SPAN))
    first = months_before(last, span - 1)
    rows = compared.side_by_side(edition, one.id, level, basis, first, last, inside, known)
    with boxes[3]:
        peers = _peers(rows)
    with body:
        if rows["value"].null_count() == rows.height:
            st.markdown("No organisation has a usable figure in these months.")
        elif view == SPREAD:
            _spread(edition, one, level, basis, inside, known, peers)
        else:
            _drawn(view, one, level, rows, peers)
        _table(one, level, rows, peers, first, last)
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


def _drawn(view: str, one: Indicator, level: str, rows: pl.DataFrame, peers: tuple[str, ...]) -> None:
    counted = level in wording.PLACES_OF_CARE
    unit, proportion = wording.unit_of(one, counted), one.kind == "proportion"
    reason = why_not(one, level)
    if view == FUNNEL and reason:
        st.markdown(f"There is no funnel here: {reason.split(': ', 1)[-1].replace(one.id, 'this measure')}.")
        return
    st.markdown(_finding(one, level, rows))
    if view == FUNNEL:
        figure = comparing.funnel(
            rows,
            figures.palette(),
            unit=unit,
            size=one.denominator_title,
            proportion=proportion,
            chosen=peers,
        )
        how = (
            "How to read it: each mark is an organisation, the larger the further right. Between the lines "
            "is what chance and ordinary differences give. A triangle is outside them."
        )
    else:
        shown = rows.drop_nulls("value")
        left_out = max(0, shown.height - RANKED_AT_MOST)
        if left_out:
            ends = RANKED_AT_MOST // 2
            middle = shown.filter(pl.col("organisation").is_in(peers))
            shown = pl.concat([shown.head(ends), middle, shown.tail(ends)]).unique("organisation")
        figure = comparing.ranked(shown, figures.palette(), unit=unit, proportion=proportion, chosen=peers)
        how = (
            "How to read it: the line through each mark is its 95% interval. Where intervals overlap much, "
            "the order says little."
        )
        if left_out:
            how += f" {left_out} in the middle are in the table alone."
    figures.chart(figure, f"{VIEWS[view]}. {_alt(one, level, rows)}", key="compare")
    note(f"{how} {NOTE}. {caution(one)}")


def _finding(one: Indicator, level: str, rows: pl.DataFrame) -> str:
    """Say in one sentence how many stand apart from the rest."""
    judged = rows.drop_nulls("position")
    if judged.is_empty():
        return f"{rows.drop_nulls('value').height} {wording.LEVELS[level][1].lower()} have a figure."
    high = judged.filter(pl.col("position") == "above_998").height
    low = judged.filter(pl.col("position") == "below_998").height
    good, bad = (high, low) if one.better == "higher" else (low, high)
    average = wording.value(one, judged["average"][0], level in wording.PLACES_OF_CARE)
    phi = judged["phi"][0]
    apart = (
        f" They differ {'no more than chance alone would give' if phi <= 1 else 'by more than chance alone'}"
        f" (dispersion {phi:.1f}; 1 is chance), and the limits allow for it."
    )
    return (
        f"**Of {judged.height} {wording.LEVELS[level][1].lower()}, {good} stand clearly better than the "
        f"average of {average} and {bad} clearly worse.**{apart}"
    )


def _alt(one: Indicator, level: str, rows: pl.DataFrame) -> str:
    usable = rows.drop_nulls("value")
    counted = level in wording.PLACES_OF_CARE
    low, high = usable.row(0, named=True), usable.row(-1, named=True)
    return (
        f"{one.short_title} of {usable.height} {wording.LEVELS[level][1].lower()}, from "
        f"{wording.value(one, low['value'], counted)} ({low['organisation_name']}) to "
        f"{wording.value(one, high['value'], counted)} ({high['organisation_name']}). "
        f"{_finding(one, level, rows).replace('**', '')} The table below has every one."
    )


def _spread(
    edition: str,
    one: Indicator,
    level: str,
    basis: str,
    within: str | None,
    known: date | None,
    peers: tuple[str, ...],
) -> None:
    months = compared.over_time(edition, one.id, level, basis, within, known)
    lines = compared.of_some(edition, one.id, level, basis, peers, known)
    counted = level in wording.PLACES_OF_CARE
    newest = months.row(-1, named=True)
    middle, low, high = (wording.value(one, newest[q], counted) for q in ("q50", "q25", "q75"))
    said = (
        f"In {wording.month(newest['period'])} half of {newest['organisations']} "
        f"{wording.LEVELS[level][1].lower()} were between {low} and {high}; the one in the middle was at "
        f"{middle}."
    )
    st.markdown(f"**{said}**")
    figures.chart(
        comparing.spread(
            months,
            lines,
            figures.palette(),
            unit=wording.unit_of(one, counted),
            proportion=one.kind == "proportion",
        ),
        f"Spread over time. {said} From {wording.month(months['period'][0])}, {months.height} months.",
        key="compare",
    )
    note("How to read it: the dark band holds the middle half of organisations, the pale one four fifths.")
    with st.expander("The same as a table"):
        newest_first = months.sort("period", descending=True).head(24)
        st.table(
            pl.DataFrame(
                {
                    "Month": [wording.month(period) for period in newest_first["period"]],
                    "Organisations": [str(many) for many in newest_first["organisations"]],
                    "A tenth below": [wording.value(one, v, counted) for v in newest_first["q10"]],
                    "A quarter below": [wording.value(one, v, counted) for v in newest_first["q25"]],
                    "Median": [wording.value(one, v, counted) for v in newest_first["q50"]],
                    "A quarter above": [wording.value(one, v, counted) for v in newest_first["q75"]],
                    f"[A tenth above](#{about.ANCHOR})": [
                        wording.value(one, v, counted) for v in newest_first["q90"]
                    ],
                }
            ),
            border="horizontal",
            hide_index=True,
            alt="Spread of organisations by month, newest first",
        )


def _table(
    one: Indicator, level: str, rows: pl.DataFrame, peers: tuple[str, ...], first: date, last: date
) -> None:
    """Show every organisation, those pointed out first, and offer the rows exactly as shown."""
    counted = level in wording.PLACES_OF_CARE
    months = wording.month(first) if first == last else f"{wording.month(first)} to {wording.month(last)}"
    st.header(f"The figures, {months}", anchor=False)
    best = rows.sort("value", descending=one.better == "higher", nulls_last=True)
    ordered = best.sort(~pl.col("organisation").is_in(peers), maintain_order=True)
    places = [compared.position(name) for name in ordered["position"]]
    st.table(
        pl.DataFrame(
            {
                wording.LEVELS[level][0]: [
                    f"◆ {name}" if code in peers else name
                    for code, name in ordered.select("organisation", "organisation_name").iter_rows()
                ],
                "Value": [wording.value(one, v, counted) for v in ordered["value"]],
                "95% interval": [
                    wording.interval(one, low, high)
                    for low, high in ordered.select("lower", "upper").iter_rows()
                ],
                one.numerator_title: [wording.number(v, 0) for v in ordered["numerator"]],
                one.denominator_title or "Denominator": [
                    wording.number(v, 0) for v in ordered["denominator"]
                ],
                f"[In the funnel](#{about.ANCHOR})": [
                    f"{mark} {words}".replace(" ", "\N{NO-BREAK SPACE}") for mark, words in places
                ],
                "Months left out": [why or "–" for why in ordered["why"]],
            }
        ),
        border="horizontal",
        hide_index=True,
        alt=f"{one.short_title} of {wording.LEVELS[level][1].lower()}, {months}",
        height=620 if ordered.height > 18 else "content",
    )
    taken = compared.with_definition(
        one, ordered.with_columns(pl.lit(first).alias("from"), pl.lit(last).alias("to"))
    )
    take_away.offer(taken, f"{one.id}-{level}-{last:%Y-%m}")
