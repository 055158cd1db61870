"""What boundaries are called, as a table. A new layout is a line here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.sources.ons_lookups import undated


@dataclass(frozen=True)
class Kind:
    """One kind of area: its feed, the properties of its code and name, and what a code looks like."""

    feed: str
    code: tuple[str, ...]
    name: tuple[str, ...]
    shape: re.Pattern[str]
    words: str


KINDS = (
    Kind(
        "boundaries_authorities",
        ("ltla code", "lad code"),
        ("ltla name", "lad name"),
        re.compile(r"(E0[6789]|W06|S12|N09)[0-9]{6}"),
        "a lower-tier local authority",
    ),
    Kind(
        "boundaries_systems",
        ("icb code",),
        ("icb name",),
        re.compile(r"E54[0-9]{6}"),
        "an integrated care board",
    ),
)

# The United Kingdom, with a little sea: south, west, north, east.
LEAST_LATITUDE, LEAST_LONGITUDE, MOST_LATITUDE, MOST_LONGITUDE = 49.0, -9.0, 61.5, 2.5


def kind_of(properties: Iterable[str]) -> Kind | None:
    """The kind whose code is among the properties of an area."""
    named = {undated(name) for name in properties}
    return next((kind for kind in KINDS if named & set(kind.code)), None)
