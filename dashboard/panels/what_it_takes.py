"""What it would take: for each neighbourhood, the events a year between now and the target, and the beds."""

import polars as pl
import streamlit as st

from dashboard import neighbourhoods, queries, wording
from dashboard.neighbourhoods import LEVEL
from dashboard.panels import choices, place_workbook, side_by_side, take_away
from dashboard.takes_words import BEDS, READ, in_words, sizeless, wanted, way
from metrics.indicator import Indicator
from metrics.indicators import all_indicators

WORDS = "how-to-read-this"
IF = "if"
SIZES = {"10": "10% fewer", "5": "5% fewer", "15": "15% fewer", "20": "20% fewer"}


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
    with boxes[2]:
        share = int(choices.choose("Where no size of target is set, show", SIZES, IF)) / 100
    body = st.container()
    known = choices.known_on()
    parts = neighbourhoods.takes(edition, tuple(codes), LEVEL, known)
    whole = neighbourhoods.takes(edition, (chosen["code"],), level, known)
    with body:
        if parts.is_empty() or whole.is_empty():
            st.markdown("There are no verdicts here yet. The next `targets refresh` will work them out.")
            return
        st.markdown(_opening(chosen["name"], whole, share))
        _table(parts, whole, chosen["name"], share)
        take_away.offer(in_words(pl.concat([whole, parts])), f"what-it-would-take-{chosen['code']}")
        st.header("How to read this", anchor=WORDS)
        st.markdown("\n".join(f"- {line}" for line in _how_to_read()))
        place_workbook.offer(edition, level, chosen, codes, known)


def _how_to_read() -> list[str]:
    declared = choices.in_order(all_indicators())
    sizes = wording.listing(
        one.short_title.lower() for one in declared if one.role == "target" and not one.targets
    )
    rules = [one for one in declared if one.k_of_n is not None and one.role == "target"]
    each = [
        f"{one.short_title} is held to its rule: at least {one.k_of_n.least} specialties must each be there. "
        "This is what those short of it lack; one above it helps no other."
        for one in rules
        if one.k_of_n is not None
    ]
    return [
        READ,
        BEDS,
        *each,
        f"No size is set nationally for {sizes}. What is shown for conveyances is an example, not a target.",
        "One month may meet a target that the year did not: the verdict is of the newest month, this is of "
        "twelve.",
        "A dash: twelve final months, or a target, are missing.",
        "Neighbourhoods need not add up to the place: one that is already there has nothing to give, and its "
        "surplus helps no other.",
    ]


def _opening(name: str, whole: pl.DataFrame, share: float) -> str:
    """Say what the place as a whole would need: a sentence and a line for each target."""
    rows = {row["indicator"]: row for row in whole.iter_rows(named=True)}
    told, there = [], []
    for one in choices.in_order(all_indicators()):
        row = rows.get(one.id)
        if row is None or (row["needed"] is None and not sizeless(one)):
            continue
        if sizeless(one):
            if row["events"]:
                told.append(
                    f"- {wanted(one, row['events'] * share)}, **if they fell by {share:.0%}**: no size "
                    f"is set ({one.short_title.lower()}, {_round(row['events'])} in the year)"
                )
        elif row["needed"] < 0.5:
            there.append(one.short_title.lower())
        else:
            beds = (
                f": about {wording.counted_as(round(row['beds']), 'bed')}" if (row["beds"] or 0) >= 1 else ""
            )
            told.append(f"- **{wanted(one, row['needed'])}** ({one.short_title.lower()}{beds})")
    at = f"{name} is at its target already on {wording.listing(there)}. " if there else ""
    if not told:
        return f"{name} is at every target that can be told in numbers."
    which = "the others" if there else "its targets"
    return f"{at}To be at {which}, {name} would need about this much in a year:\n\n" + "\n".join(told)


def _round(amount: float) -> str:
    return f"{wording.rounded(amount):,}"


def _table(parts: pl.DataFrame, whole: pl.DataFrame, name: str, share: float) -> None:
    rows = pl.concat([whole.with_columns(organisation_name=pl.lit(f"**{name}, as a whole**")), parts])
    names = rows.select("level", "organisation", "organisation_name").unique(maintain_order=True)
    cells = {(row["level"], row["organisation"], row["indicator"]): row for row in rows.iter_rows(named=True)}
    keys = list(names.select("level", "organisation").iter_rows())
    said = set(parts.drop_nulls("needed")["indicator"])
    columns: dict[str, list[str]] = {"A year": names["organisation_name"].to_list()}
    for one in choices.in_order(all_indicators()):
        mine = [cells.get((*key, one.id)) for key in keys]
        if sizeless(one) and any(row and row["events"] is not None for row in mine):
            columns[f"{_linked(one)}: if {share:.0%} fewer"] = [
                "–" if not row or row["events"] is None else wording.number(row["events"] * share, 0)
                for row in mine
            ]
        elif one.id in said:
            columns[f"{_linked(one)}: {way(one)}"] = [_amount(row["needed"] if row else None) for row in mine]
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


def _linked(one: Indicator) -> str:
    return f"[{wording.numbered(one).replace('.', chr(92) + '.', 1)}](#{WORDS})"


def _amount(needed: float | None) -> str:
    if needed is None:
        return "–"
    return "✔ there" if needed < 0.05 else wording.number(needed, 0 if needed >= 10 else 1)
