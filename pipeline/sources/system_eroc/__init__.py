"""Specialist advice activity (NHS England, System EROC, CSV) -> two feeds, one for each view.

The view of integrated care boards (who asked) and of providers (who answered) do not reconcile: they are
never added together, nor is one filled in from the other. Flag layout: a published row is a number of
requests that are all alike in month, organisation, type, scope, specialty and in two flags; the total is all
its requests, the processed and the diverted are those flagged Yes. History is restated every month: the
months of a file replace those held.
Source: NHS England, System e-RS and specialist advice activity (EROC); its columns, as no file is to hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from pipeline.delimited import TextTable
from pipeline.sources import regions
from pipeline.sources.headers import Synonyms, known, place
from pipeline.sources.newest_names import newest_names
from pipeline.sources.published import Published
from pipeline.sources.system_eroc import tidy
from pipeline.sources.system_eroc.layout import BY_PROVIDER, BY_SYSTEM, FLAGS, OPTIONAL

__all__ = ["ANSWERED", "RAISED", "View"]


@dataclass(frozen=True)
class View:
    """One of the two views, as an adapter: its feed, the level of its organisations, its table of columns."""

    FEED: str
    level: Literal["system", "provider"]
    columns: Synonyms

    def claims(self, columns: Sequence[str]) -> bool:
        """Whether a file with these headers means to be this view (it may still be refused)."""
        found = known(columns, self.columns)
        return "code" in found and len(found & {*FLAGS, "requests", "request_type", "specialty"}) >= 3

    def read(self, table: TextTable) -> Published:
        """The file as the feed's frame. Raises RefusedFile with a sentence for each fault."""
        placed = place(table, self.columns, OPTIONAL)
        rows = tidy.rows(placed, self.level)
        notices = tidy.check(placed, rows)
        frame = tidy.totals(rows)
        periods = tuple(frame["period"].unique().sort())
        return Published(self.FEED, periods, frame, notices=(*placed.notices, *notices))

    def organisations(self, held: pl.DataFrame) -> pl.DataFrame:
        """Every board or provider by its newest name, as the feed `organisations`."""
        return newest_names(held.with_columns(level=pl.lit(self.level)), pl.lit(regions.ENGLAND))


RAISED = View("specialist_advice_by_system", "system", BY_SYSTEM)
ANSWERED = View("specialist_advice_by_provider", "provider", BY_PROVIDER)
