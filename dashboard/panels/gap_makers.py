"""Beside a measure that is behind: the neighbourhoods that make its gap, and the chance of its target."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard import glossary, outlook, whose_gap, wording
from dashboard.panels import choices
from dashboard.panels.quiet import note
from dashboard.panels.subjects import Subject
from dashboard.sentences import Reading

WORDS = "what-the-words-mean"
SHOWN = 5


def chance(subject: Subject, reading: Reading) -> None:
    """Say the chance of the next target, or why none is given."""
    one = reading.indicator
    ahead = outlook.read(choices.edition(), one.id, subject.level, subject.code, subject.basis)
    if ahead and (said := ahead.chance(one, reading.counted, reading.period)):
        st.markdown(f"**Chance.** {said}", help=glossary.explain("chance", "forecast"))


def neighbourhoods(subject: Subject, reading: Reading) -> None:
    """Say which neighbourhoods make the gap, and how many people that is; all of them in a table."""
    if reading.period is None or reading.path is None:
        return
    if subject.basis != "local":
        note(
            "Published figures are not split by neighbourhood. With local records this page says whose gap "
            "it is."
        )
        return
    if subject.known is not None:
        note("Neighbourhoods' parts of the gap are not kept for an earlier day.")
        return
    one = reading.indicator
    found = whose_gap.neighbourhoods(
        choices.edition(), one.id, subject.level, subject.code, reading.period, reading.path
    )
    behind = found.filter(pl.col("behind") > 0)
    if behind.is_empty():
        return
    st.markdown(
        f"**Where the gap is.** {in_words(behind, one.event)}",
        help=glossary.explain("gap", "neighbourhood", "unattributed"),
    )
    shown = found.head(SHOWN) if found.height > SHOWN + 1 else found
    st.table(
        table(reading, shown),
        border="horizontal",
        hide_index=True,
        alt=f"Neighbourhoods of {subject.name} by their part of the gap in {one.short_title}",
    )
    rest = found.slice(shown.height)
    if rest.height:
        note(f"The other {rest.height} neighbourhoods together: {_side(rest['behind'].sum())}.")


def in_words(behind: pl.DataFrame, event: str) -> str:
    """Say who is most behind: "About 130 attendances a month behind in A, 110 in B; 20 more are too."."""
    first, *others = behind.head(3).to_dicts()
    opening = wording.about(first["behind"], event)
    named = [f"{opening[0].upper()}{opening[1:]} behind in {_within(first)}"]
    named += [f"{wording.roughly(row['behind']).removeprefix('about ')} in {_within(row)}" for row in others]
    more = behind.height - len(named)
    too = "1 more is" if more == 1 else f"{more} more are"
    return f"{wording.listing(named)}{f'; {too} behind too' if more else ''}."


def _within(row: dict[str, Any]) -> str:
    """Name a neighbourhood within a sentence, where "No known neighbourhood" is no name."""
    name = str(row["name"])
    return name[0].lower() + name[1:] if row["code"] == wording.UNATTRIBUTED else name


def table(reading: Reading, parts: pl.DataFrame) -> pl.DataFrame:
    """Set neighbourhoods out with their figures, as people read them."""
    one = reading.indicator
    rows = parts.to_dicts()
    columns = {
        "Neighbourhood": [row["name"] for row in rows],
        wording.plural(one.event).capitalize() if one.kind != "proportion" else one.numerator_title: [
            wording.number(row["numerator"], 0) for row in rows
        ],
    }
    if one.kind == "proportion":
        columns["Of"] = [wording.number(row["denominator"], 0) for row in rows]
    if parts["value"].count():
        columns["Value"] = [wording.value(one, row["value"]) for row in rows]
    columns[f"[Part of the gap](#{WORDS}), {wording.plural(one.event)} a month"] = [
        _side(row["behind"]) for row in rows
    ]
    return pl.DataFrame(columns)


def _side(amount: float | None) -> str:
    if amount is None:
        return wording.NO_VALUE
    if not amount:
        return "level"
    many = wording.number(abs(amount), 0) if abs(amount) >= 0.5 else "under 1"
    return f"{many} {'behind' if amount > 0 else 'ahead'}"
