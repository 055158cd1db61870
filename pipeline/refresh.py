"""The refresh: count the months that changed, roll them up, write the observations that differ."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import polars as pl

from metrics import counting, geography, observations
from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from pipeline import footprints, inputs, provider_boards, read_off
from pipeline.engines import open_feeds
from pipeline.read_off import MEASURES, POINT
from pipeline.release import code_version
from warehouse import counts, definitions, derived, records, runs
from warehouse import observations as observation_store
from warehouse.home import Home

Tick = Callable[[str, int, int], None]
DONE = "done"


@dataclass(slots=True)
class RefreshReport:
    """What a refresh did: a line for each indicator it counted, and observations in all.

    `people` keeps populations that several indicators are set against, counted once.
    """

    run_id: int
    people: dict[tuple[object, ...], pl.DataFrame] = field(default_factory=dict, repr=False)
    lines: list[str] = field(default_factory=list)
    added: int = 0
    closed: int = 0
    unchanged: int = 0

    def note(self, indicator: Indicator, basis: str, months: int, written: observation_store.Written) -> None:
        """Add what was written for one indicator on one basis."""
        self.added += written.added
        self.closed += written.closed
        self.unchanged += written.unchanged
        self.lines.append(
            f"{indicator.id} ({basis}): {months} month{'s' * (months != 1)} counted, "
            f"{written.added:,} added, {written.closed:,} closed, {written.unchanged:,} unchanged"
        )


def refresh(home: Home, engine: str = "polars", progress: Tick | None = None) -> RefreshReport:
    """Count every indicator's changed months on `engine`; bring observations and standings up to date.

    Safe to repeat: with nothing new it counts nothing. Each indicator is one transaction, so a killed refresh
    is picked up by the next one where it stopped.
    """
    report = RefreshReport(runs.start(home, f"refresh --engine {engine}"))
    indicators = all_indicators()
    definitions.write(home, indicators.values())
    todo = [
        (one, basis)
        for one in indicators.values()
        for basis in ("local", "published")
        if basis == "local" or one.published
    ]
    for done, (indicator, basis) in enumerate(todo):
        if progress:
            progress(indicator.short_title, done, len(todo))
        recount(home, indicator, basis, report, engine)
    if progress:
        progress("done", len(todo), len(todo))
    runs.finish(home, report.run_id, DONE, f"version {code_version()}: {report.added:,} added")
    return report


def recount(home: Home, indicator: Indicator, basis: str, report: RefreshReport, engine: str) -> None:
    """Count the stale months of one indicator on one basis, if any, and write what differs.

    With no month to count, but a plan or a recalculation that is new, paths and signals are read off again.
    """
    current = inputs.fingerprints(home, indicator, basis)
    before = inputs.counted(home, indicator, basis)
    stale = inputs.stale(current, before, indicator)
    about = said(home, indicator, basis)
    if not stale:
        if not before.is_empty() and derived.read(home, indicator.id, basis) != about.fingerprint:
            report.note(indicator, basis, 0, reread(home, indicator, basis, about, report.run_id))
        return
    present = [period for period in stale if period in set(current["period"])]
    newest = current["period"].max()
    rolled = (
        roll_up_published(home, indicator, present, engine)
        if basis == "published"
        else roll_up_local(home, indicator, present, engine, newest, report.people)
    )
    with home.writing():
        kept = footprints.as_was(home, indicator, basis).filter(~pl.col("period").is_in(stale))
        whole = pl.concat([kept, rolled.select(*POINT, *MEASURES)])
        written = settle(home, indicator, basis, whole, about, report.run_id, fingerprints=current)
    report.note(indicator, basis, len(present), written)


def said(home: Home, indicator: Indicator, basis: str) -> read_off.Said:
    """What people said of an indicator; of published figures, who took over from whom, and where."""
    if basis != "published":
        return read_off.said(home, indicator)
    followed = footprints.successions(home)
    placed = provider_boards.placed(home, followed) if indicator.systems_of_providers else None
    return read_off.said(home, indicator, followed, placed)


def reread(
    home: Home, indicator: Indicator, basis: str, about: read_off.Said, run_id: int
) -> observation_store.Written:
    """Bring footprints, paths, standings and signals in line with what was said, from what rests here."""
    with home.writing():
        whole = footprints.as_was(home, indicator, basis)
        return settle(home, indicator, basis, whole, about, run_id)


def settle(
    home: Home,
    indicator: Indicator,
    basis: str,
    whole: pl.DataFrame,
    about: read_off.Said,
    run_id: int,
    fingerprints: pl.DataFrame | None = None,
) -> observation_store.Written:
    """Write `whole` (all there is of an indicator on a basis, as it was) and all that is read off it."""
    with home.writing():
        written, lines = footprints.write(
            home, indicator, basis, whole, about, None, run_id, datetime.now(UTC), fingerprints
        )
        footprints.tell(home, indicator, whole, about.successions)
        read_off.settle(home, indicator, basis, lines, about, run_id)
        runs.tell(home, run_id, f"last written: {indicator.id} ({basis})")
    return written


def roll_up_published(home: Home, indicator: Indicator, periods: list[date], engine: str) -> pl.DataFrame:
    """Count some months of a published feed: `metrics.observations.COLUMNS`."""
    feeds = open_feeds(home, indicator.published_feeds, engine, periods)
    return observations.roll_up_published(indicator, counting.count_published(indicator, feeds, periods))


def roll_up_local(
    home: Home,
    indicator: Indicator,
    periods: list[date],
    engine: str,
    newest: date,
    people: dict[tuple[object, ...], pl.DataFrame],
) -> pl.DataFrame:
    """Count some months of the stored records, and keep the finest grain: `metrics.observations.COLUMNS`.

    `people` holds the populations counted so far, and gains this indicator's.
    """
    feeds = open_feeds(home, indicator.all_feeds, engine, None if indicator.reaches_back else periods)
    mapped = records.read(home, "neighbourhood_map")
    changes = geography.change_dates(mapped)
    population = (*indicator.population, *periods) if indicator.at_risk else None
    if population and population not in people:
        people[population] = counting.count_people(indicator, feeds, periods, changes)
    at_risk = people[population] if population else None
    tallied = counting.count(indicator, feeds, periods, changes, at_risk)
    finest = geography.attribute(tallied, mapped)
    counts.replace(home, finest, indicator.id, "local", periods)
    return observations.roll_up(indicator, finest, records.read(home, "organisations"), mapped, newest)
