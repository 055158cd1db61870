"""What the page that compares organisations is looking at."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboard import wording
from metrics.indicator import Indicator


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What is compared: one measure, or a part of it, at one level over some months; `rows` are placed."""

    edition: str
    one: Indicator
    level: str
    basis: str
    inside: str | None
    known: date | None
    part: str
    peers: tuple[str, ...]
    first: date
    last: date
    rows: pl.DataFrame

    @property
    def counted(self) -> bool:
        """Tell whether organisations of the level are counted by where care was given."""
        return self.level in wording.PLACES_OF_CARE

    @property
    def many(self) -> str:
        """Say what is compared: "systems"."""
        return wording.many(self.level)

    @property
    def best_first(self) -> pl.DataFrame:
        """Give the rows best first; those without a value last."""
        return self.rows.sort("value", descending=self.one.better == "higher", nulls_last=True)

    def months(self) -> str:
        """Say the months: "July 2026 to September 2026"."""
        last = wording.month(self.last)
        return last if self.first == self.last else f"{wording.month(self.first)} to {last}"

    def value(self, amount: float | None) -> str:
        """Write a value as it is written at this level."""
        return wording.value(self.one, amount, self.counted)
