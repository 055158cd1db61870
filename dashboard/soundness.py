"""How good an organisation's figures are, in a line: how fresh and whole, what was set aside or revised."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
import streamlit as st
from sqlalchemy import select

from dashboard import provenance, wording
from dashboard.opening import home
from data_contracts.contract import load_contract
from metrics.baseline import month_number
from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from warehouse import revisions, tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundness:
    """What is to be said of the figures on a page: None where it is not known or does not apply.

    `due`: months that should have arrived and have not, each with the measures that lack it.
    """

    newest: date | None
    months_old: int
    due: dict[date, list[str]]
    set_aside: float | None
    provisional: int
    reporting: tuple[int, int] | None
    flagged: int

    @property
    def stale(self) -> bool:
        """Tell whether any measure's newest month is older than expected."""
        return bool(self.due)

    def said(self) -> str:
        """Say it in a line of short sentences."""
        if self.newest is None:
            return "There are no figures to judge."
        when = wording.month(self.newest)
        old = {0: "this month", 1: "1 month ago"}.get(self.months_old, f"{self.months_old} months ago")
        parts = [f"The newest month is {when}, {old}."]
        if self.stale:
            missing = "; ".join(f"{wording.month(m)} ({wording.listing(who)})" for m, who in self.due.items())
            parts[0] = f":orange-badge[⚠ Older than expected] {parts[0]}"
            parts.append(f"Due and not here: {missing}.")
        if self.set_aside is not None:
            parts.append(
                f"{_share(self.set_aside)} of that month's files were set aside for breaking a rule."
            )
        if self.provisional:
            some = "1 month is" if self.provisional == 1 else f"{self.provisional} months are"
            parts.append(f"{some} provisional and may still change.")
        if self.reporting:
            told, asked = self.reporting
            parts.append(f"{told} of {asked} organisation{'s' if asked != 1 else ''} reported.")
        some = {0: "No figure has", 1: "1 figure has"}.get(self.flagged, f"{self.flagged} figures have")
        parts.append(f"{some} been revised by much.")
        return " ".join(parts)


def _share(aside: float) -> str:
    if not aside:
        return "No rows"
    return "Under 0.01% of rows" if aside < 0.00005 else f"{100 * aside:.2f}% of rows"


def due(feeds: Iterable[str], today: date) -> date | None:
    """Give the newest month that should have arrived of every feed by a day, as their contracts promise."""
    promised = [month for feed in feeds if (month := load_contract(feed).due(today))]
    return min(promised, default=None)


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
    feeds = {feed for one in ones for feed in _feeds(one, basis)}
    return Soundness(
        newest=newest,
        months_old=months_since(newest, today) if newest else 0,
        due=_due(with_values, ones, basis, today),
        set_aside=_set_aside(provenance.months_held(edition), feeds, newest),
        provisional=provisional,
        reporting=(round(fewest[0]["reporting"]), round(fewest[0]["expected"])) if fewest else None,
        flagged=flagged(edition, level, code, basis),
    )


def _feeds(one: Indicator, basis: str) -> Sequence[str]:
    return one.published_feeds if basis == "published" else one.feeds


def _due(held: pl.DataFrame, ones: Sequence[Indicator], basis: str, today: date) -> dict[date, list[str]]:
    """Give the months that are due and not held, oldest first, with the short titles of the measures."""
    newest = dict(held.group_by("indicator").agg(pl.col("period").max()).iter_rows())
    missing: dict[date, list[str]] = {}
    for one in ones:
        month = due(_feeds(one, basis), today)
        if month and one.id in newest and newest[one.id] < month:
            missing.setdefault(month, []).append(one.short_title)
    return dict(sorted(missing.items()))


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
