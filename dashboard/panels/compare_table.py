"""The tables of the page that compares organisations, and the rows to take away exactly as shown."""

import polars as pl
import streamlit as st

from dashboard import compared, insufficient, receipts, taken_away, wording
from dashboard.panels import about, address, take_away, tall
from dashboard.panels.comparison import Comparison
from dashboard.panels.quiet import note
from metrics.indicator import Indicator

NEWEST = 24
"""Months of the spread shown in its table; the rest go with the rows taken away."""


def show(chosen: Comparison) -> None:
    """Show every organisation, those pointed out first, and offer the rows exactly as shown."""
    one, level = chosen.one, chosen.level
    st.header(f"The figures, {chosen.months()}", anchor=False)
    ordered = chosen.best_first.sort(~pl.col("organisation").is_in(chosen.peers), maintain_order=True)
    places = [compared.position(name) for name in ordered["position"]]
    columns = {
        wording.LEVELS[level][0]: [
            f"◆ {name}" if code in chosen.peers else name
            for code, name in ordered.select("organisation", "organisation_name").iter_rows()
        ],
        "Value": [
            _with_receipt(chosen, code, value)
            for code, value in ordered.select("organisation", "value").iter_rows()
        ],
        "95% interval": [
            wording.interval(one, low, high) for low, high in ordered.select("lower", "upper").iter_rows()
        ],
        f"[In the funnel](#{about.ANCHOR})": [
            f"{mark} {words}".replace(" ", "\N{NO-BREAK SPACE}") for mark, words in places
        ],
        one.numerator_title: [wording.number(v, 0) for v in ordered["numerator"]],
    }
    if ordered["denominator"].count():
        columns[one.denominator_title] = [wording.number(v, 0) for v in ordered["denominator"]]
    missing = ordered["why"].drop_nulls()
    if missing.len():
        columns["Months left out"] = [why or "–" for why in ordered["why"]]
    st.table(
        pl.DataFrame(columns),
        border="horizontal",
        hide_index=True,
        alt=f"{one.short_title} of {wording.many(level)}, {chosen.months()}",
        height=tall.height(ordered.height),
    )
    newest = "" if chosen.first == chosen.last else f" of {wording.month(chosen.last)}, the newest month"
    note(f"Each value opens the receipt{newest}: where the figure comes from.")
    if missing.len():
        note(
            f"A month is left out, in both sums, when it was not reported or is not enough data: "
            f"{insufficient.rule(one, chosen.basis)}. Coverage, under Assurance, has every month."
        )
    taken = ordered.with_columns(pl.lit(chosen.first).alias("from"), pl.lit(chosen.last).alias("to"))
    take_away.offer(taken_away.with_definition(one, taken, level), f"{one.id}-{level}-{chosen.last:%Y-%m}")


def _with_receipt(chosen: Comparison, code: str, value: float | None) -> str:
    """Write a value as a link to the receipt of its newest month."""
    if value is None:
        return chosen.value(value)
    here = address.kept(level=chosen.level, organisation=code, measure=chosen.one.id)
    if chosen.part != compared.WHOLE:
        breakdown, _, category = chosen.part.partition(".")
        here |= {"breakdown": breakdown, "category": category}
    return receipts.link(chosen.value(value), chosen.last, here)


def spread(one: Indicator, level: str, months: pl.DataFrame) -> None:
    """Show the spread month by month, newest first, and offer every month."""
    counted = level in wording.PLACES_OF_CARE
    newest_first = months.sort("period", descending=True)
    shown = newest_first.head(NEWEST)
    quantiles = {
        "A tenth below": "q10",
        "A quarter below": "q25",
        "Median": "q50",
        "A quarter above": "q75",
        f"[A tenth above](#{about.ANCHOR})": "q90",
    }
    with st.expander("The same as a table"):
        st.table(
            pl.DataFrame(
                {
                    "Month": [wording.month(period) for period in shown["period"]],
                    "Organisations": [str(many) for many in shown["organisations"]],
                    **{
                        title: [wording.value(one, v, counted) for v in shown[q]]
                        for title, q in quantiles.items()
                    },
                }
            ),
            border="horizontal",
            hide_index=True,
            alt="Spread of organisations by month, newest first",
        )
        taken = taken_away.with_definition(one, newest_first.drop("run"), level)
        take_away.offer(taken, f"{one.id}-{level}-spread", "every month")
