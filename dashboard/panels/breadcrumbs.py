"""Where an organisation stands in the hierarchy, with links up and down that keep everything else chosen."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard import lineage, wording
from dashboard.panels import address
from dashboard.panels.quiet import note
from dashboard.panels.subjects import called

MOST = 40
"""Links to parts at most; beyond that the Find page is quicker."""


def show(held: pl.DataFrame, chosen: dict[str, Any]) -> None:
    """Show what an organisation belongs to, itself, and what is inside it, in one row that wraps.

    `held` is `queries.organisations`; `chosen` is one row of it. Links open the page being read.
    """
    basis = address.view().get(address.BASIS)
    basis = basis if basis in chosen["bases"] else chosen["bases"][0]
    above = lineage.above(held, chosen["code"], chosen["level"]) or []
    parts = lineage.inside(held, chosen["code"])
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for row in reversed(above):
            _link(row, called(row, basis))
            note("›")
        kind = "" if chosen["level"] == "england" else f" ({wording.LEVELS[chosen['level']][0].lower()})"
        note(f"**{called(chosen, basis)}**{kind}")
        for level, group in _by_level(parts).items():
            words = wording.LEVELS[level][0 if group.height == 1 else 1].lower()
            with st.popover(f"{group.height} {words}", type="tertiary"):
                note(f"In {called(chosen, basis)}:")
                for row in group.head(MOST).iter_rows(named=True):
                    _link(row, row["name"])
                if group.height > MOST:
                    note(f"And {group.height - MOST} more: choose one by name or code in the box below.")


def _by_level(parts: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Split by level, in the order of the levels."""
    found = {str(group["level"][0]): group for group in parts.partition_by("level")}
    return {level: found[level] for level in wording.LEVELS if level in found}


def _link(row: dict[str, Any], words: str) -> None:
    st.page_link(
        st.session_state["page"],
        label=f":blue[:small[{words}]]",
        query_params=address.whole(level=row["level"], organisation=row["code"]),
        # Streamlit shows no focus at all on a link to the page being read; its help appears with the focus.
        help=wording.LEVELS[row["level"]][0],
    )
