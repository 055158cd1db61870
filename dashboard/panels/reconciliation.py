"""Whether figures agree: with themselves inside a file, and local records with what was published."""

import polars as pl
import streamlit as st

from dashboard import reconciled, revised, wording
from dashboard.panels.quiet import note
from metrics.indicators import all_indicators
from metrics.reconciliation import AGREES, CANNOT, TOLERANCE_POINTS, TOLERANCE_SHARE

MONTHS = 12


def checks(edition: str, words: str) -> None:
    """Show what published files' own checks found; `words` is the anchor of the meanings."""
    found = reconciled.checks(edition)
    if found.is_empty():
        return
    st.header("Do the published files agree with themselves?", anchor=False)
    st.markdown(
        "Each file is held against its own totals, sums and shares as it is loaded. Where a total row "
        "or a count "
        "is wrong the file is refused whole; what is told here did not refuse it."
    )
    agree = pl.col("outcome") == AGREES
    others, same = found.filter(~agree), found.filter(agree)
    if others.is_empty():
        st.markdown("**Every check agrees.**")
    else:
        st.table(_checks(others, words), border="horizontal", hide_index=True, alt="Checks that do not agree")
    if same.height:
        with st.expander(f"{same.height} checks that agree"):
            st.table(_checks(same, words), border="horizontal", hide_index=True, alt="Checks that agree")


def _checks(found: pl.DataFrame, words: str) -> pl.DataFrame:
    rows = found.to_dicts()
    return pl.DataFrame(
        {
            "Feed": [wording.feed_title(row["feed"]) for row in rows],
            "What was compared": [row["check"] for row in rows],
            f"[Outcome](#{words})": [reconciled.OUTCOMES[row["outcome"]] for row in rows],
            "Files": [f"{row['files']:,}" for row in rows],
            "The newest": [row["reason"] for row in rows],
        }
    )


def differences(edition: str, words: str) -> None:
    """Show local records beside published figures, month by month."""
    st.header("Do local records agree with what was published?", anchor=False)
    compared = reconciled.differences(edition)
    if compared.filter(pl.col("outcome") != CANNOT).is_empty():
        st.markdown(
            "Nothing can be compared: no provider has both local records and published figures of one "
            "measure in "
            "the same month."
        )
        return
    st.markdown(
        f"Agrees: within {100 * TOLERANCE_POINTS:g} point for a share, {100 * TOLERANCE_SHARE:g}% for other "
        f"values, and within {100 * TOLERANCE_SHARE:g}% of the count behind it. Records go on arriving "
        "after a "
        "return is made, and less than a point cannot be told from an ordinary month."
    )
    for (name,), months in reconciled.by_month(compared).group_by("indicator", maintain_order=True):
        one = all_indicators()[str(name)]
        rows = months.head(MONTHS).to_dicts()
        table = pl.DataFrame(
            {
                "Month": [wording.month(row["period"], short=True) for row in rows],
                f"[{reconciled.OUTCOMES['agrees']}](#{words})": [f"{row['agree']:,}" for row in rows],
                reconciled.OUTCOMES["differs"]: [f"{row['differ']:,}" for row in rows],
                reconciled.OUTCOMES["cannot compare"]: [f"{row['cannot']:,}" for row in rows],
                "Furthest apart, local less published": [
                    _apart(row, one.kind == "proportion") for row in rows
                ],
            }
        )
        st.markdown(f"**{one.short_title}**, providers")
        st.table(table, border="horizontal", hide_index=True, alt=f"{one.short_title}: local and published")
    st.download_button(
        "Download every comparison as CSV",
        compared.write_csv().encode("utf-8-sig"),
        file_name="local-and-published.csv",
        mime="text/csv",
        on_click="ignore",
        key="local-and-published",
    )


def _apart(row: dict[str, object], share: bool) -> str:
    apart = row["difference"]
    if not isinstance(apart, float):
        return "–"
    size = f"{100 * apart:+.2f} {'points' if share else '%'}".replace("-", "−").replace(" %", "%")
    return f"{size}: {row['organisation_name'] or row['organisation']}"


def revisions(edition: str, words: str) -> None:
    """Count the figures that later files changed, the large ones first."""
    found = revised.by_measure(edition)
    st.header("What later files changed", anchor=False)
    if found.is_empty():
        st.markdown("No figure has been revised.")
        return
    large = int(found["flagged"].sum())
    st.markdown(
        f"**{int(found['revised'].sum()):,} figures were revised, {large:,} of them by much "
        f"({revised.FLAG})**: "
        f"{revised.DECLARED}. The page Revisions names each, with its file."
    )
    known, rows = all_indicators(), found.to_dicts()
    table = pl.DataFrame(
        {
            "Measure": [known[row["indicator"]].short_title for row in rows],
            "Figures": [wording.BASES[row["basis"]] for row in rows],
            "Level": [wording.LEVELS.get(row["level"], (row["level"],))[0] for row in rows],
            "Revised": [f"{row['revised']:,}" for row in rows],
            f"[{revised.FLAG}](#{words})": [f"{row['flagged']:,}" for row in rows],
            "The newest": [wording.day(row["newest"]) for row in rows],
        }
    )
    st.table(table, border="horizontal", hide_index=True, alt="Revised figures by measure, large ones first")
    note("Figures revised are counted once for each time.")
