"""The layout of "Ambulance Systems Indicators" (AmbSYS), as tables. A new item is a line here.

Source: NHS England, Ambulance Quality Indicators, AmbSYS time series CSV and its specification.
"""

from __future__ import annotations

IDENTITY: dict[str, tuple[str, ...]] = {
    "year": ("year",),
    "month": ("month",),
    "region": ("region",),
    "code": ("org code", "organisation code", "code"),
    "name": ("org name", "organisation name", "name"),
}

# A0 to A148 without A123, the items published up to May 2024.
ITEMS: tuple[str, ...] = tuple(f"A{number}" for number in range(149) if number != 123)
COLUMNS = IDENTITY | {item: (item.casefold(),) for item in ITEMS}

# An item is the sum of its parts, in every row where none of them is missing.
IDENTITIES: dict[str, tuple[str, ...]] = {
    "A7": ("A17", "A56"),
    "A56": ("A53", "A54", "A55"),
    "A17": ("A18", "A19", "A21", "A22"),
    "A8": ("A74", "A78", "A115"),
    "A10": ("A75", "A79", "A119"),
}
TITLES: dict[str, str] = {
    "A7": "All incidents",
    "A8": "Category 1 incidents",
    "A10": "Category 2 incidents",
    "A11": "Category 3 incidents",
    "A12": "Category 4 incidents",
    "A17": "Incidents closed by telephone advice",
    "A53": "Incidents with transport to an emergency department",
    "A54": "Incidents with transport elsewhere",
    "A55": "Incidents seen and not transported",
    "A56": "Incidents with a face-to-face response",
}
NEEDED = (*TITLES, *(part for parts in IDENTITIES.values() for part in parts))

# Mean, median and centile times: they are no sums, of services or of anything.
_TIMES = (
    3, 4, 5, 6, 114, 25, 26, 28, 29, 31, 32, 34, 35, 37, 38, 130, 131, 134, 135, 83, 84, 95, 96, 117, 118,
    86, 87, 98, 99, 121, 122, 89, 90, 101, 102, 92, 93, 104, 105, 51, 52, 15, 16, 108, 109, 142, 143,
)  # fmt: skip
ADDED = tuple(item for item in ITEMS if int(item[1:]) not in _TIMES)
"""The items whose services add up to England."""
