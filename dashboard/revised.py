"""What later issues changed, read and said: cached reads of revisions, and each in the words of a board."""

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from dashboard import spc, wording
from dashboard.names import readable
from dashboard.opening import home
from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from metrics.revisions import ADDED, LARGE_POINTS, LARGE_SHARE, WITHDRAWN
from warehouse import revisions

FLAG = "⚑ Large"
DECLARED = (
    f"a share that moved by more than {100 * LARGE_POINTS:g} points, another value or the count behind it "
    f"that moved by more than {100 * LARGE_SHARE:g}%, or a figure that was withdrawn"
)
"""What is flagged, as the metrics room declares it."""


@st.cache_data(max_entries=64, show_spinner=False)
def read(
    edition: str,
    indicator: str,
    level: str,
    basis: str,
    code: str | None = None,
    known_on: date | None = None,
) -> pl.DataFrame:
    """Read the headline revisions of a measure at a level, or of one organisation: `revisions.COLUMNS`."""
    found = revisions.read(
        home(),
        all_indicators()[indicator],
        basis=basis,
        levels=[level],
        organisations=[code] if code else None,
        as_known_on=known_on,
    )
    return found.with_columns(readable(pl.col("organisation_name")))


@st.cache_data(max_entries=4, show_spinner=False)
def by_measure(edition: str) -> pl.DataFrame:
    """Count headline revisions by indicator, basis and level: revised, flagged, newest (a moment)."""
    known = all_indicators()
    found = [
        revisions.read(home(), known[one], signals=False).select(
            "indicator", "basis", "level", "flagged", "known_at"
        )
        for one in revisions.indicators(home())
        if one in known
    ]
    if not found:
        return pl.DataFrame()
    return (
        pl.concat(found)
        .group_by("indicator", "basis", "level")
        .agg(pl.len().alias("revised"), pl.col("flagged").sum(), pl.col("known_at").max().alias("newest"))
        .sort("flagged", "revised", "indicator", "level", descending=[True, True, False, False])
    )


def figure(one: Indicator, amount: float | None, counted: bool) -> str:
    """Write a value finely enough for a revision to be seen: 75.55%."""
    if amount is not None and one.kind == "proportion":
        return f"{100 * amount:.2f}%"
    return wording.value(one, amount, counted)


def change(one: Indicator, row: dict[str, Any]) -> str:
    """Say how far the value moved, signed: "+0.01 points", "−3.2%", or what became of it."""
    if row["kind"] == WITHDRAWN:
        return "Withdrawn"
    if row["kind"] == ADDED:
        return "Given where there was none"
    if one.kind == "proportion":
        return f"{_signed(100 * row['change'], 2)} points"
    return "none before" if row["share"] is None else f"{_signed(100 * row['share'], 1)}%"


def behind(row: dict[str, Any]) -> str:
    """Say how the count behind a value moved: "2,350,478 → 2,351,581 (+0.05%)"."""
    side = "numerator" if row["denominator_before"] is None else "denominator"
    before, after = row[f"{side}_before"], row[f"{side}_after"]
    if before == after:
        return f"{wording.number(before, 0)}, unchanged"
    said = f"{wording.number(before, 0)} → {wording.number(after, 0)}"
    share = row["denominator_share"]
    return said if share is None else f"{said} ({_signed(100 * share, 2)}%)"


def turned(row: dict[str, Any]) -> str:
    """Say which signals a revision turned; "Nothing" where it turned none."""
    said = []
    if row["standing_before"] != row["standing_after"]:
        said.append(f"verdict {_standing(row['standing_before'])} → {_standing(row['standing_after'])}")
    if row["state_before"] != row["state_after"]:
        sides = [spc.state_words(row[f"state_{side}"]) for side in ("before", "after")]
        said.append(f"this month's point {sides[0]} → {sides[1]}")
    for name, words in (("variation", wording.VARIATION), ("assurance", wording.ASSURANCE)):
        before, after = row[f"{name}_before"], row[f"{name}_after"]
        if before != after:
            said.append(f"{name} {words.get(before, '–')} → {words.get(after, '–')}")
    others = (row["points_turned"] or 0) - (row["state_before"] != row["state_after"])
    if others > 0:
        said.append("1 other month's point" if others == 1 else f"{others} other months' points")
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}" if text else "Nothing"


def sentence(one: Indicator, row: dict[str, Any], counted: bool) -> str:
    """Say one revision beside its figure."""
    return (
        f"{wording.month(row['period'])} was revised on {wording.day(row['known_at'])}: "
        f"{figure(one, row['value_before'], counted)} → {figure(one, row['value_after'], counted)} "
        f"({change(one, row)}); the count behind it {behind(row)}"
    )


def _standing(words: str | None) -> str:
    return wording.standing(words).words


def _signed(amount: float, places: int) -> str:
    text = f"{abs(amount):.{places}f}"
    if not float(text):
        return f"under {10.0**-places:.{places}f}" if amount else text
    return f"{'+' if amount > 0 else '−'}{text}"
