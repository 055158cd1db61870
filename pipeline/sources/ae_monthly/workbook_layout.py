"""The sheets of the A&E workbooks ("AE-by-provider"), as tables of header synonyms.

A column is known by its own header and, where that says only a department type, by the group's above it.
Source: NHS England, A&E Attendances and Emergency Admissions, monthly workbooks.
"""

from __future__ import annotations

from pipeline.sources.ae_monthly.layout import TYPES, key

Column = tuple[str, str]
"""What a column says and of which part: ("attendances", "01"), ("over", "all"), ("code", "")."""

PARTS = (*TYPES.values(), "all")
COUNTS = ("attendances", "within", "over", "admissions", "waits")


def words(header: str) -> str:
    """A header reduced to lower-case words; the signs < and > are words here."""
    return key(header.replace("<", " less than ").replace(">", " greater than "))


IDENTITY: dict[str, tuple[str, ...]] = {
    "code": ("code", "org code", "organisation code"),
    "region": ("region", "region name", "parent org"),
    "name": ("name", "org name", "organisation name", "system"),
}
_TYPES: dict[str, tuple[str, ...]] = {
    "01": ("type 1 departments major ae", "type 1 departments", "type 1"),
    "02": ("type 2 departments single specialty", "type 2 departments", "type 2"),
    "03": (
        "type 3 departments other ae minor injury unit",
        "type 3 departments other ae minor injury units",
        "type 3 departments",
        "type 3",
    ),
}
_TO_THE_END = ("from arrival to admission transfer or discharge", "")
_BOOKED = ("", "booked appointment ", "booked appointments ")
GROUPS: dict[str, tuple[str, ...]] = {
    "attendances": tuple(f"ae {booked}attendances" for booked in _BOOKED),
    "within": tuple(
        f"ae {booked}attendances less than 4 hours {rest}".strip()
        for booked in _BOOKED
        for rest in _TO_THE_END
    ),
    "over": tuple(
        f"ae {booked}attendances greater than 4 hours {rest}".strip()
        for booked in _BOOKED
        for rest in _TO_THE_END
    ),
}
_SHARE = "percentage in 4 hours or less {part}{only}"
_VIA = "emergency admissions via {part}"
ALONE: dict[Column, tuple[str, ...]] = {
    **{(name, ""): said for name, said in IDENTITY.items()},
    ("attendances", "all"): ("total attendances",),
    ("within", "all"): ("total attendances less than 4 hours",),
    ("over", "all"): (
        "total attendances greater than 4 hours",
        "booked appointment attendances greater than 4 hours",
    ),
    **{
        ("share", part): tuple(
            _SHARE.format(part=said, only=only) for only in ("", " booked appointments only")
        )
        for part, said in (("all", "all"), ("01", "type 1"), ("02", "type 2"), ("03", "type 3"))
    },
    ("other share", "excluding"): ("percentage in 4 hours or less all types excluding booked appointments",),
    ("other share", "including"): ("percentage in 4 hours or less all types including booked appointments",),
    # Only in the sheet of acute trusts' footprints, where type 3 units are shared among them.
    ("mapped", "attendances"): ("ae attendances",),
    ("mapped", "over"): ("ae attendances greater than 4 hours",),
    ("mapped", "share of type 1 before"): ("percentage in 4 hours or less type 1 before mapping",),
    ("mapped", "share before"): ("percentage in 4 hours or less all before mapping",),
    ("mapped", "share"): ("percentage in 4 hours or less all with additional mapped activity",),
    ("admissions", "01"): (_VIA.format(part="type 1 ae"),),
    ("admissions", "02"): (_VIA.format(part="type 2 ae"),),
    ("admissions", "03"): (_VIA.format(part="type 3 and 4 ae"), _VIA.format(part="type 3 ae")),
    ("admissions", "all"): ("total emergency admissions via ae",),
    ("admissions", "other"): (
        "other emergency admissions i e not via ae",
        "other emergency admissions ie not via ae",
        "other emergency admissions",
    ),
    ("admissions", "total"): ("total emergency admissions",),
    ("waits", "4 hours or more"): (
        "number of patients spending greater than 4 hours from decision to admit to admission",
    ),
    ("waits", "12 hours or more"): (
        "number of patients spending greater than 12 hours from decision to admit to admission",
    ),
}
_ALONE: dict[str, Column] = {word: column for column, said in ALONE.items() for word in said}
_GROUP: dict[str, str] = {word: group for group, said in GROUPS.items() for word in said}
_PART: dict[str, str] = {word: part for part, said in _TYPES.items() for word in said}


def meaning(group: str, header: str) -> Column | None:
    """What a column is by its header and the group it stands under; None where either is not known."""
    said = words(header)
    if said in _ALONE:
        return _ALONE[said]
    above = _GROUP.get(words(group))
    return (above, _PART[said]) if above and said in _PART else None


def is_department_type(header: str) -> bool:
    """Whether the header says a department type, which alone is not enough to know a column."""
    return words(header) in _PART
