"""What published figures can show and what they cannot, measure by measure and level by level."""

import polars as pl
import streamlit as st

from dashboard import published, wording
from dashboard.panels import address, choices
from metrics.indicator import Indicator
from metrics.indicators import all_indicators


def show() -> None:
    """Show the page."""
    edition = choices.edition()
    st.title("What published figures give", anchor=False)
    if published.alone(edition):
        st.markdown(
            "These pages show figures that NHS England publishes, and nothing else. No local records are "
            "loaded and nothing is made up."
        )
    else:
        st.markdown(
            "Local records stand beside published figures here. This page is about the published ones."
        )
    held = published.reach(edition)
    targets = [one for one in choices.in_order(all_indicators()) if one.role == "target"]
    given = [one for one in targets if one.id in set(held["indicator"])]
    st.markdown(
        f"**{len(given)} of {len(targets)} measures of the national targets have published figures.**"
    )
    st.header("By measure", anchor=False)
    _measures(edition, held, targets, "Measures of the national targets")
    others = [
        one
        for one in choices.in_order(all_indicators())
        if one.role != "target" and one.id in set(held["indicator"])
    ]
    if others:
        st.markdown("Shown beside them, from the same files:")
        _measures(edition, held, others, "Companion measures and second definitions")
    st.header("By level", anchor=False)
    st.markdown("\n".join(_levels(held, targets)))
    st.header("To see the rest", anchor=False)
    st.markdown(
        "Load your own records: what each file must hold is in the contracts of the project. "
        "More published months come with:"
    )
    st.code("targets fetch\ntargets load FILE...\ntargets refresh", language=None)


def _measures(edition: str, held: pl.DataFrame, ones: list[Indicator], title: str) -> None:
    rows = []
    for one in ones:
        mine = held.filter(indicator=one.id)
        months = "–" if mine.is_empty() else _months(mine)
        given = wording.listing(published.levels(edition, one.id))
        none = f"✕ No published figure. {published.why_not(edition, one, 'england')}"
        rows.append(
            {
                "Measure": f"[{_name(one)}](definitions?definition={one.id})",
                "Published for": f"{given[:1].upper()}{given[1:]}" if given else none,
                "Months": months,
            }
        )
    st.table(pl.DataFrame(rows), border="horizontal", hide_index=True, alt=title)


def _name(one: Indicator) -> str:
    return wording.numbered(one) if one.role == "target" else one.short_title


def _months(mine: pl.DataFrame) -> str:
    first, last = mine.select(pl.col("first").min(), pl.col("last").max()).row(0)
    return f"{wording.month(first, short=True)} to {wording.month(last, short=True)}"


def _levels(held: pl.DataFrame, targets: list[Indicator]) -> list[str]:
    lines = []
    for level, (one_of, many) in wording.LEVELS.items():
        mine = held.filter(level=level)
        names = [one.short_title for one in targets if one.id in set(mine["indicator"])]
        if names:
            count = mine["organisations"].max()
            who = one_of if level == "england" else f"{many} ({count:,} with figures)"
            lines.append(f"- **{who}**: {wording.listing(names)}.")
        else:
            lines.append(
                f"- **{many}**: {published.NO_FIGURES.get(level, 'No published figures are loaded.')}"
            )
    return lines


def link() -> None:
    """Lead to the page, keeping what is chosen."""
    st.page_link(
        "pages/assurance/published.py",
        label=":blue[What published figures give]",
        icon=":material/arrow_forward:",
        query_params=address.kept(),
    )
