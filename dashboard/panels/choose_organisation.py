"""Which organisation a page is about: a level, then one of that level, wherever the address came from."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from dashboard import glossary, lineage, published, wording
from dashboard.panels import address
from dashboard.panels.choosing import choose, edition


def level(held: pl.DataFrame, among: Sequence[str] | None = None, usual: str | None = None) -> str:
    """Choose a level among those with figures; no box is drawn where there is only one.

    `among`: the levels a page is for (all of them otherwise); `usual`: the one to begin with. Where the
    address names no level, its organisation decides. With no figures at any of `among`, its first is given.
    """
    present = set(held["level"])
    titles = {
        one: names[0]
        for one, names in wording.LEVELS.items()
        if one in present and (among is None or one in among)
    }
    if not titles:
        return among[0] if among else next(iter(wording.LEVELS))
    asked = address.view().get(address.LEVEL)
    if asked not in wording.LEVELS:
        if asked is not None:
            address.remark(f"Level: {address.as_asked(asked)} is not a level of organisation.")
        code = address.view().get(address.ORGANISATION) or ""
        codes = [code, *(str(old["successor"]) for old in lineage.succession(edition(), code))]
        of_code = [one for each in codes for one in lineage.levels_of(held, each)]
        wanted = [one for one in (*of_code, usual, _first(held)) if one in titles]
        address.settle(address.LEVEL, next(iter(wanted), None))
    elif asked not in titles:
        if asked not in present:
            address.remark(_none_at(asked))
        wanted = [one for one in (usual, _first(held)) if one in titles]
        address.settle(address.LEVEL, next(iter(wanted), None))
    if len(titles) == 1:
        only = next(iter(titles))
        address.settle(address.LEVEL, only)
        return only
    return choose("Level", titles, address.LEVEL, help=glossary.explain("organisation", *titles))


def _none_at(level: str) -> str:
    """Say that a level has no figures here and, of published figures, why."""
    told = f"There are no figures for {wording.many(level)} here."
    return f"{told} {published.NO_FIGURES.get(level, '')}" if published.alone(edition()) else told


def _first(held: pl.DataFrame) -> str:
    """Begin with a place of one's own; with published figures alone, with the country."""
    local = held.filter(pl.col("bases").list.contains("local"))
    return "england" if local.is_empty() else "place"


def organisation(held: pl.DataFrame, level: str) -> dict[str, Any] | None:
    """Choose an organisation of a level, by typing part of its name or code; None when there is none.

    The frame shows where it stands in the hierarchy above the page.
    On a change of level it is the one above the last, where there is one, or the last chosen at that level.
    """
    rows = held.filter(pl.col("level") == level, pl.col("code") != wording.UNATTRIBUTED)
    if rows.is_empty():
        return None
    by_code = {row["code"]: row for row in rows.iter_rows(named=True)}
    asked = address.view().get(address.ORGANISATION)
    if asked not in by_code:
        address.settle(address.ORGANISATION, _instead(held, level, asked, by_code))
    labels = {code: label(row) for code, row in by_code.items()}
    code = choose(wording.LEVELS[level][0], labels, address.ORGANISATION)
    st.session_state.setdefault("chosen at", {})[level] = code
    st.session_state["subject"] = by_code[code]
    return by_code[code]


def _instead(held: pl.DataFrame, level: str, asked: str | None, by_code: Mapping[str, Any]) -> str:
    """Find what to show for a code that is not of this level: successor, what it is in, the last chosen."""
    last = st.session_state.get("chosen at", {}).get(level)
    usual = last if last in by_code else next(iter(by_code))
    if asked is None:
        return usual
    above = lineage.above(held, asked)
    if above is not None:
        return next((row["code"] for row in above if row["code"] in by_code), usual)
    for old in lineage.succession(edition(), asked):
        if old["successor"] in by_code:
            address.remark(
                f"{old['name']} ({asked}) closed in {wording.month(old['valid_to'])}. "
                f"This shows what it became: {label(by_code[old['successor']])}."
            )
            return str(old["successor"])
    address.remark(
        f"There are no figures for an organisation with the code {address.as_asked(asked)}. "
        f"This shows {label(by_code[usual])}."
    )
    return usual


def label(row: dict[str, Any]) -> str:
    """Name an organisation so that it can be found by name or by code."""
    return row["name"] if row["name"] == row["code"] else f"{row['name']} ({row['code']})"
