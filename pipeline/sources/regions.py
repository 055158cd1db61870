"""NHS England's seven regions, and the names that published files have given them since 2013.

Source: ODS region codes; the older sub-regions were traced through the providers that carry both names. A
sub-region whose providers now sit in several regions has none here: its records count as unattributed.
"""

from __future__ import annotations

import re

ENGLAND = "E92000001"

REGIONS: dict[str, str] = {
    "Y56": "London",
    "Y58": "South West",
    "Y59": "South East",
    "Y60": "Midlands",
    "Y61": "East of England",
    "Y62": "North West",
    "Y63": "North East and Yorkshire",
}

# The name without "NHS England", upper case, "&" as "AND" -> region; None: its parts went to several.
_NAMES: dict[str, str | None] = {
    **{name.upper(): code for code, name in REGIONS.items()},
    # From April 2019 a sub-region carries its region's name, so the seven above read as beginnings too.
    # 2018-19, five regions with sub-regions:
    "NORTH (CUMBRIA AND NORTH EAST)": "Y63",
    "NORTH (YORKSHIRE AND HUMBER)": "Y63",
    "NORTH (CHESHIRE AND MERSEYSIDE)": "Y62",
    "NORTH (GREATER MANCHESTER)": "Y62",
    "NORTH (LANCASHIRE AND SOUTH CUMBRIA)": "Y62",
    "MIDLANDS AND EAST (NORTH MIDLANDS)": "Y60",
    "MIDLANDS AND EAST (WEST MIDLANDS)": "Y60",
    "MIDLANDS AND EAST (EAST)": "Y61",
    # Leicester and Lincoln are in the Midlands now, Luton and Hertfordshire in the East of England.
    "MIDLANDS AND EAST (CENTRAL MIDLANDS)": None,
    # 2015-18, four regions:
    "NORTH (LANCASHIRE AND GREATER MANCHESTER)": "Y62",
    "NORTH (LANCASHIRE)": "Y62",
    "SOUTH (SOUTH EAST)": "Y59",
    "SOUTH (SOUTH WEST)": "Y58",
    # Hampshire and Dorset; Oxfordshire and Gloucestershire.
    "SOUTH (WESSEX)": None,
    "SOUTH (SOUTH CENTRAL)": None,
    "NORTH": None,
    "NORTH OF ENGLAND": None,
    "MIDLANDS AND EAST": None,
    "MIDLANDS AND EAST OF ENGLAND": None,
    "SOUTH": None,
    "SOUTH OF ENGLAND": None,
}
_WITH_SUB_REGION = re.compile(r"^(?P<region>[A-Z ]+?) \(.+\)$")


def normalise(name: str) -> str:
    """A published region name as `_NAMES` spells it."""
    text = " ".join(name.upper().replace("&", " AND ").split())
    return text.removeprefix("NHS ENGLAND").removesuffix("COMMISSIONING REGION").strip(" -")


def region_code(name: str) -> str | None:
    """The region (Y56 ...) a published name stands for; null where it is ambiguous or not known."""
    text = normalise(name)
    if text in REGIONS:
        return text
    if text in _NAMES:
        return _NAMES[text]
    within = _WITH_SUB_REGION.match(text)
    if within and within["region"] in _NAMES and within["region"] in {r.upper() for r in REGIONS.values()}:
        return _NAMES[within["region"]]
    return None


def is_known(name: str) -> bool:
    """Whether the name was expected, be it ambiguous."""
    return normalise(name) in _NAMES or region_code(name) is not None
