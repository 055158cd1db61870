"""The layout of "Discharge Ready Date", as tables. A new layout is a line here.

Source: NHS England, Discharge Delays (Discharge Ready Date), monthly data CSV, April 2024 onwards.
"""

from __future__ import annotations

COLUMNS: dict[str, tuple[str, ...]] = {
    "period": ("date", "period", "month"),
    "data_source": ("data source",),
    "data_type": ("data type",),
    "utla_code": ("upper tier local authority code", "utla code"),
    "utla_name": ("upper tier local authority", "utla"),
    "region": ("region of provider", "region"),
    "icb": ("icb of provider", "icb"),
    "code": ("code", "organisation code", "org code"),
    "name": ("organisation name", "org name"),
    "measure": ("measure", "metric"),
    "value": ("value",),
}
OPTIONAL = ("data_source", "icb")

# Data Type -> our level. Each is a publication of its own: never summed into another.
LEVELS: dict[str, str] = {
    "national": "england",
    "regional": "region",
    "region": "region",
    "icb": "system",
    "provider": "provider",
    "utla aggregate": "place",
    "provider activity mapped to utla": "provider_in_place",
}
WHOLE_FILE = ("england", "system", "provider", "place")
"""The levels that every whole file has; the first rows of one have fewer."""

_READY = "between the discharge ready date and discharge date there is"
MEASURES: dict[str, tuple[str, ...]] = {
    "discharges": ("number of patients discharged in total",),
    "discharges_of_residents": ("total discharges for utla from acceptable trusts",),
    "on_the_day": (f"number of patients discharged where {_READY} no delay",),
    "delay_days": ("total bed days lost due to delayed discharge",),
    "share_on_the_day": ("date of discharge is same as discharge ready date",),
    "share_delayed": ("date of discharge is 1 plus days after discharge ready date",),
    "mean_delay": ("average days from discharge ready date to date of discharge exc 0 day delays",),
    "acceptable_trusts": ("number of providers submitting acceptable data",),
    "share_of_trusts": ("percent of providers submitting acceptable data",),
}
PUBLISHED_NAMES = {
    "discharges": "Number of patients discharged in total",
    "on_the_day": "Number of patients discharged where ... there is No delay",
    "delay_days": "Total bed days lost due to delayed discharge",
}
COUNTS = ("discharges", "on_the_day", "delay_days")
"""What every organisation of a whole file has a row for, be it a mark."""

WHOLE_NUMBERS = (*COUNTS, "discharges_of_residents", "acceptable_trusts")

MEANINGS: dict[str, str] = {words: name for name, known in MEASURES.items() for words in known}
