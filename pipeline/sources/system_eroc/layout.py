"""The layout of System EROC's specialist advice files, as tables. A new layout is a line here."""

from __future__ import annotations

from metrics.specialties import TREATMENT_FUNCTIONS
from pipeline.sources.headers import key

FLAGS = ("processed", "diverted")
_SHARED: dict[str, tuple[str, ...]] = {
    "period": ("activity month", "month", "period"),
    "request_type": ("type", "request type", "specialist advice type"),
    "in_scope_of_erf": ("in scope of erf", "in scope of erf yes no", "erf scope"),
    "specialty": (
        *("specialty", "specialty name", "treatment function", "treatment function name"),
        *("treatment function code", "specialty code"),
    ),
    "processed": (
        "metric processed requests",
        "metric processed requests yes no",
        "processed requests",
        "processed",
    ),
    "diverted": (
        "metric diverted requests",
        "metric diverted requests yes no",
        "diverted requests",
        "diverted",
    ),
    "requests": ("requests", "number of requests", "specialist advice requests"),
    "region": ("region", "region name"),
    "region_code": ("region code",),
}
OPTIONAL = ("region", "region_code")

BY_SYSTEM = _SHARED | {
    "code": ("icb code", "raising icb code"),
    "name": ("icb name", "raising icb name"),
}
BY_PROVIDER = _SHARED | {
    "code": ("provider code", "responding provider code", "provider org code"),
    "name": ("provider name", "responding provider name", "provider org name"),
}

TYPES: dict[str, str] = {
    "pre referral advice": "pre_referral_advice",
    "pre referral specialist advice": "pre_referral_advice",
    "pre referral": "pre_referral_advice",
    "advice and guidance": "pre_referral_advice",
    "post referral triage": "post_referral_triage",
    "post referral specialist advice": "post_referral_triage",
    "post referral advice": "post_referral_triage",
    "post referral": "post_referral_triage",
    "referral assessment service": "post_referral_triage",
    "other": "other",
    "other specialist advice": "other",
}
YES_OR_NO: dict[str, bool] = {"yes": True, "y": True, "no": False, "n": False}

# The names of treatment functions, and those that e-RS gives the same specialties.
SPECIALTIES: dict[str, str] = {
    **{key(name): code for code, name in TREATMENT_FUNCTIONS.items()},
    **dict.fromkeys(("trauma and orthopaedic", "orthopaedics", "t and o"), "110"),
    **dict.fromkeys(("ent", "ear nose and throat ent", "ear nose throat"), "120"),
    **dict.fromkeys(("gastroenterology gi and liver", "gi and liver medicine and surgery"), "301"),
    "general surgery service": "100",
    "urology service": "101",
    "ophthalmology service": "130",
    "cardiology service": "320",
    "dermatology service": "330",
    "neurology service": "400",
    "gynaecology service": "502",
}
