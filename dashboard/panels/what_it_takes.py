"""What it would take: for each neighbourhood, the events a year between now and the target, and the beds."""

import polars as pl
import streamlit as st

from dashboard import neighbourhoods, queries, wording
from dashboard.neighbourhoods import LEVEL
from dashboard.panels import choices, side_by_side
from dashboard.panels.quiet import note
from metrics.indicator import Indicator
from metrics.indicators import all_indicators

WORDS = "how-to-read-this"
READ = (
    "What the latest twelve final months would have needed to be at the target in force. Each "
    "neighbourhood is held to its own target: where a target is a fall of 10%, it is 10% of its own baseline."
)
BEDS = "A bed is a bed in use all year: bed days over 365.25. Wards that are not full need more."


def show() -> None:
    """Show what the targets would take, for a place and each of its neighbourhoods."""
    edition = choices.edition()
    held = queries.organisations(edition)
    heading = st.container()
    boxes = st.columns([3, 6, 6])
    with boxes[0]:
        level = choices.level(held, among=side_by_side.WHOLES, usual="place")
    with boxes[1]:
        chosen = choices.organisation(held, level)
    heading.title("What it would take" if chosen is None else f"{chosen['name']}: what it would take",
                  anchor=False)  # fmt: skip
    codes = neighbourhoods.of_place(edition, level, chosen["code"]) if chosen else []
    if chosen is None or not codes:
        st.markdown(side_by_side.NONE)
        return
    body = st.container()
    known = choices.known_on()
    parts = neighbourhoods.takes(edition, tuple(codes), LEVEL, known)
    whole = neighbourhoods.takes(edition, (chosen["code"],), level, known)
    with body:
        if parts.is_empty() or whole.is_empty():
            st.markdown("There are no standings here yet. The next `targets refresh` will work them out.")
            return
        st.markdown(_opening(chosen["name"], whole))
        shown = _with_any(parts)
        _table(parts, whole, chosen["name"], shown)
        st.header("How to read this", anchor=WORDS)
        st.markdown(f"- {READ}\n- {BEDS}\n- One month may meet a target that the year did not: the standing "
                    "is of the newest month, this is of twelve.\n"
                    "- A dash: twelve final months, or a target, are missing.\n"
                    "- Neighbourhoods need not add up to the place: one that is already there has nothing "
                    "to give, and its surplus helps no other.")  # fmt: skip
        st.download_button(
            "Download as CSV",
            in_words(parts).write_csv().encode("utf-8-sig"),
            file_name=f"what-it-would-take-{chosen['code']}.csv",
            mime="text/csv",
            on_click="ignore",
        )
        note("The workbook on the page of neighbourhoods side by side has this table too.")


def _with_any(parts: pl.DataFrame) -> list[Indicator]:
    """List the measures for which anything can be said."""
    said = set(parts.drop_nulls("needed")["indicator"])
    return [one for one in choices.in_order(all_indicators()) if one.id in said]


def _opening(name: str, whole: pl.DataFrame) -> str:
    """Say in a sentence what the place as a whole would need."""
    needed = {row["indicator"]: row for row in whole.drop_nulls("needed").iter_rows(named=True)}
    told = []
    for one in choices.in_order(all_indicators()):
        row = needed.get(one.id)
        if row and row["needed"] >= 1:
            beds = f": about {wording.number(row['beds'], 0)} beds" if (row["beds"] or 0) >= 1 else ""
            told.append(
                f"**{wording.rounded(row['needed']):,} {_way(one)}** ({one.short_title.lower()}{beds})"
            )
    if not told:
        return f"{name} is at every target that can be told in numbers."
    return f"To be at its targets {name} would need, a year, about {wording.listing(told)}."


def _way(one: Indicator) -> str:
    """Say what is wanted: "more attendances completed within four hours", "fewer bed days"."""
    if one.kind == "proportion":
        return f"more {one.numerator_title[:1].lower()}{one.numerator_title[1:]}"
    return f"{'more' if one.better == 'higher' else 'fewer'} {wording.plural(one.event)}"


def _table(parts: pl.DataFrame, whole: pl.DataFrame, name: str, shown: list[Indicator]) -> None:
    rows = pl.concat([whole.with_columns(organisation_name=pl.lit(f"{name}, as a whole")), parts])
    names = rows.select("level", "organisation", "organisation_name").unique(maintain_order=True)
    cells = {(row["level"], row["organisation"], row["indicator"]): row for row in rows.iter_rows(named=True)}
    columns: dict[str, list[str]] = {"Neighbourhood": names["organisation_name"].to_list()}
    keys = list(names.select("level", "organisation").iter_rows())
    for one in shown:
        mine = [cells.get((*key, one.id)) for key in keys]
        columns[f"[{wording.numbered(one).replace('.', chr(92) + '.', 1)}](#{WORDS}): {_way(one)}"] = [
            _amount(row["needed"] if row else None) for row in mine
        ]
        if any(row and row["beds"] is not None for row in mine):
            columns["That is, in beds"] = [
                "–" if not row or row["beds"] is None else wording.number(row["beds"], 1) for row in mine
            ]
    st.table(
        pl.DataFrame(columns),
        border="horizontal",
        hide_index=True,
        alt=f"Events a year between today and the target, {name} and each neighbourhood",
    )


def _amount(needed: float | None) -> str:
    if needed is None:
        return "–"
    return "✔ there" if needed == 0 else wording.number(needed, 0 if needed >= 10 else 1)


def in_words(taken: pl.DataFrame) -> pl.DataFrame:
    """Give the rows as they are taken away: measures by name, what is wanted in words."""
    declared = all_indicators().values()
    names = {one.id: wording.numbered(one) for one in declared}
    ways = {one.id: _way(one) for one in declared}
    return taken.select(
        "organisation",
        "organisation_name",
        pl.col("indicator").replace_strict(names).alias("measure"),
        pl.col("indicator").replace_strict(ways).alias("wanted"),
        "first",
        "last",
        "events",
        "denominator",
        "value",
        "target",
        "target_due",
        "needed",
        "beds",
    ).sort("organisation_name", "measure")
