"""Which area lies in which (ONS lookups, CSV) -> five feeds, each a snapshot: the newest loaded stands.

A lookup is a row of the table in `layout`; its headers carry the year of the areas (`lsoa21_code`,
`LAD24CD`), which may be any year and is kept as the vintage. Source: Office for National Statistics, Open
Geography Portal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from data_contracts.contract import load_contract
from pipeline.delimited import TextTable
from pipeline.reading import RefusedFile
from pipeline.sources import regions
from pipeline.sources.headers import Placed, key, place
from pipeline.sources.ons_lookups.layout import LAYOUTS, PASSED_OVER, YEAR, Layout
from pipeline.sources.published import Notice, Published
from pipeline.sources.values import FAULTS_NAMED, refuse_cells

__all__ = ["LOOKUPS", "Lookup"]

# Fractions are published to sixteen places; a trust's add up to 1 but for rounding.
_NEAR_ONE = 1e-6


def undated(header: str) -> str:
    """A header's words without the year of its area: `lsoa code` for `lsoa21_code` and for `LSOA21CD`."""
    words = re.sub(r"\b([a-z]+?)([0-9]{2})(cd|nm|cdh)\b", r"\1 \3", key(header))
    words = re.sub(YEAR, r"\1", words)
    said = {"cd": "code", "nm": "name", "cdh": "code nhs"}
    return " ".join(said.get(word, word) for word in words.split())


@dataclass(frozen=True)
class Lookup:
    """One lookup as an adapter."""

    FEED: str
    layout: Layout

    def claims(self, columns: Sequence[str]) -> bool:
        """Whether a file with these headers means to be this lookup (it may still be refused)."""
        found = {
            name for name, words in self.layout.columns.items() for one in columns if undated(one) in words
        }
        return found >= set(self.layout.known_by)

    def read(self, table: TextTable) -> Published:
        """The file as the feed's frame. Raises RefusedFile with a sentence for each fault."""
        kept, passed = _without_others(table)
        placed = place(kept, self._words(kept.columns), self.layout.optional)
        text = placed.table.cells.select("row", *(placed.cell(name) for name in placed.places))
        for name, pattern in self.layout.shapes.items():
            if name in placed.places:
                odd = text.filter(~pl.col(name).str.contains(pattern[0])).select("row", name)
                refuse_cells(placed.file, placed.header(name), odd, pattern[1])
        _check(placed, text, self.layout)
        vintage = _vintage(placed)
        typed = text.with_columns(pl.lit(vintage).alias("vintage"))
        contract = load_contract(self.FEED)
        frame = typed.select(
            (pl.col(one.name) if one.name in typed.columns else pl.lit(None)).cast(one.dtype).alias(one.name)
            for one in contract.columns
        )
        told = [Notice("vintage", f"Areas of {vintage}.", frame.height)]
        told += [
            Notice("columns_passed_over", f"{passed} more column(s) are not kept.", frame.height)
        ] * bool(passed)
        return Published(self.FEED, (), frame, notices=(*placed.notices, *told))

    def organisations(self, held: pl.DataFrame) -> pl.DataFrame:
        """Places or systems by name; areas of other kinds are no organisations here."""
        contract = load_contract("organisations")
        columns = ["code", "level", "name", "parent", "valid_from", "valid_to", "successor"]
        if self.layout.organisations is None:
            return contract.empty().select(columns)
        level, code, name, since = self.layout.organisations
        return (
            held.select(code=code, name=name)
            .filter(~pl.col("code").str.starts_with("W"))
            .unique(subset="code", keep="first", maintain_order=True)
            .with_columns(
                level=pl.lit(level),
                parent=pl.lit(regions.ENGLAND),
                valid_from=pl.lit(since),
                valid_to=pl.lit(None, dtype=pl.Date),
                successor=pl.lit(None, dtype=pl.String),
            )
            .select(columns)
        )

    def _words(self, columns: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The synonyms with the years that this file's headers carry."""
        return {
            name: tuple(key(one) for one in columns if undated(one) in words) or words
            for name, words in self.layout.columns.items()
        }


def _without_others(table: TextTable) -> tuple[TextTable, int]:
    """The table without columns that lookups carry beside what is kept, such as Welsh names."""
    kept = [at for at, name in enumerate(table.columns) if not re.fullmatch(PASSED_OVER, undated(name))]
    cells = table.cells.select("row", *(pl.col(str(at)).alias(str(new)) for new, at in enumerate(kept)))
    columns = tuple(table.columns[at] for at in kept)
    return TextTable(table.file, columns, cells, table.notes), len(table.columns) - len(kept)


def _vintage(placed: Placed) -> str:
    """The years in the headers, as `icb 2024, lsoa 2021`. Raises RefusedFile where one area has two."""
    years: dict[str, set[str]] = {}
    for name in placed.places:
        for area, year in re.findall(r"\b([a-z]+?)([0-9]{2})(?:cd|nm|cdh)?\b", key(placed.header(name))):
            years.setdefault(area, set()).add(year)
    for area, found in years.items():
        if len(found) > 1:
            raise RefusedFile(
                f"{placed.file}: the columns of '{area}' are of several years: {', '.join(sorted(found))}."
            )
    return ", ".join(f"{area} 20{min(found)}" for area, found in sorted(years.items())) or "no year told"


def _check(placed: Placed, text: pl.DataFrame, layout: Layout) -> None:
    """Each key once; each code one name; shares that add up. Raises RefusedFile."""
    keys = list(layout.keys)
    doubled = text.group_by(keys, maintain_order=True).agg("row").filter(pl.col("row").list.len() > 1)
    faults = [
        f"{placed.file}: {' in '.join(map(str, codes))} stands in rows {' and '.join(map(str, rows))}, "
        "not once."
        for *codes, rows in doubled.iter_rows()
    ]
    for code, name in layout.names:
        several = text.group_by(code, maintain_order=True).agg(pl.col(name).unique(maintain_order=True))
        faults += [
            f"{placed.file}: {one} has several values of '{placed.header(name)}': "
            f"{', '.join(map(str, names))}."
            for one, names in several.filter(pl.col(name).list.len() > 1).iter_rows()
        ]
    if layout.shared_by:
        sums = text.group_by(layout.shared_by, maintain_order=True).agg(
            pl.col("share").cast(pl.Float64).sum()
        )
        faults += [
            f"{placed.file}: the shares of {one} add up to {total:.4f}, not to 1."
            for one, total in sums.filter((pl.col("share") - 1).abs() > _NEAR_ONE).iter_rows()
        ]
    if faults:
        raise RefusedFile(*faults[:FAULTS_NAMED])


LOOKUPS = tuple(Lookup(feed, layout) for feed, layout in LAYOUTS.items())
