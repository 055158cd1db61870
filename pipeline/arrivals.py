"""What has arrived: each file examined and its feeds told from its columns, before its rows are stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from data_contracts.contract import load_contract
from data_contracts.recognise import UnknownLayout, in_words, recognise
from pipeline.delimited import TextTable, first_rows, header, read_text, refuse_repeats
from pipeline.reading import (
    Examined,
    Limits,
    RefusedFile,
    UnreadableFile,
    examine,
    parquet_columns,
    read_parquet,
)
from pipeline.sources import SOURCES, Source, boundaries
from pipeline.sources.in_workbooks import WORKBOOKS
from pipeline.sources.layouts import nearest
from pipeline.sources.published import Published
from pipeline.workbooks import HEADER_WITHIN, Workbook, read_workbook

# Organisations first, so that the codes of everything after them can be known.
_FIRST = ("organisations", "deprivation", "neighbourhood_map")

Content = pl.DataFrame | Published
"""Rows as sent, or tidy where an adapter read a published file."""


@dataclass(frozen=True)
class Arrival:
    """A file and a feed it was told to be. A workbook that holds several feeds arrives once for each."""

    examined: Examined
    feed: str
    reader: Callable[[Limits], Content] = field(repr=False)

    @property
    def sha256(self) -> str:
        """The hash of its content."""
        return self.examined.sha256

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.examined.path

    @property
    def rank(self) -> int:
        """Its turn among the files of one command."""
        return _FIRST.index(self.feed) if self.feed in _FIRST else len(_FIRST)

    def read(self, limits: Limits) -> Content:
        """The rows: tidy for a published file, else as sent. Raises RefusedFile."""
        return self.reader(limits)


@dataclass(frozen=True)
class Turned:
    """A file refused before its rows were read; `sha256` is empty where its content was not read either."""

    path: Path
    reasons: tuple[str, ...]
    sha256: str = ""
    rank: int = 0


def arrive(path: Path, feed: str | None, limits: Limits) -> tuple[Arrival | Turned, ...]:
    """Examine one file and tell its feeds, unless `feed` says which of them it is."""
    try:
        examined = examine(path, limits)
    except UnreadableFile as error:
        return (Turned(path, error.reasons),)
    try:
        if examined.kind == "workbook":
            return _in_workbook(examined, feed, limits)
        return (_one(examined, feed),)
    except UnknownLayout as error:
        return (Turned(path, (f"{path.name}: {error}.",), examined.sha256),)
    except RefusedFile as error:
        return (Turned(path, error.reasons, examined.sha256),)


def _one(examined: Examined, feed: str | None) -> Arrival:
    if examined.kind == "parquet":
        columns = parquet_columns(examined)
        refuse_repeats(examined.path.name, columns)
        return Arrival(examined, feed or recognise(columns), lambda limits: read_parquet(examined, limits))
    if boundaries.is_json(examined):
        return Arrival(examined, feed or boundaries.feed_of(examined), lambda _: boundaries.read(examined))
    try:
        columns = header(examined)
        source = _source(columns, feed)
        if source is None:
            refuse_repeats(examined.path.name, columns)
        told = feed or (source.FEED if source else _recognise(columns))
    except (UnreadableFile, UnknownLayout) as error:
        _refuse_if_below(examined, feed, error)
        raise
    return Arrival(examined, told, lambda limits: _content(read_text(examined, limits), source))


def _recognise(columns: Sequence[str]) -> str:
    """The feed of records with these columns. Raises UnknownLayout, told of publications too."""
    try:
        return recognise(columns)
    except UnknownLayout as error:
        found = nearest(columns)
        if found is None or found[1] < error.likeness:
            raise
        layout, likeness = found
        title = load_contract(layout.feed).title
        sentence = f"the columns are nearest to {title}, but {in_words(*layout.differences(columns))}"
        raise UnknownLayout(sentence, likeness) from error


def _refuse_if_below(examined: Examined, feed: str | None, error: Exception) -> None:
    """Raise UnreadableFile where the column names stand below a title or blank rows."""
    for at, row in enumerate(first_rows(examined, HEADER_WITHIN), 1):
        if at > 1 and (_source(row, feed) or _recognised(row)):
            raise UnreadableFile(
                f"{examined.path.name}: the column names stand in row {at}; delete the rows above it."
            ) from error


def _source(columns: Sequence[str], feed: str | None) -> Source | None:
    wanted = [source for name, source in SOURCES.items() if feed in (None, name)]
    return next((source for source in wanted if source.claims(columns)), None)


def _content(table: TextTable, source: Source | None) -> Content:
    return source.read(table) if source else table.named().drop("row")


def _in_workbook(examined: Examined, feed: str | None, limits: Limits) -> tuple[Arrival, ...]:
    """Each feed that a publication's workbook holds; else the first sheet's table of any known layout."""
    book = read_workbook(examined, limits)

    def published(read: Callable[[Workbook], Published]) -> Callable[[Limits], Content]:
        return lambda limits: read(read_workbook(examined, limits))

    wanted = [source for source in WORKBOOKS if feed in (None, source.FEED)]
    found = [source for source in wanted if source.in_workbook(book)]
    if found:
        return tuple(Arrival(examined, one.FEED, published(one.read_workbook)) for one in found)
    for place, sheet in enumerate(book.sheets):
        for at, row in enumerate(sheet.rows[:HEADER_WITHIN]):
            source = _source(row, feed)
            told = source.FEED if source else _recognised(row)
            if told and feed in (None, told):

                def table(
                    limits: Limits, place: int = place, at: int = at, source: Source | None = source
                ) -> Content:
                    return _content(read_workbook(examined, limits).sheets[place].table(at), source)

                return (Arrival(examined, told, table),)
    raise UnreadableFile(
        f"{book.file}: no sheet of this workbook holds a table that is known here. Its sheets: "
        f"{book.listed()}. Looked for, in the first {HEADER_WITHIN} rows of each: the headers of "
        f"{', '.join(sorted({*SOURCES, *(source.FEED for source in WORKBOOKS)}))}, or of a feed of records."
    )


def _recognised(row: Sequence[str]) -> str | None:
    try:
        return recognise([cell for cell in row if cell])
    except UnknownLayout:
        return None
