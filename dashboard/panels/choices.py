"""The choices that make a view. Each stands in the address by its code, so that a link shows anyone the same.

`level`, `organisation`, `indicator`, `basis`, `known_on` have the same key on every page: chosen once, kept
from page to page. Where the address asks for what is not there, a sentence says so; the usual is shown.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import streamlit as st

from dashboard import glossary, lineage, published, queries, wording
from dashboard.panels import address
from metrics.footprint import AS_WAS, FOOTPRINTS, TODAY
from metrics.indicator import Indicator
from metrics.indicators import all_indicators

WHOLE = "all"
SIGNALS, SEASONS, FORECAST, LAST_YEAR, PATH = "signals", "seasons", "forecast", "last_year", "path"
COMPARE, SHOWS, FOOTPRINT = "compare", "shows", "footprint"


def edition() -> str:
    """Give the edition of the figures this page view was opened with."""
    return str(st.session_state["edition"])


def choose(title: str, options: Mapping[str, str], key: str, help: str | None = None) -> str:
    """Choose one of `options` (code -> words; the first is the usual one) and give its code.

    `key` is the name in the address. A key of one page alone is left out of it while the choice is the usual.
    """
    usual = next(iter(options))
    asked = address.view().get(key)
    code = asked if asked in options else usual
    if asked not in (None, code):
        address.remark(f"{title}: “{asked}” is not among the choices here. This shows {options[code]}.")
    address.settle(key, code if key in address.SHARED or code != usual else None)
    # Always: a box of the same key on the page before would answer for this one, which begins empty.
    st.session_state[key] = code
    st.selectbox(
        title,
        list(options),
        format_func=lambda one: options.get(one, one),
        key=key,
        help=help,
        on_change=lambda: address.chose(key, st.session_state[key]),
    )
    return code


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
            address.remark(f"Level: “{asked}” is not a level of organisation.")
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
        f"There are no figures for an organisation with the code “{asked}”. "
        f"This shows {label(by_code[usual])}."
    )
    return usual


def label(row: dict[str, Any]) -> str:
    """Name an organisation so that it can be found by name or by code."""
    return row["name"] if row["name"] == row["code"] else f"{row['name']} ({row['code']})"


def indicator(ids: Sequence[str]) -> Indicator:
    """Choose a measure: the national targets first, then second definitions and companions."""
    declared = all_indicators()
    ordered = [one for one in in_order(declared) if one.id in ids]
    asked = address.view().get(address.MEASURE)
    if asked in declared and asked not in ids:
        address.remark(
            f"{declared[asked].short_title} has no figures here. This shows {ordered[0].short_title}."
        )
        address.settle(address.MEASURE, None)
    return declared[
        choose(
            "Measure",
            {one.id: measure_label(one) for one in ordered},
            address.MEASURE,
            help=glossary.explain("indicator", "companion"),
        )
    ]


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


def split(one: Indicator, whole: str, held: Sequence[str], key: str = COMPARE) -> str:
    """Choose what small charts compare: other organisations (`all`), or one of the breakdowns `held`."""
    titles = {WHOLE: whole, **{each.name: each.title for each in one.breakdowns if each.name in held}}
    return choose("Compare by", titles, key, help=glossary.explain("breakdown"))


def layer(seasons: bool, key: str = SHOWS) -> str:
    """Choose what the main chart shows; signals without `seasons` only where there are years enough."""
    layers = {
        SIGNALS: "Signals",
        SEASONS: "Signals, seasons taken out",
        FORECAST: "Forecast",
        LAST_YEAR: "Same month last year",
        PATH: "Path only",
    }
    if not seasons:
        del layers[SEASONS]
    return choose("Chart shows", layers, key)


def basis(available: Sequence[str]) -> str:
    """Choose local records or published figures, where both exist; otherwise what there is, with no box."""
    if len(available) < 2:
        return available[0] if available else "local"
    return choose(
        "Figures from",
        {one: wording.BASES[one] for one in available},
        address.BASIS,
        help=glossary.explain("basis"),
    )


def asked_footprint() -> str:
    """Give the footprint that the address asks for; today's unless it is another that there is."""
    asked = address.view().get(FOOTPRINT)
    return asked if asked in FOOTPRINTS else TODAY


def footprint(differs: bool) -> str:
    """Choose organisations as they are or as they were; no box where both are the same."""
    if not differs:
        address.settle(FOOTPRINT, None)
        return TODAY
    titles = {TODAY: "As they are today", AS_WAS: "As they were"}
    return choose("Organisations", titles, FOOTPRINT, "Merged ones together, or each with its own history.")


def known_on() -> date | None:
    """Choose an earlier day to see the figures as they were known then; None is now."""
    first, today = queries.first_known(edition()), datetime.now(UTC).date()
    last = max(today, first) if first else today
    asked = address.view().get(address.KNOWN)
    day = _day(asked, first or last, last)
    if asked and day is None:
        since = f" between {wording.day(first)} and {wording.day(last)}" if first else ""
        address.remark(f"As known on: “{asked}” is not a day{since}. This shows the newest figures.")
    address.settle(address.KNOWN, day.isoformat() if day else None)
    st.session_state[address.KNOWN] = day
    with st.expander("See the figures as they were known on an earlier day"):
        st.date_input(
            "As known on",
            value=None,
            min_value=first,
            max_value=last,
            format="DD/MM/YYYY",
            help="Figures change when late or corrected files arrive. Leave empty for the newest.",
            key=address.KNOWN,
            on_change=_known_day,
        )
    if day:
        st.info(
            f"These are the figures as known at the end of {wording.day(day)}.", icon=":material/history:"
        )
    return day


def _known_day() -> None:
    day = st.session_state[address.KNOWN]
    address.chose(address.KNOWN, day.isoformat() if isinstance(day, date) else None)


def _day(written: str | None, first: date, last: date) -> date | None:
    try:
        day = date.fromisoformat(written or "")
    except ValueError:
        return None
    return day if first <= day <= last else None
