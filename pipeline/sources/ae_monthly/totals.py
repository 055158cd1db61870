"""Figures that an A&E workbook gives twice: a sheet of totals held against what its providers make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from pipeline.reading import RefusedFile
from pipeline.sources.ae_monthly.workbook import read_workbook
from pipeline.sources.ae_monthly.workbook_sheet import Figures
from pipeline.sources.published import Notice
from pipeline.sources.values import FAULTS_NAMED
from pipeline.workbooks import Workbook

_COUNTS = ("attendances", "over")


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """One kind of sheet of totals, and the words of what is found.

    `rules` names the notices: they agree, they differ, they could not be compared. `sheets` finds the
    sheets; `ours` makes of figures by provider code, kind, attendances and over. Where `join` is "full", a
    code on one side alone differs unless it has nothing there; where "left", only codes of the sheet count.
    """

    rules: tuple[str, str, str]
    title: str
    one: str
    agrees: str
    differs: str
    column: str
    sheets: Callable[[Workbook], Sequence[Figures]]
    ours: Callable[[pl.DataFrame], pl.DataFrame]
    join: Literal["full", "left"]
    tolerance: float = 0.0

    def check(self, book: Workbook) -> list[Notice]:
        """What differs, as a notice that warns; one that says they agree; none without such a sheet."""
        try:
            published = self.sheets(book)
            returned = read_workbook(book).frame if published else None
        except RefusedFile as error:
            reason = f"The figures by {self.title} could not be compared: {error.reasons[0]}"
            return [Notice(self.rules[2], reason, 0, severity="warning")]
        if returned is None:
            return []
        ours = self.ours(returned)
        return [self._compared(one, ours) for one in published]

    def _compared(self, published: Figures, ours: pl.DataFrame) -> Notice:
        said, name = published.providers, published.sheet.name
        both = _by_kind(published).join(
            ours, on=["code", "kind"], how=self.join, suffix="_ours", coalesce=True, nulls_equal=True
        )
        apart = [(pl.col(one).fill_null(0) - pl.col(f"{one}_ours").fill_null(0)).abs() for one in _COUNTS]
        wrong = both.filter(pl.any_horizontal(gap > self.tolerance for gap in apart))["code"]
        named = wrong.fill_null("organisations of none").unique().sort()
        if named.is_empty():
            reason = f"The {said.height} {self.one}s of the sheet '{name}' {self.agrees}."
            return Notice(self.rules[0], reason, said.height)
        reason = (
            f"{named.len()} {self.one}(s) of the sheet '{name}' differ from {self.differs}: "
            f"{', '.join(named.head(FAULTS_NAMED))}."
        )
        return Notice(self.rules[1], reason, named.len(), self.column, "warning")


def _by_kind(published: Figures) -> pl.DataFrame:
    """The sheet's figures in rows: code, kind, attendances, over."""
    kinds = [part for what, part in published.columns if what == "attendances" and part != "all"]
    return pl.concat(
        published.providers.select(
            "code", kind=pl.lit(kind), **{name: pl.col(published.columns[name, kind]) for name in _COUNTS}
        )
        for kind in kinds
    )
