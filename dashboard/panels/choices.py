"""The choices that make a view. Each stands in the address by its code, so that a link shows anyone the same.

`level`, `organisation`, `indicator`, `basis`, `known_on` have the same key on every page: chosen once, kept
from page to page. Where the address asks for what is not there, a sentence says so; the usual is shown.
"""

from collections.abc import Mapping, Sequence

from dashboard import glossary, wording
from dashboard.panels import address
from dashboard.panels.choose_day import known_on
from dashboard.panels.choose_organisation import label, level, organisation
from dashboard.panels.choosing import choose, edition
from metrics.footprint import AS_WAS, FOOTPRINTS, TODAY
from metrics.indicator import Indicator
from metrics.indicators import all_indicators

__all__ = ["choose", "edition", "known_on", "label", "level", "organisation"]
WHOLE = "all"
SIGNALS, SEASONS, FORECAST, LAST_YEAR, PATH = "signals", "seasons", "forecast", "last_year", "path"
COMPARE, SHOWS, FOOTPRINT = "compare", "shows", "footprint"


def indicator(ids: Sequence[str]) -> Indicator:
    """Choose a measure: the national targets first, then second definitions and companions."""
    declared = all_indicators()
    ordered = [one for one in in_order(declared) if one.id in ids]
    asked = address.view().get(address.MEASURE)
    if asked in declared and asked not in ids:
        address.remark(
            f"{declared[asked].short_title} has no figures here. This shows {ordered[0].short_title}."
        )
        address.settle(address.MEASURE, None)
    return declared[
        choose(
            "Measure",
            {one.id: measure_label(one) for one in ordered},
            address.MEASURE,
            help=glossary.explain("indicator", "companion"),
        )
    ]


def in_order(declared: Mapping[str, Indicator]) -> list[Indicator]:
    """Put measures in the order of the national targets they belong to, each target's own measure first."""
    roles = list(wording.ROLES)

    def place(one: Indicator) -> tuple[int, int]:
        return one.national_target, roles.index(one.role)

    return sorted(declared.values(), key=place)


def measure_label(one: Indicator) -> str:
    """Name a measure, saying so when it is not itself the national target."""
    return (
        one.short_title if one.role == "target" else f"{one.short_title} – {wording.ROLES[one.role].lower()}"
    )


def split(one: Indicator, whole: str, held: Sequence[str], key: str = COMPARE) -> str:
    """Choose what small charts compare: other organisations (`all`), or one of the breakdowns `held`."""
    titles = {WHOLE: whole, **{each.name: each.title for each in one.breakdowns if each.name in held}}
    return choose("Compare by", titles, key, help=glossary.explain("breakdown"))


def layer(seasons: bool, key: str = SHOWS) -> str:
    """Choose what the main chart shows; signals without `seasons` only where there are years enough."""
    layers = {
        SIGNALS: "Signals",
        SEASONS: "Signals, seasons taken out",
        FORECAST: "Forecast",
        LAST_YEAR: "Same month last year",
        PATH: "Path only",
    }
    if not seasons:
        del layers[SEASONS]
    return choose("Chart shows", layers, key, help=glossary.explain("signal", "limits", "season", "forecast"))


def basis(available: Sequence[str]) -> str:
    """Choose local records or published figures, where both exist; otherwise what there is, with no box."""
    if len(available) < 2:
        return available[0] if available else "local"
    return choose(
        "Figures from",
        {one: wording.BASES[one] for one in available},
        address.BASIS,
        help=glossary.explain("basis"),
    )


def asked_footprint() -> str:
    """Give the footprint that the address asks for; today's unless it is another that there is."""
    asked = address.view().get(FOOTPRINT)
    return asked if asked in FOOTPRINTS else TODAY


def footprint(differs: bool) -> str:
    """Choose organisations as they are or as they were; no box where both are the same."""
    if not differs:
        address.settle(FOOTPRINT, None)
        return TODAY
    titles = {TODAY: "As they are today", AS_WAS: "As they were"}
    return choose("Organisations", titles, FOOTPRINT, help=glossary.explain("footprint"))
