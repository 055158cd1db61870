"""What has arrived: each file examined and its feed told from its columns, before any of its rows is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from data_contracts.recognise import UnknownLayout, recognise
from pipeline.delimited import header, read_text, refuse_repeats
from pipeline.reading import (
    Examined,
    Limits,
    RefusedFile,
    UnreadableFile,
    examine,
    parquet_columns,
    read_parquet,
)
from pipeline.sources import SOURCES, Source
from pipeline.sources.published import Published

# Organisations first, so that the codes of everything after them can be known.
_FIRST = ("organisations", "deprivation", "neighbourhood_map")


@dataclass(frozen=True)
class Arrival:
    """A file and the feed it was told to be; `source` is the adapter of a published file."""

    examined: Examined
    feed: str
    source: Source | None

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

    def read(self, limits: Limits) -> pl.DataFrame | Published:
        """The rows: tidy for a published file, else as sent. Raises RefusedFile."""
        if self.examined.kind == "parquet":
            return read_parquet(self.examined, limits)
        table = read_text(self.examined, limits)
        return self.source.read(table) if self.source else table.named().drop("row")


@dataclass(frozen=True)
class Turned:
    """A file refused before its rows were read; `sha256` is empty where its content was not read either."""

    path: Path
    reasons: tuple[str, ...]
    sha256: str = ""
    rank: int = 0


def arrive(path: Path, feed: str | None, limits: Limits) -> Arrival | Turned:
    """Examine one file and tell its feed, unless `feed` says it."""
    try:
        examined = examine(path, limits)
    except UnreadableFile as error:
        return Turned(path, error.reasons)
    try:
        columns = parquet_columns(examined) if examined.kind == "parquet" else header(examined)
        source = _source(columns, feed) if examined.kind == "text" else None
        if source is None:
            refuse_repeats(path.name, columns)
        return Arrival(examined, feed or (source.FEED if source else recognise(columns)), source)
    except UnknownLayout as error:
        return Turned(path, (f"{path.name}: {error}.",), examined.sha256)
    except RefusedFile as error:
        return Turned(path, error.reasons, examined.sha256)


def _source(columns: Sequence[str], feed: str | None) -> Source | None:
    wanted = [source for name, source in SOURCES.items() if feed in (None, name)]
    return next((source for source in wanted if source.claims(columns)), None)
