"""How good an organisation's figures are, in a line: how fresh and whole, what was set aside or revised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
import streamlit as st
from sqlalchemy import select

from dashboard import provenance, wording
from dashboard.opening import home
from metrics.baseline import month_number
from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from warehouse import revisions, tables

EXPECTED_WITHIN = 3
"""Months. National monthly figures come out within six to ten weeks of the month's end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundness:
    """What is to be said of the figures on a page: None where it is not known or does not apply."""

    newest: date | None
    months_old: int
    set_aside: float | None
    provisional: int
    reporting: tuple[int, int] | None
    flagged: int

    @property
    def stale(self) -> bool:
        """Tell whether the newest month is older than expected."""
        return self.months_old > EXPECTED_WITHIN

    def said(self) -> str:
        """Say it in a line of short sentences."""
        if self.newest is None:
            return "There are no figures to judge."
        when = wording.month(self.newest)
        old = "1 month" if self.months_old == 1 else f"{self.months_old} months"
        parts = [f"The newest month is {when}, {old} ago."]
        if self.stale:
            parts = [
                f":orange-badge[⚠ Older than expected] The newest month is {when}, {old} ago. "
                f"Monthly figures should come within {EXPECTED_WITHIN}."
            ]
        if self.set_aside is not None:
            share = "No rows" if not self.set_aside else f"{100 * self.set_aside:.2f}% of rows"
            parts.append(f"{share} of that month's files were set aside for breaking a rule.")
        if self.provisional:
            some = "1 month is" if self.provisional == 1 else f"{self.provisional} months are"
            parts.append(f"{some} provisional and may still change.")
        if self.reporting:
            parts.append(f"{self.reporting[0]} of {self.reporting[1]} organisations reported.")
        some = {0: "No figure has", 1: "1 figure has"}.get(self.flagged, f"{self.flagged} figures have")
        parts.append(f"{some} been revised by much.")
        return " ".join(parts)


def months_since(newest: date, today: date) -> int:
    """Count the months from the newest one held to the one that today is in."""
    return month_number(today) - month_number(newest)


def of(
    edition: str,
    level: str,
    code: str,
    basis: str,
    lines: pl.DataFrame,
    ones: Sequence[Indicator],
    today: date,
) -> Soundness:
    """Judge the headline figures of one organisation: `lines` is its `verdicts.scorecard` observations."""
    ids = [one.id for one in ones]
    mine = lines.filter(pl.col("indicator").is_in(ids))
    with_values = mine.drop_nulls("value")
    newest: date | None = with_values["period"].max()  # type: ignore[assignment]
    last = with_values.filter(pl.col("period") == pl.lit(newest, pl.Date)).drop_nulls(
        ["reporting", "expected"]
    )
    fewest = last.sort(pl.col("reporting") / pl.col("expected")).head(1).to_dicts()
    provisional = mine.filter(pl.col("status") == "provisional")["period"].n_unique()
    feeds = {feed for one in ones for feed in (one.published_feeds if basis == "published" else one.feeds)}
    return Soundness(
        newest=newest,
        months_old=months_since(newest, today) if newest else 0,
        set_aside=_set_aside(provenance.months_held(edition), feeds, newest),
        provisional=provisional,
        reporting=(round(fewest[0]["reporting"]), round(fewest[0]["expected"])) if fewest else None,
        flagged=flagged(edition, level, code, basis),
    )


def _set_aside(held: pl.DataFrame, feeds: set[str], month: date | None) -> float | None:
    files = held.filter(pl.col("feed").is_in(feeds), pl.col("period") == pl.lit(month, pl.Date))
    rows = int(files["rows"].sum())
    return int(files["quarantined"].sum()) / rows if rows else None


@st.cache_data(max_entries=256, show_spinner=False)
def flagged(edition: str, level: str, code: str, basis: str) -> int:
    """Count an organisation's headline figures of the national targets that were revised by much."""
    changed = _changed(level, code, basis)
    targets = [one for one in all_indicators().values() if one.role == "target" and one.id in changed]
    found = [
        revisions.read(home(), one, basis=basis, levels=[level], organisations=[code], signals=False)
        for one in targets
    ]
    return sum(int(each["flagged"].sum()) for each in found)


def _changed(level: str, code: str, basis: str) -> set[str]:
    """Name the measures of which any figure was ever replaced: only they can have been revised."""
    series, observation = tables.series, tables.observation
    wanted = (
        select(series.c.indicator)
        .join(observation, observation.c.series_id == series.c.id)
        .where(
            series.c.level == level,
            series.c.organisation == code,
            series.c.basis == basis,
            series.c.breakdown == "all",
            observation.c.known_to.is_not(None),
        )
        .distinct()
    )
    with home().reading() as connection:
        return {row[0] for row in connection.execute(wanted)}
