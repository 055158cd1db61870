"""Where series stand, with the rule of targets that several categories must each reach."""

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from dashboard import queries
from dashboard.kept import kept
from dashboard.opening import home
from metrics.indicators import all_indicators
from metrics.k_of_n import held_to_rule, reaching
from metrics.trajectory import standing
from warehouse import standings

Reach = tuple[int, int]
"""How many of the rule's categories stand at the target, and how many have a verdict at all."""


@kept(256)
def parts(
    edition: str,
    indicator: str,
    level: str,
    codes: tuple[str, ...],
    basis: str,
    known_on: date | None = None,
) -> pl.DataFrame:
    """Read the standings of a rule's categories at some organisations of a level, as `standing` gives them.

    As known on an earlier day they are worked out again. Empty without a rule or without figures.
    """
    one = all_indicators()[indicator]
    rule = one.k_of_n
    if rule is None:
        return pl.DataFrame()
    if known_on is None:
        found = standings.read(home(), indicator, [level], codes, rule.breakdown, basis)
        return found.drop("organisation_name")
    lines = queries.history(edition, indicator, level, codes, rule.breakdown, basis, known_on)
    if lines.is_empty():
        return pl.DataFrame()
    plan = queries.plan(edition, indicator, known_on)
    return standing(one, lines.drop("target", "path"), plan=plan)


@st.cache_data(max_entries=512, show_spinner=False)
def reach(
    edition: str, indicator: str, level: str, code: str, basis: str, known_on: date | None = None
) -> Reach | None:
    """Count the categories at the target; None without a rule or without figures."""
    found = parts(edition, indicator, level, (code,), basis, known_on)
    if found.is_empty():
        return None
    counted = reaching(all_indicators()[indicator], found)
    return (counted["reaching"][0], counted["with_data"][0]) if counted.height else None


@kept(256)
def judged(edition: str, lines: pl.DataFrame, known_on: date | None = None) -> pl.DataFrame:
    """Stand each series of `queries.history` against its path, a rule over categories included: a row each.

    `lines` is of one indicator, level, basis and breakdown.
    """
    declared = all_indicators()[lines["indicator"][0]]
    plan = queries.plan(edition, declared.id, known_on)
    found = standing(declared, lines.drop("target", "path"), plan=plan)
    # Only a whole that meets the target can be held back by its categories.
    held = found.filter(pl.col("breakdown") == "all", pl.col("status_words") == "met")
    if declared.k_of_n is None or held.is_empty():
        return found
    level, basis = held.row(0, named=True)["level"], held.row(0, named=True)["basis"]
    beside = parts(edition, declared.id, level, tuple(held["organisation"]), basis, known_on)
    whole = found if beside.is_empty() else pl.concat([found, beside.select(found.columns)], how="vertical")
    return held_to_rule(declared, whole).filter(pl.col("breakdown") == "all").sort("organisation")


@kept(128)
def scorecard(
    edition: str, level: str, code: str, basis: str, known_on: date | None = None
) -> tuple[dict[str, dict[str, Any]], pl.DataFrame]:
    """Give one organisation's headline standings by indicator, and its observations for sparklines.

    As known on an earlier day the standings are worked out again from the observations of that day.
    """
    lines = queries.history(edition, None, level, (code,), "all", basis, known_on)
    if known_on is None:
        found = standings.read(home(), levels=[level], organisations=[code], basis=basis)
        return {row["indicator"]: row for row in found.iter_rows(named=True)}, lines
    then = {}
    for one in lines.partition_by("indicator"):
        declared = all_indicators().get(one["indicator"][0])
        if declared is not None:
            then[declared.id] = judged(edition, one, known_on).row(0, named=True)
    return then, lines
