"""The choices that make a view. Each is bound to the address, so that a link shows the same to anyone."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import streamlit as st

from dashboard import queries, wording
from metrics.indicator import Indicator
from metrics.indicators import all_indicators

WHOLE = "all"
LEVEL_ORDER = tuple(wording.LEVELS)


def edition() -> str:
    """Give the edition of the figures this page view was opened with."""
    return str(st.session_state["edition"])


def level(held: pl.DataFrame) -> str:
    """Choose a level among those with figures."""
    levels = [one for one in LEVEL_ORDER if one in set(held["level"])]
    start = levels.index("place") if "place" in levels else 0
    return str(
        st.selectbox(
            "Level",
            levels,
            index=start,
            format_func=lambda one: wording.LEVELS[one][0],
            key="level",
            bind="query-params",
        )
    )


def organisation(held: pl.DataFrame, level: str) -> dict[str, Any] | None:
    """Choose an organisation of a level, by typing part of its name or code; None when there is none."""
    rows = held.filter(pl.col("level") == level, pl.col("code") != wording.UNATTRIBUTED)
    if rows.is_empty():
        return None
    by_code = {row["code"]: row for row in rows.iter_rows(named=True)}
    code = st.selectbox(
        wording.LEVELS[level][0],
        list(by_code),
        format_func=lambda one: label(by_code[one]),
        key="organisation",
        bind="query-params",
    )
    return by_code[code]


def label(row: dict[str, Any]) -> str:
    """Name an organisation so that it can be found by name or by code."""
    return row["name"] if row["name"] == row["code"] else f"{row['name']} ({row['code']})"


def indicator(ids: Sequence[str]) -> Indicator:
    """Choose a measure: the national targets first, then second definitions and companions."""
    declared = all_indicators()
    chosen = st.selectbox(
        "Measure",
        list(ids),
        format_func=lambda one: measure_label(declared[one]),
        key="indicator",
        bind="query-params",
    )
    return declared[str(chosen)]


def in_order(declared: Mapping[str, Indicator]) -> list[Indicator]:
    """Put measures in the order of the national targets they belong to, each target's own measure first."""
    roles = list(wording.ROLES)

    def place(one: Indicator) -> tuple[int, int]:
        return getattr(one, "national_target", 0), roles.index(one.role)

    return sorted(declared.values(), key=place)


def measure_label(one: Indicator) -> str:
    """Name a measure, saying so when it is not itself the national target."""
    return (
        one.short_title if one.role == "target" else f"{one.short_title} – {wording.ROLES[one.role].lower()}"
    )


def split(one: Indicator, whole: str) -> str:
    """Choose what small charts compare: other organisations (`all`), or one of the breakdowns."""
    titles = {WHOLE: whole, **{split.name: split.title for split in one.breakdowns}}
    return str(
        st.selectbox(
            "Compare by",
            list(titles),
            format_func=lambda name: titles[name],
            key="compare",
            bind="query-params",
        )
    )


def basis(available: Sequence[str]) -> str:
    """Choose local records or published figures, where both exist."""
    if len(available) < 2:
        return available[0] if available else "local"
    return str(
        st.selectbox(
            "Figures from",
            list(available),
            format_func=lambda one: wording.BASES[one],
            key="basis",
            bind="query-params",
        )
    )


def known_on() -> date | None:
    """Choose an earlier day to see the figures as they were known then; None is now."""
    first = queries.first_known(edition())
    with st.expander("See the figures as they were known on an earlier day"):
        chosen = st.date_input(
            "As known on",
            value=None,
            min_value=first,
            max_value=max(filter(None, (first, datetime.now(UTC).date()))),
            format="DD/MM/YYYY",
            help="Figures change when late or corrected files arrive. Leave empty for the newest.",
            key="known",
            bind="query-params",
        )
    if isinstance(chosen, date):
        st.info(
            f"These are the figures as known at the end of {wording.day(chosen)}.", icon=":material/history:"
        )
        return chosen
    return None
