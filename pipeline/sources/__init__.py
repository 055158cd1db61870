"""One adapter for each published file. An adapter is a module with the names of `Source`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import polars as pl

from pipeline.delimited import TextTable
from pipeline.sources import (
    acute_trust_mapping,
    ae_monthly,
    ambsys,
    discharge_sitrep,
    drd,
    imd,
    ods_successions,
    ods_trusts,
    ons_lookups,
    pcn_members,
    system_eroc,
    system_mapping,
)
from pipeline.sources.published import Published


class Source(Protocol):
    """What the loader asks of an adapter."""

    FEED: str
    """The feed its tidy frame is held to."""

    def claims(self, columns: Sequence[str]) -> bool:
        """Whether a file with these headers means to be this publication."""

    def read(self, table: TextTable) -> Published:
        """The file as tidy frames. Raises RefusedFile."""

    def organisations(self, held: pl.DataFrame) -> pl.DataFrame:
        """The organisations that all the feed's records name, as the feed `organisations`."""


# Who knows an organisation's name best comes last; the nearest parent is kept, whoever gives it.
_KNOWN: tuple[Source, ...] = (
    acute_trust_mapping, pcn_members, imd, ods_successions, system_eroc.RAISED, system_eroc.ANSWERED,
    system_mapping, ods_trusts, ambsys, discharge_sitrep, ae_monthly, drd, *ons_lookups.LOOKUPS,
)  # fmt: skip
SOURCES: dict[str, Source] = {source.FEED: source for source in _KNOWN}
