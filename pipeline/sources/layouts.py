"""Every publication's table of headers, side by side: which layout is an unknown file nearest to?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipeline.sources import (
    acute_trust_mapping,
    ae_monthly,
    ambsys,
    discharge_sitrep,
    drd,
    imd,
    ods_successions,
    pcn_members,
    system_eroc,
    system_mapping,
)
from pipeline.sources.ae_monthly import layout as ae_layout
from pipeline.sources.ambsys.layout import NEEDED as AMBULANCE_NEEDED
from pipeline.sources.drd.layout import OPTIONAL as READY_OPTIONAL
from pipeline.sources.headers import Synonyms, key
from pipeline.sources.ons_lookups import LOOKUPS, undated
from pipeline.sources.system_eroc.layout import OPTIONAL as ADVICE_OPTIONAL

AMBULANCE_OPTIONAL = tuple(set(ambsys.ITEMS) - set(AMBULANCE_NEEDED))


@dataclass(frozen=True)
class Layout:
    """A publication's columns; those that are `optional` are not missed."""

    feed: str
    columns: Synonyms
    optional: Collection[str] = ()

    def meaning(self, header: str) -> str | None:
        """What a header means here, by any of the ways in which adapters read headers."""
        spellings = {key(header), ae_layout.key(header), undated(header)}
        return next((name for name, words in self.columns.items() if spellings & set(words)), None)

    def differences(self, headers: Sequence[str]) -> tuple[list[str], list[str]]:
        """The headers that are new here, and the first synonyms of the columns that are missing."""
        told = {header: self.meaning(header) for header in headers if header}
        lacking = [name for name in self.columns if name not in told.values() and name not in self.optional]
        return [header for header, name in told.items() if name is None], [
            self.columns[name][0] for name in lacking
        ]

    def likeness(self, headers: Sequence[str]) -> tuple[float, float]:
        """The share of columns known, and of the words in headers that this publication uses too."""
        new, missing = self.differences(headers)
        found = len({header for header in headers if header}) - len(new)
        used = {word for words in self.columns.values() for one in words for word in one.split()}
        said = {word for header in headers for word in key(header).split()}
        return found / max(1, found + len(new) + len(missing)), len(said & used) / max(1, len(said))


def _ae() -> Layout:
    words: dict[str, list[str]] = {}
    for word, column in ae_layout.SYNONYMS.items():
        words.setdefault(ae_layout.published_name(column), []).append(word)
    booked = [ae_layout.published_name(column) for column in ae_layout.BOOKED]
    # The first synonym is the one that is told: as today's files write it.
    return Layout(ae_monthly.FEED, {name: (name, *known) for name, known in words.items()}, booked)


LAYOUTS: tuple[Layout, ...] = (
    _ae(),
    Layout(drd.FEED, drd.COLUMNS, READY_OPTIONAL),
    Layout(discharge_sitrep.FEED, discharge_sitrep.COLUMNS, discharge_sitrep.OPTIONAL),
    Layout(ambsys.FEED, ambsys.COLUMNS, AMBULANCE_OPTIONAL),
    *(Layout(one.FEED, one.columns, ADVICE_OPTIONAL) for one in (system_eroc.RAISED, system_eroc.ANSWERED)),
    *(Layout(one.FEED, one.layout.columns, one.layout.optional) for one in LOOKUPS),
    Layout(imd.FEED, imd.COLUMNS, imd.OPTIONAL),
    Layout(ods_successions.FEED, ods_successions.COLUMNS),
    Layout(system_mapping.FEED, system_mapping.COLUMNS, ("system_code",)),
    Layout(acute_trust_mapping.FEED, acute_trust_mapping.COLUMNS),
    Layout(pcn_members.FEED, pcn_members.MEMBERS, tuple(set(pcn_members.MEMBERS) - set(pcn_members.NEEDED))),
)
"""All but the list of trusts, which has no headers."""

FEWEST_KNOWN = 2
MOSTLY_ITS_WORDS = 0.5


def nearest(headers: Sequence[str]) -> tuple[Layout, float] | None:
    """The layout with most of these columns, and how like it is; None where the file is like none of them."""
    best = max(LAYOUTS, key=lambda one: one.likeness(headers))
    alike, words = best.likeness(headers)
    known = sum(best.meaning(header) is not None for header in headers)
    if known >= FEWEST_KNOWN or (alike == 0 and words >= MOSTLY_ITS_WORDS and len(headers) > FEWEST_KNOWN):
        return best, alike
    return None
