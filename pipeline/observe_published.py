"""Published figures become observations as each file is loaded (docs/decisions/0006)."""

from collections.abc import Sequence
from datetime import date, datetime

import polars as pl

from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from pipeline import footprints, inputs, provider_boards, read_off
from pipeline.read_off import MEASURES, POINT
from pipeline.refresh import DONE, RefreshReport, roll_up_published, said, settle
from pipeline.release import code_version
from warehouse import definitions, runs
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
            elif indicator.published and feed in (
                *footprints.FEEDS,
                *(provider_boards.FEEDS if indicator.systems_of_providers else ()),
            ):
                self.about.pop(indicator.id, None)
                self._known(indicator)

    def _known(self, indicator: Indicator) -> None:
        """Read once what is known of an indicator, and what was said of it."""
        if self.report is None:
            definitions.write(self.home, all_indicators().values())
            self.report = RefreshReport(runs.start(self.home, "load"))
        if indicator.id not in self.whole:
            self.whole[indicator.id] = footprints.as_was(self.home, indicator, "published")
        if indicator.id not in self.about:
            self.about[indicator.id] = said(self.home, indicator, "published")

    def _observe(self, indicator: Indicator, periods: list[date], received_at: datetime) -> None:
        self._known(indicator)
        rolled = roll_up_published(self.home, indicator, periods, "polars").select(*POINT, *MEASURES)
        kept = self.whole[indicator.id].filter(~pl.col("period").is_in(periods))
        self.whole[indicator.id] = pl.concat([kept, rolled])
        current = inputs.fingerprints(self.home, indicator, "published")
        written, _ = footprints.write(
            self.home,
            indicator,
            "published",
            self.whole[indicator.id],
            self.about[indicator.id],
            periods,
            self.report.run_id,
            received_at,
            current.filter(pl.col("period").is_in(periods)),
        )
        self.report.note(indicator, "published", len(periods), written)

    def settle(self) -> None:
        """Bring footprints, paths (which follow the baseline's months) and all else in line; end the run."""
        if self.report is None:
            return
        known = all_indicators()
        run_id = self.report.run_id
        for name, about in self.about.items():
            if not self.whole[name].is_empty():
                settle(self.home, known[name], "published", self.whole[name], about, run_id)
        runs.finish(self.home, run_id, DONE, f"version {code_version()}")
