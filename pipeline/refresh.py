"""The refresh: count the months that changed, roll them up, write the observations that differ."""

import importlib.metadata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import polars as pl

from metrics import counting, geography, observations, trajectory
from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from pipeline import inputs
from pipeline.engines import open_feeds
from warehouse import counted, counts, definitions, records, runs, standings
from warehouse import observations as observation_store
from warehouse.home import Home

Tick = Callable[[str, int, int], None]


@dataclass(slots=True)
class RefreshReport:
    """What a refresh did: a line for each indicator it counted or left out, and observations in all."""

    run_id: int
    lines: list[str] = field(default_factory=list)
    added: int = 0
    closed: int = 0
    unchanged: int = 0


def code_version() -> str:
    """The version of this project that is running."""
    return importlib.metadata.version("neighbourhood-targets")


def refresh(
    home: Home, engine: str = "polars", progress: Tick | None = None, now: datetime | None = None
) -> RefreshReport:
    """Count every indicator's changed months on `engine` and bring observations and standings up to date.

    Safe to repeat: with nothing new it counts nothing. A killed refresh is picked up by the next one, since
    what was counted is recorded after its observations are written.
    """
    moment = now or datetime.now(UTC)
    report = RefreshReport(runs.start(home, engine=engine, code_version=code_version(), at=moment))
    indicators = all_indicators()
    definitions.write(home, indicators.values())
    todo = [(one, basis) for one in indicators.values() for basis in bases(one)]
    for done, (indicator, basis) in enumerate(todo):
        if progress:
            progress(indicator.short_title, done, len(todo))
        if recount(home, indicator, basis, report, engine, moment):
            settle(home, indicator, basis, report.run_id, moment)
    if progress:
        progress("done", len(todo), len(todo))
    runs.finish(home, report.run_id, at=datetime.now(UTC))
    return report


def bases(indicator: Indicator) -> list[str]:
    """The bases an indicator can be counted on."""
    return ["local", "published"] if indicator.published else ["local"]


def recount(
    home: Home, indicator: Indicator, basis: str, report: RefreshReport, engine: str, moment: datetime
) -> bool:
    """Count and write the stale months of one indicator on one basis; True if there were any."""
    current = inputs.fingerprints(home, indicator, basis)
    before = counted.read(home, indicator.id, basis)
    stale = inputs.stale(current, before, reaches_back=indicator.reaches_back)
    if not stale:
        return False
    present = [period for period in stale if period in set(current["period"])]
    rolled = _roll_up(home, indicator, basis, present, engine)
    written = observation_store.write(
        home, rolled, indicator.id, basis, stale, run_id=report.run_id, known_at=moment
    )
    counted.write(home, indicator.id, basis, current.filter(pl.col("period").is_in(stale)), stale)
    report.added += written.added
    report.closed += written.closed
    report.unchanged += written.unchanged
    report.lines.append(
        f"{indicator.id} ({basis}): {len(present)} month{'s' if len(present) != 1 else ''} counted, "
        f"{written.added:,} added, {written.closed:,} closed, {written.unchanged:,} unchanged"
    )
    return True


def _roll_up(
    home: Home, indicator: Indicator, basis: str, periods: Sequence[date], engine: str
) -> pl.DataFrame:
    if basis == "published":
        feeds = open_feeds(home, indicator.published_feeds, engine, periods)
        tallied = counting.count_published(indicator, feeds, periods)
        return observations.roll_up_published(indicator, tallied)
    names = [*indicator.feeds, *(split.needs for split in indicator.breakdowns if split.needs)]
    reach = None if indicator.reaches_back else periods
    feeds = open_feeds(home, list(dict.fromkeys(names)), engine, reach)
    mapped = records.read(home, "neighbourhood_map")
    tallied = counting.count(indicator, feeds, periods, geography.change_dates(mapped))
    finest = geography.attribute(tallied, mapped)
    counts.replace(home, finest, indicator.id, basis, periods)
    return observations.roll_up(indicator, finest, records.read(home, "organisations"))


def settle(home: Home, indicator: Indicator, basis: str, run_id: int, moment: datetime) -> None:
    """Bring targets, paths and standings of one indicator in line with its current observations.

    A corrected baseline month moves the target of every later month, so this looks at the whole series.
    """
    current = observation_store.current(home, indicator.id, basis)
    targets = trajectory.targets_for(indicator, current)
    keys = [*trajectory.SERIES, "period"]
    aimed = current.drop("target", "path").join(targets, on=keys, how="left")
    observation_store.write(
        home, aimed, indicator.id, basis, sorted(aimed["period"].unique()), run_id=run_id, known_at=moment
    )
    standings.write(home, trajectory.standing(indicator, aimed), run_id)


class PublishedObserver:
    """Writes the observations of a published file as soon as it is accepted (docs/decisions/0006)."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.report: RefreshReport | None = None
        self.touched: dict[str, Indicator] = {}

    def __call__(self, feed: str, periods: Sequence[date], received_at: datetime) -> None:
        """Count the months of a published feed that just changed."""
        for indicator in all_indicators().values():
            if feed in indicator.published_feeds:
                if self.report is None:
                    self.report = RefreshReport(
                        runs.start(self.home, engine="polars", code_version=code_version(), at=received_at)
                    )
                if recount(self.home, indicator, "published", self.report, "polars", received_at):
                    self.touched[indicator.id] = indicator

    def settle(self) -> None:
        """After the last file: targets, standings and the run's end."""
        if self.report is None:
            return
        now = datetime.now(UTC)
        for indicator in self.touched.values():
            settle(self.home, indicator, "published", self.report.run_id, now)
        runs.finish(self.home, self.report.run_id, at=now)
