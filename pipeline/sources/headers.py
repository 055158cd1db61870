"""A published file's columns by their meaning: each publication gives its table of synonyms."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.delimited import TextTable
from pipeline.reading import RefusedFile
from pipeline.sources.published import Notice

Synonyms = Mapping[str, tuple[str, ...]]
"""What a column means -> its headers, each as `key` gives it; the first is today's."""


def key(header: str) -> str:
    """A header or label reduced to lower-case words, so that case, spacing and punctuation do not matter."""
    text = header.casefold().replace("&", " and ").replace("+", " plus ").replace("%", " percent ")
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())


def known(columns: Sequence[str], synonyms: Synonyms) -> set[str]:
    """The meanings found among these headers."""
    return {name for name, words in synonyms.items() for column in columns if key(column) in words}


@dataclass(frozen=True)
class Placed:
    """A table whose every column is understood; `places` gives the position of each meaning that is there."""

    table: TextTable
    places: Mapping[str, int]
    notices: tuple[Notice, ...] = ()

    @property
    def file(self) -> str:
        """The file's name, which opens every sentence about it."""
        return self.table.file

    def header(self, name: str) -> str:
        """The column's header as the file writes it."""
        return self.table.columns[self.places[name]]

    def cell(self, name: str) -> pl.Expr:
        """The column's text, trimmed, runs of spaces as one."""
        return pl.col(str(self.places[name])).str.strip_chars().str.replace_all(r"\s+", " ").alias(name)


def place(table: TextTable, synonyms: Synonyms, optional: Collection[str] = ()) -> Placed:
    """Each column by its meaning; unknown columns are passed over when empty. Raises RefusedFile, by name."""
    meanings = {word: name for name, words in synonyms.items() for word in words}
    places: dict[str, int] = {}
    faults, empty = [], []
    for position, header in enumerate(table.columns):
        name = meanings.get(key(header))
        if name is None and table.cells[str(position)].str.strip_chars().ne("").any():
            faults.append(f"the column '{header or position + 1}' is not known in this publication")
        elif name is None:
            empty.append(header or f"column {position + 1}")
        elif name in places:
            faults.append(f"the columns '{table.columns[places[name]]}' and '{header}' mean the same")
        else:
            places[name] = position
    faults += [
        f"the column '{words[0]}' is missing"
        for name, words in synonyms.items()
        if name not in places and name not in optional
    ]
    if faults:
        raise RefusedFile(*(f"{table.file}: {fault}." for fault in faults))
    if not empty:
        return Placed(table, places)
    reason = f"{len(empty)} empty column(s) without a meaning were passed over: {', '.join(empty)}."
    return Placed(table, places, (Notice("empty_columns", reason, table.cells.height),))
