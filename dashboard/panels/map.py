"""One measure in every place of the country: a map where boundaries are held, and always a table."""

from urllib.parse import urlencode

import numpy as np
import polars as pl
import streamlit as st

from dashboard import glossary, places, queries, taken_away, wording
from dashboard.charts import map as charts
from dashboard.panels import about, address, choices, figures, take_away, tall
from dashboard.panels.quiet import note
from metrics.indicator import Indicator

CLASSES = 4
NAMED = 3
EVERYWHERE = "all"
HELP = "The map needs boundaries of local authorities: load them, and the lookup of lower to upper tiers."


def show() -> None:
    """Show the places of the country, or of one region, on a chosen measure."""
    edition = choices.edition()
    heading = st.container()
    boxes = st.columns([5, 5, 5])
    ids = queries.indicators_with_figures(edition, "place")
    if not ids:
        heading.title("Map of places", anchor=False)
        st.markdown("No place has figures yet.")
        return
    with boxes[0]:
        one = choices.indicator(ids)
    # Last, for it is not always there and would leave a hole.
    with boxes[2]:
        basis = choices.basis(places.bases(edition, one.id))
    body = st.container()
    known = choices.known_on()
    rows = places.latest(edition, one.id, basis, known)
    with boxes[1]:
        region = choices.choose("Region", _regions(rows), "region")
    shown = rows if region == EVERYWHERE else rows.filter(pl.col("region") == region)
    heading.title(f"{one.short_title} by place", anchor=False, help=glossary.explain("place"))
    ranked = in_order(one, shown.drop_nulls("value"))
    with body:
        if ranked.is_empty():
            st.markdown("No place has figures for this measure.")
            return
        st.markdown(in_words(one, ranked))
        outlines = places.shapes(edition, tuple(shown["code"]), region != EVERYWHERE)
        if outlines:
            _map(one, shown, ranked, outlines)
        else:
            note(HELP)
        _table(one, shown, ranked)
    about.show(one)


def in_order(one: Indicator, rows: pl.DataFrame) -> pl.DataFrame:
    """Put places in order, worst first; places alike by name."""
    return rows.sort("value", "name", descending=[one.better == "lower", False])


def in_words(one: Indicator, ranked: pl.DataFrame) -> str:
    """Say the month, the range, and which places are at either end."""
    when = wording.month(ranked["period"][0])
    if ranked.height == 1:
        return f"In {when}, {_named(one, ranked)}."
    many = min(NAMED, ranked.height // 2)
    return (
        f"In {when}, {ranked.height} places. **Worst:** {_named(one, ranked.head(many))}. "
        f"**Best:** {_named(one, ranked.tail(many).reverse())}."
    )


def _named(one: Indicator, rows: pl.DataFrame) -> str:
    told = rows.select("name", "value").iter_rows()
    return wording.listing(f"{name} ({wording.value(one, value, unit=True)})" for name, value in told)


def classes(one: Indicator, ranked: pl.DataFrame) -> list[tuple[str, list[str]]]:
    """Part the places into quarters by their values, best first (words, codes); like values stay together."""
    values = ranked["value"].to_numpy()
    edges = np.unique(np.quantile(values, [at / CLASSES for at in range(1, CLASSES)]))
    at = np.searchsorted(edges, values, side="left")
    parted = ranked.with_columns(part=pl.Series(at)).sort("part", descending=one.better == "higher")
    found = []
    for _, rows in parted.group_by("part", maintain_order=True):
        low, high = (
            wording.value(one, value, unit=True) for value in (rows["value"].min(), rows["value"].max())
        )
        words = low if low == high else f"{low} to {high}"
        found.append((f"{words}: {rows.height} place{'s' * (rows.height != 1)}", rows["code"].to_list()))
    if len(found) > 1:
        found[0] = (f"Best: {found[0][0]}", found[0][1])
        found[-1] = (f"Worst: {found[-1][0]}", found[-1][1])
    return found


def _map(
    one: Indicator, shown: pl.DataFrame, ranked: pl.DataFrame, outlines: dict[str, charts.Outline]
) -> None:
    texts = {
        row["code"]: f"{row['name']}: <b>{wording.value(one, row['value'], unit=True)}</b>"
        for row in shown.iter_rows(named=True)
    }
    palette = figures.palette()
    figure = charts.draw(
        outlines,
        places.middles(outlines),
        classes(one, ranked),
        texts,
        palette,
        dark=st.context.theme.type == "dark",
    )
    undrawn = shown.height - len(outlines)
    said = in_words(one, ranked).replace("**", "")
    figures.chart(figure, f"Map of {one.short_title.lower()}. {said} The table says it all.", key="map")
    if undrawn:
        places_are = "1 place" if undrawn == 1 else f"{undrawn} places"
        note(f"{places_are} without boundaries can be seen in the table only.")


def _table(one: Indicator, shown: pl.DataFrame, ranked: pl.DataFrame) -> None:
    st.header("Every place, worst first", anchor=False)
    rows = pl.concat([ranked, shown.filter(pl.col("value").is_null())])
    columns: dict[str, list[str]] = {
        "Place": [_link(name, code) for name, code in rows.select("name", "code").iter_rows()]
    }
    if rows["region_name"].null_count() < rows.height:
        columns["Region"] = rows["region_name"].fill_null("–").to_list()
    columns["Actual"] = [wording.value(one, value, unit=one.kind != "proportion") for value in rows["value"]]
    columns[one.numerator_title] = [wording.number(value, 0) for value in rows["numerator"]]
    if rows["denominator"].null_count() < rows.height:
        columns[one.denominator_title] = [wording.number(value, 0) for value in rows["denominator"]]
    if rows["status"].n_unique() > 1 or rows["status"][0] != "final":
        columns["Status"] = [wording.OBSERVATION_STATUSES.get(one_, one_) for one_ in rows["status"]]
    if rows["lower"].null_count() < rows.height:
        columns["Made up of"] = rows["lower"].fill_null("–").to_list()
    note("Each place opens its own page.")
    st.table(
        pl.DataFrame(columns),
        border="horizontal",
        hide_index=True,
        alt=f"{one.short_title} in every place, worst first",
        height=tall.height(rows.height),
    )
    take_away.offer(
        taken_away.with_definition(one, rows.rename({"lower": "made_up_of"}), "place"), f"{one.id}-by-place"
    )


def _link(name: str, code: str) -> str:
    """Lead to the place's own page, on the measure at hand."""
    return f"[{name}](trajectory?{urlencode(address.kept(level='place', organisation=code))})"


def _regions(rows: pl.DataFrame) -> dict[str, str]:
    told = rows.select("region", "region_name").drop_nulls().unique().sort("region_name")
    return {EVERYWHERE: "England", **dict(told.iter_rows())}
