"""What one trajectory page is looking at, and the reads that follow from it."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboard import breaks, merged, outlook, queries, verdicts
from dashboard.kept import kept
from dashboard.noted import Noted
from dashboard.seasons import Seasons
from dashboard.sentences import Reading
from dashboard.spc import Spc
from metrics.footprint import TODAY
from metrics.indicator import Indicator
from metrics.indicators import all_indicators


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One measure at one organisation, on one basis and footprint, as known on one day (None: now)."""

    edition: str
    indicator: Indicator
    level: str
    code: str
    name: str
    parent: str | None
    basis: str
    known_on: date | None
    footprint: str = TODAY

    def history(
        self, level: str | None = None, codes: tuple[str, ...] | None = None, breakdown: str = "all"
    ) -> pl.DataFrame:
        """Read this view's observations, or those of other organisations or of a breakdown."""
        return queries.history(
            self.edition,
            self.indicator.id,
            level or self.level,
            codes or (self.code,),
            breakdown,
            self.basis,
            self.known_on,
            self.footprint,
        )

    def to_deadline(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Carry series on to their deadlines."""
        return queries.to_deadline(self.edition, self.indicator.id, lines, self.known_on)

    def reading(self, name: str, lines: pl.DataFrame) -> Reading:
        """Stand one series against its path, by the metrics room's own rule."""
        if lines.is_empty():
            return Reading.of(self.indicator, name, self.level, None)
        row = verdicts.judged(self.edition, lines, self.known_on).row(0, named=True)
        return Reading.of(self.indicator, name, row["level"], row)

    def readings(self, lines: pl.DataFrame, by: str, names: dict[str, str]) -> dict[str, Reading]:
        """Stand several series at once: those of `names`, by their organisation or their category."""
        rows = verdicts.judged(self.edition, lines, self.known_on).iter_rows(named=True)
        held = {row[by]: row for row in rows if row[by] in names}
        return {
            code: Reading.of(self.indicator, names[code], row["level"], row) for code, row in held.items()
        }

    def spc(self, lines: pl.DataFrame) -> Spc:
        """Read the signals of one series of this measure."""
        return _spc(self.indicator.id, lines, self.recalculations())

    def seasons(self, lines: pl.DataFrame) -> Seasons:
        """Work out the seasons of one series of this measure."""
        return _seasons(self.indicator.id, lines)

    def recalculations(self) -> pl.DataFrame:
        """Read where people have said that the limits start afresh."""
        return queries.recalculations(self.indicator.id, self.known_on)

    def noted(self, lines: pl.DataFrame) -> Noted:
        """Read what people noted of the whole drawn, what merged into it, and breaks in how it counts."""
        series = {"basis": self.basis, "level": self.level, "organisation": self.code}
        whose = (self.indicator.id, self.basis, self.level, self.code)
        mergers = merged.noted(queries.mergers(self.edition), *whose, self.footprint)
        series |= {"breakdown": "all", "category": "all"}
        every = [queries.said(self.indicator.id), mergers, breaks.noted(self.indicator, lines)]
        return Noted.of(pl.concat(every), series, self.known_on)

    def outlook(self) -> outlook.Outlook | None:
        """Read the forecast; None as known on an earlier day, when it was not kept."""
        if self.known_on is not None or self.footprint != TODAY:
            return None
        return outlook.read(self.edition, self.indicator.id, self.level, self.code, self.basis)

    def reach(self) -> verdicts.Reach | None:
        """Count the categories at the target where the target asks it of each."""
        return verdicts.reach(
            self.edition, self.indicator.id, self.level, self.code, self.basis, self.known_on
        )


@kept(256)
def _spc(indicator: str, lines: pl.DataFrame, recalculations: pl.DataFrame) -> Spc:
    return Spc.of(all_indicators()[indicator], lines, recalculations)


@kept(256)
def _seasons(indicator: str, lines: pl.DataFrame) -> Seasons:
    return Seasons.of(all_indicators()[indicator], lines)
