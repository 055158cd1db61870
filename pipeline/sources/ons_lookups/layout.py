"""The lookups, as a table: what each column means, by its header without the year. A new one is a new row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.sources.ods_trusts import BOARDS_SINCE

YEAR = r"\b(lsoa|sicbl|subicb|icb|ltla|lad|utla|ctyua|ward|wd|region|rgn|nhs trust|trust)([0-9]{2})\b"
PASSED_OVER = r"objectid|fid|.* name welsh|.*nmw|cal code|cal name|cal|nhser .*|wd nmw|lad nmw"

_LSOA = (r"^[EW]01[0-9]{6}$", "an LSOA of England or Wales")
_AUTHORITY = (r"^(E0[6789]|W06|S12|N09)[0-9]{6}$", "a lower-tier local authority")
_BOARD = (r"^E54[0-9]{6}$", "an integrated care board")
_NAME = (r".", "a name")
Shapes = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Layout:
    """One lookup: `shapes` are what cells must look like, with the words for a cell that does not.

    `names` are pairs of columns of which the first tells the second. `organisations`: the level, the columns
    of code and name, and since when they stand.
    """

    columns: Mapping[str, tuple[str, ...]]
    known_by: tuple[str, ...]
    keys: tuple[str, ...]
    shapes: Shapes
    names: tuple[tuple[str, str], ...] = ()
    optional: tuple[str, ...] = ()
    shared_by: str | None = None
    organisations: tuple[str, str, str, date] | None = None


_AREA = {"lsoa_code": ("lsoa code",), "lsoa_name": ("lsoa name",)}
_OF_AUTHORITY = {
    "authority_code": ("ltla code", "lad code"),
    "authority_name": ("ltla name", "lad name"),
}

LAYOUTS: dict[str, Layout] = {
    "lsoa_systems": Layout(
        columns=_AREA
        | {
            "sub_system_ons_code": ("sicbl code", "subicb code"),
            "sub_system_code": ("sicbl code nhs", "subicb code nhs"),
            "sub_system_name": ("sicbl name", "subicb name"),
            "system_ons_code": ("icb code",),
            "system_code": ("icb code nhs",),
            "system_name": ("icb name",),
            **_OF_AUTHORITY,
        },
        known_by=("lsoa_code", "system_ons_code"),
        keys=("lsoa_code",),
        shapes={
            "lsoa_code": _LSOA,
            "sub_system_code": (r"^[A-Z0-9]{3,5}$", "a code of a part of a board"),
            "sub_system_name": _NAME,
            "system_code": (r"^[A-Z0-9]{3,5}$", "a code of an integrated care board"),
            "system_ons_code": _BOARD,
            "system_name": _NAME,
        },
        names=(
            ("system_code", "system_name"),
            ("system_code", "system_ons_code"),
            ("system_ons_code", "system_code"),
            ("sub_system_code", "system_code"),
            ("sub_system_code", "sub_system_name"),
        ),
        optional=("lsoa_name", "sub_system_ons_code", *_OF_AUTHORITY),
        organisations=("system", "system_code", "system_name", BOARDS_SINCE),
    ),
    "lsoa_authorities": Layout(
        columns=_AREA
        | {"ward_code": ("ward code", "wd code"), "ward_name": ("ward name", "wd name"), **_OF_AUTHORITY},
        known_by=("lsoa_code", "ward_code"),
        keys=("lsoa_code",),
        shapes={
            "lsoa_code": _LSOA,
            "ward_code": (r"^[EW]05[0-9]{6}$", "a ward of England or Wales"),
            "authority_code": _AUTHORITY,
            "authority_name": _NAME,
        },
        names=(("authority_code", "authority_name"), ("ward_code", "authority_code")),
        optional=("lsoa_name", "ward_name"),
    ),
    "authority_places": Layout(
        columns=_OF_AUTHORITY
        | {"place_code": ("utla code", "ctyua code"), "place_name": ("utla name", "ctyua name")},
        known_by=("authority_code", "place_code"),
        keys=("authority_code",),
        shapes={
            "authority_code": _AUTHORITY,
            "authority_name": _NAME,
            "place_code": (r"^(E0[689]|E10|W06)[0-9]{6}$", "an upper-tier local authority"),
            "place_name": _NAME,
        },
        names=(("place_code", "place_name"),),
        organisations=("place", "place_code", "place_name", date(2023, 4, 1)),
    ),
    "authority_regions": Layout(
        columns=_OF_AUTHORITY
        | {"ons_region_code": ("region code", "rgn code"), "ons_region_name": ("region name", "rgn name")},
        known_by=("authority_code", "ons_region_code"),
        keys=("authority_code",),
        shapes={
            "authority_code": _AUTHORITY,
            "authority_name": _NAME,
            "ons_region_code": (r"^E12[0-9]{6}$", "a region of England"),
            "ons_region_name": _NAME,
        },
        names=(("ons_region_code", "ons_region_name"),),
    ),
    "trust_systems": Layout(
        columns={
            "code": ("nhs trust code", "trust code"),
            "system_ons_code": ("icb code",),
            "share": ("proportion trust came from icb", "proportion of trust", "share"),
        },
        known_by=("code", "system_ons_code"),
        keys=("code", "system_ons_code"),
        shapes={
            "code": (r"^[A-Z0-9]{3,5}$", "a trust"),
            "system_ons_code": _BOARD,
            "share": (
                r"^(0|1|0\.[0-9]{1,20}|1\.0+|[0-9]\.[0-9]{1,20}[eE]-[0-9]{1,2})$",
                "a share from 0 to 1",
            ),
        },
        shared_by="code",
    ),
}
"""By feed."""
