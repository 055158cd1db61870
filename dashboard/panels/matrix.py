"""The board's one-page summary: each national measure placed by its variation and its assurance."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import polars as pl
import streamlit as st

from dashboard import glossary, queries, spc, wording
from dashboard.panels import choices, icons, measure_link, subjects
from dashboard.panels.quiet import note
from dashboard.panels.subjects import Signals
from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from metrics.spc_chance import expected_signals
from metrics.spc_profiles import PROFILES

WORDS = "what-the-words-mean"
NOWHERE = "–"
COLUMNS = {
    "Improvement": ("improvement_high", "improvement_low"),
    "Common cause": ("common_cause",),
    "Concern": ("concern_high", "concern_low"),
    "Too few months": ("none",),
}
ROWS = ("consistently_passing", "hit_or_miss", "consistently_failing", "none")


def show() -> None:
    """Show the matrix of a chosen organisation."""
    edition = choices.edition()
    heading, *boxes = st.columns(subjects.WIDTHS, vertical_alignment="bottom")
    subject = subjects.choose(edition, boxes)
    if subject is None:
        heading.title("Variation and assurance", anchor=False)
        st.markdown("No organisation at this level has figures.")
        return
    heading.title(
        subject.name, anchor=False, help=glossary.explain("variation", "signal", "common cause", "limits")
    )
    heading.markdown("Variation and assurance: is it changing, and will it meet its target?")
    body = st.container()
    subject = replace(subject, known=choices.known_on())
    with body:
        _placed(edition, subject)


def _placed(edition: str, subject: subjects.Subject) -> None:
    """Show the matrix, as stored; as known on an earlier day, worked out from the figures of that day."""
    lines = pl.DataFrame()
    if subject.known is not None:
        lines = queries.history(
            edition, None, subject.level, (subject.code,), "all", subject.basis, subject.known
        )
    signals = subjects.signals(subject, lines)
    targets = [one for one in choices.in_order(all_indicators()) if one.role == "target"]
    shown = [one for one in targets if one.id in signals]
    if not shown:
        st.markdown(
            "No figure was known then."
            if subject.known
            else "No signals have been worked out yet. The next `targets refresh` will do it."
        )
        return
    st.markdown(beside_chance(signals, shown))
    st.table(
        placed(signals, shown),
        border=True,
        alt=f"Measures of {subject.name} by assurance (rows) and variation (columns)",
    )
    _reasons(signals, shown)
    st.header("What the words mean", anchor=WORDS)
    icons.key()


def placed(signals: Signals, shown: Sequence[Indicator]) -> pd.DataFrame:
    """Put each measure in its cell: assurance down, variation across; nobody needs an empty last column."""
    cells = {
        column: [
            "  \n".join(
                measure_link.in_text(one)
                for one in shown
                if signals[one.id]["variation"] in states and signals[one.id]["assurance"] == row
            )
            or NOWHERE
            for row in ROWS
        ]
        for column, states in COLUMNS.items()
    }
    if set(cells["Too few months"]) == {NOWHERE}:
        del cells["Too few months"]
    titles = [f"[{wording.ASSURANCE[row]}](#{WORDS})" for row in ROWS]
    return pd.DataFrame(cells, index=pd.Index(titles, name="Assurance"))


def beside_chance(signals: Signals, shown: Sequence[Indicator]) -> str:
    """Say how many measures signal, and how many would if nothing had changed anywhere."""
    rows = [signals[one.id] for one in shown]
    judged = [row for row in rows if row["variation"] != "none"]
    if not judged:
        return "No measure has months enough to tell signals from chance."
    seen = sum(row["variation"] != "common_cause" for row in judged)
    profile = PROFILES[judged[0]["profile"]]
    points = pl.DataFrame({"points": [row["points"] for row in judged]})
    expected = expected_signals(points, profile)
    all_of_them = wording.counted_as(len(judged), "measure")
    verb = "signals a change in its" if seen < 2 else "signal a change in their"
    by_chance = f"about {wording.number(expected, 1)}" if expected >= 0.05 else "hardly any"
    return (
        f"**{seen or 'None'} of {all_of_them} {verb} latest month.** If nothing had changed anywhere, chance "
        f"alone would give {by_chance}, or more where months hang together."
    )


def _reasons(signals: Signals, shown: Sequence[Indicator]) -> None:
    st.header("Why each measure is where it is", anchor=False)
    any_row = signals[shown[0].id]
    st.markdown(
        f":small[Every measure is read by the same rules: {spc.rules(any_row)}.]",
        help=spc.exact_rules(any_row),
    )
    cells = st.grid(4, min_column_width=290, gap="small", border=True)
    for one in shown:
        with cells.cell(), st.container(gap="xxsmall"):
            measure_link.show(one)
            icons.row(signals[one.id])
            note(spc.reason(signals[one.id]))
