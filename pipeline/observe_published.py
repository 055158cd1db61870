"""Published figures become observations as each file is loaded (docs/decisions/0006)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import polars as pl

from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from pipeline import inputs, read_off
from pipeline.read_off import MEASURES, POINT
from pipeline.refresh import DONE, RefreshReport, roll_up_published
from pipeline.release import code_version
from warehouse import definitions, runs
from warehouse import observations as observation_store
from warehouse.home import Home


class PublishedObserver:
    """Called with each accepted published file; `settle` after the last one.

    The series already known are read once and kept up to date here, so that the hundredth file costs no more
    than the first.
    """

    def __init__(self, home: Home) -> None:
        self.home = home
        self.report: RefreshReport | None = None
        self.whole: dict[str, pl.DataFrame] = {}
        self.about: dict[str, read_off.Said] = {}

    def __call__(self, feed: str, periods: Sequence[date], received_at: datetime) -> None:
        """Write the observations of the months of a published feed that just changed."""
        for indicator in all_indicators().values():
            if feed in indicator.published_feeds:
                self._observe(indicator, list(periods), received_at)

    def _observe(self, indicator: Indicator, periods: list[date], received_at: datetime) -> None:
        if self.report is None:
            definitions.write(self.home, all_indicators().values())
            self.report = RefreshReport(runs.start(self.home, "load"))
        if indicator.id not in self.whole:
            known = observation_store.read(self.home, indicator.id, basis="published", breakdown=None)
            self.whole[indicator.id] = known.select(*POINT, *MEASURES)
            self.about[indicator.id] = read_off.said(self.home, indicator)
        rolled = roll_up_published(self.home, indicator, periods, "polars").select(*POINT, *MEASURES)
        kept = self.whole[indicator.id].filter(~pl.col("period").is_in(periods))
        self.whole[indicator.id] = pl.concat([kept, rolled])
        current = inputs.fingerprints(self.home, indicator, "published")
        written = observation_store.write(
            self.home,
            self._aimed(indicator).filter(pl.col("period").is_in(periods)),
            indicator.id,
            "published",
            periods,
            self.report.run_id,
            received_at,
            fingerprints=current.filter(pl.col("period").is_in(periods)),
        )
        self.report.note(indicator, "published", len(periods), written)

    def _aimed(self, indicator: Indicator) -> pl.DataFrame:
        return read_off.aimed(indicator, self.whole[indicator.id], self.about[indicator.id].plan)

    def settle(self) -> None:
        """Bring paths (which follow the baseline's months), standings and signals in line; end the run."""
        if self.report is None:
            return
        known = all_indicators()
        run_id = self.report.run_id
        for name, about in self.about.items():
            whole = self._aimed(known[name])
            with self.home.writing():
                observation_store.write(self.home, whole, name, "published", None, run_id, datetime.now(UTC))
                read_off.settle(self.home, known[name], "published", whole, about, run_id)
        runs.finish(self.home, run_id, DONE, f"version {code_version()}")
