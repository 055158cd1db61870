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
SIGNALS, FORECAST, PATH = "signals", "forecast", "path"


def edition() -> str:
    """Give the edition of the figures this page view was opened with."""
    return str(st.session_state["edition"])


def choose(title: str, options: Mapping[str, str], key: str) -> str:
    """Choose one of `options` (code -> words; the first to begin with) and give its code.

    The words stand in the address, under `key`. Streamlit forgets a page's bound choices on leaving it, and
    on going back drops those whose key another page has bound; so keys are a page's own, and what was chosen
    is remembered here by title: a place chosen on one page is the place on the next.
    """
    codes = {words: code for code, words in options.items()}
    usual = next(iter(codes))
    remembered = st.session_state.setdefault("remembered", {})
    again = st.session_state.pop(f"again-{key}", None)
    known = again or remembered.get(title)
    lost = bool(st.session_state.get("arrived")) and key not in st.query_params and known in codes
    if lost and known != usual:
        # Not bound on this page yet, so the address can still be written by hand.
        st.query_params[key] = known
    if lost or again or st.session_state.get(key, usual) not in codes:
        st.session_state[key] = known if known in codes else usual
    chosen = str(st.selectbox(title, list(codes), key=key, bind="query-params"))
    if lost and chosen != known:
        # Going back to the first page arrives without its address, and Streamlit then insists on the default.
        st.session_state[f"again-{key}"] = known
        st.rerun()
    remembered[title] = chosen
    return codes[chosen]


def level(held: pl.DataFrame, key: str) -> str:
    """Choose a level among those with figures."""
    present = set(held["level"])
    titles = {one: names[0] for one, names in wording.LEVELS.items() if one in present}
    return choose("Level", titles, key)


def organisation(held: pl.DataFrame, level: str, key: str) -> dict[str, Any] | None:
    """Choose an organisation of a level, by typing part of its name or code; None when there is none."""
    rows = held.filter(pl.col("level") == level, pl.col("code") != wording.UNATTRIBUTED)
    if rows.is_empty():
        return None
    by_code = {row["code"]: row for row in rows.iter_rows(named=True)}
    labels = {code: label(row) for code, row in by_code.items()}
    return by_code[choose(wording.LEVELS[level][0], labels, key)]


def label(row: dict[str, Any]) -> str:
    """Name an organisation so that it can be found by name or by code."""
    return row["name"] if row["name"] == row["code"] else f"{row['name']} ({row['code']})"


def indicator(ids: Sequence[str], key: str) -> Indicator:
    """Choose a measure: the national targets first, then second definitions and companions."""
    declared = all_indicators()
    ordered = [one for one in in_order(declared) if one.id in ids]
    return declared[choose("Measure", {one.id: measure_label(one) for one in ordered}, key)]


def in_order(declared: Mapping[str, Indicator]) -> list[Indicator]:
    """Put measures in the order of the national targets they belong to, each target's own measure first."""
    roles = list(wording.ROLES)

    def place(one: Indicator) -> tuple[int, int]:
        return one.national_target, roles.index(one.role)

    return sorted(declared.values(), key=place)


def measure_label(one: Indicator) -> str:
    """Name a measure, saying so when it is not itself the national target."""
    return (
        one.short_title if one.role == "target" else f"{one.short_title} – {wording.ROLES[one.role].lower()}"
    )


def split(one: Indicator, whole: str, key: str, held: Sequence[str]) -> str:
    """Choose what small charts compare: other organisations (`all`), or one of the breakdowns `held`."""
    titles = {WHOLE: whole, **{each.name: each.title for each in one.breakdowns if each.name in held}}
    return choose("Compare by", titles, key)


def layer(key: str) -> str:
    """Choose what the main chart shows beside the path: signals, the forecast, or nothing more."""
    return choose("Chart shows", {SIGNALS: "Signals", FORECAST: "Forecast", PATH: "Path only"}, key)


def basis(available: Sequence[str], key: str) -> str:
    """Choose local records or published figures, where both exist."""
    if len(available) < 2:
        return available[0] if available else "local"
    return choose("Figures from", {one: wording.BASES[one] for one in available}, key)


def known_on(key: str) -> date | None:
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
            key=key,
            bind="query-params",
        )
    if isinstance(chosen, date):
        st.info(
            f"These are the figures as known at the end of {wording.day(chosen)}.", icon=":material/history:"
        )
        return chosen
    return None
