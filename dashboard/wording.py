"""Numbers, months and standings in the words a board would use."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from math import gcd

from metrics.indicator import Indicator

NO_VALUE = "no figure"
UNATTRIBUTED = "unattributed"

LEVELS = {
    "place": ("Place", "Places"),
    "neighbourhood": ("Neighbourhood", "Neighbourhoods"),
    "system": ("System", "Systems"),
    "provider": ("Provider", "Providers"),
    "ambulance_service": ("Ambulance service", "Ambulance services"),
    "region": ("Region", "Regions"),
    "england": ("England", "England"),
}
PLACES_OF_CARE = ("provider", "ambulance_service")
"""Levels that count by where care was given, not by where people are registered."""

BASES = {"local": "Local records", "published": "Published figures"}
FEEDS_FROM_RECORDS = {
    "acute_trust_mapping": "Units shared among acute trusts",
    "ae_monthly": "Published A&E figures",
    "ambsys": "Published ambulance indicators",
    "authority_places": "Lookup: lower to upper-tier authority",
    "authority_regions": "Lookup: authority to region",
    "boundaries_authorities": "Boundaries of local authorities",
    "boundaries_systems": "Boundaries of integrated care boards",
    "discharge_sitrep": "Published acute discharge report",
    "drd": "Published Discharge Ready Date figures",
    "lsoa_authorities": "Lookup: LSOA to local authority",
    "lsoa_systems": "Lookup: LSOA to integrated care board",
    "icb_mergers": "Mergers of integrated care boards",
    "ods_successions": "ODS successions",
    "ods_trusts": "ODS trusts",
    "specialist_advice_by_provider": "Published specialist advice, answered",
    "specialist_advice_by_system": "Published specialist advice, asked",
    "pcn_members": "Primary care networks",
    "system_mapping": "System mapping",
    "trust_systems": "Lookup: trust to integrated care boards",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a status is shown: never by colour alone, so a shape and words come with it."""

    shape: str
    words: str
    colour: str
    meaning: str = ""

    @property
    def plain(self) -> str:
        """Give shape and words, for tables and chart titles."""
        return f"{self.shape} {self.words}"

    @property
    def badge(self) -> str:
        """Give a Streamlit Markdown badge."""
        return f":{self.colour}-badge[{self.plain}]"


STANDINGS = {
    "met": Standing("✔", "Met", "green", "The newest final month is at the target or better."),
    "on track": Standing("▲", "On track", "blue", "Level with, or ahead of, the path to the target."),
    "behind": Standing("▼", "Behind", "orange", "Short of where the path says it should be by now."),
    "insufficient data": Standing(
        "○", "Not enough data", "gray", "Too few complete months, or no baseline, for a verdict."
    ),
    "no target": Standing("–", "No target set", "gray", "No size has been set nationally."),
    "not published": Standing("✕", "No published figure", "gray", "None of the files loaded gives it here."),
    "no figure": Standing("◌", "No figure", "gray", "None of the records loaded gives it here."),
}

DEFINITION_STATUSES = {
    "official": (
        "Official definition",
        "The published national definition, checked against published figures.",
    ),
    "nearest_official": ("Nearest official definition", "NHS England's closest published definition."),
    "local_proxy": (
        "Our reading",
        "No official way to count it is published, so this is our reading of the target.",
    ),
}
OBSERVATION_STATUSES = {
    "final": "Final",
    "provisional": "Provisional: may still change",
    "not_reported": "Not reported",
    "no_denominator": "Nobody to count",
    "insufficient_data": "Not enough data",
    "suppressed": "Hidden: small number",
}
VARIATION = {
    "improvement_high": "Improvement, high",
    "improvement_low": "Improvement, low",
    "common_cause": "Common cause",
    "concern_high": "Concern, high",
    "concern_low": "Concern, low",
    "neither_high": "A change, up",
    "neither_low": "A change, down",
    "none": "Too few months",
}
ASSURANCE = {
    "consistently_passing": "Passing",
    "hit_or_miss": "Hit or miss",
    "consistently_failing": "Failing",
    "none": "No target or limits",
}
VARIATION_MEANS = {
    "Improvement": "the latest months are better than chance would make them, high or low.",
    "Concern": "the latest months are worse than chance would make them, high or low.",
    "Common cause": "the latest month is within what chance alone gives.",
}
ASSURANCE_MEANS = {
    "Passing": "the whole range that chance gives is at the target or better.",
    "Hit or miss": "the target is within what chance gives: some months reach it, some do not.",
    "Failing": "the whole range that chance gives falls short of the target: only a change will reach it.",
}
OUTCOMES = {
    "accepted": "✔ Accepted",
    "accepted_with_quarantine": "◐ Accepted, some rows set aside",
    "refused": "✖ Refused",
}
ARRIVALS = {
    "Feed": "one kind of data, such as outpatient appointments.",
    "Months held": "the months that accepted files cover.",
    "Accepted": "the file kept its promises and its rows were stored.",
    "Set aside": "a row broke a rule. It is kept with the reason, but it is in no figure.",
    "Refused": "the whole file was turned away, and nothing changed.",
    "Older than expected": "a later month should have come by now. Look for a newer file.",
    "Agrees": "two figures of the same thing are within the tolerance that is told beside them.",
    "Differs": "they are further apart than that. Somebody should ask why.",
    "Cannot compare": "one of the two is not there, or not reported.",
    "Large": "a revision above the size that is told beside it.",
    "Rule": "the name of the check, as written in the feed's contract.",
}
ROLES = {
    "target": "National target",
    "second_definition": "Second definition",
    "companion": "Companion measure",
}


def many(level: str) -> str:
    """Say the organisations of a level within a sentence: "places", "England"."""
    name = LEVELS[level][1]
    return name if level == "england" else name.lower()


def ordinal(rank: int) -> str:
    """Say a place in an order: "1st", "12th", "23rd"."""
    last = 0 if rank % 100 in (11, 12, 13) else rank % 10
    return f"{rank:,}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"


def so_many(count: int, level: str) -> str:
    """Say so many organisations of a level: "1 place", "24 neighbourhoods"; England is one, and named."""
    return LEVELS[level][0] if level == "england" else f"{count:,} {LEVELS[level][count != 1].lower()}"


def standing(status_words: str | None) -> Standing:
    """Give the display of a status in the metrics room's words; an unknown one is shown as it stands."""
    if not status_words:
        return STANDINGS["insufficient data"]
    return STANDINGS.get(status_words, Standing("•", status_words.capitalize(), "gray"))


def month(period: date | None, short: bool = False) -> str:
    """Say a month: "June 2026", or "Jun 2026"."""
    if period is None:
        return "no month"
    return period.strftime("%b %Y" if short else "%B %Y")


def day(moment: date | datetime | None) -> str:
    """Say a day: "4 June 2026"."""
    return "never" if moment is None else f"{moment.day} {moment.strftime('%B %Y')}"


def number(amount: float | None, places: int | None = None) -> str:
    """Write a number with thousands separators; places follow its size unless given."""
    if amount is None:
        return NO_VALUE
    if places is None:
        places = places_for(amount) if amount else 0
    text = f"{abs(amount):,.{places}f}"
    return f"−{text}" if amount < 0 and float(text.replace(",", "")) else text


def places_for(amount: float) -> int:
    """Give the decimal places of three figures: 1,234 and 45.6 and 7.89 and 0.78.

    With fewer, a value and the target it misses can be written alike.
    """
    return 0 if abs(amount) >= 100 else 1 if abs(amount) >= 10 else 2


def percent(share: float, places: int = 1) -> str:
    """Write a share of 0 to 1 as a percentage; a whole percentage drops its decimals."""
    text = f"{100 * share:.{places}f}"
    return f"{text.removesuffix('.' + '0' * places)}%"


def numbered(indicator: Indicator) -> str:
    """Name a measure with the number of the national target it belongs to: "4. Four-hour standard"."""
    return f"{indicator.national_target}. {indicator.short_title}"


def unit_of(indicator: Indicator, counted: bool) -> str:
    """Give the unit beside a value.

    `counted` is for levels that count by place of care: no population is behind them, so a rate is a plain
    count there and a pace is not "per 1,000".
    """
    if indicator.kind == "proportion":
        return "%"
    if counted and indicator.kind == "rate":
        return f"{plural(indicator.event)} a month"
    if counted and indicator.kind == "pace":
        return indicator.unit.split(" (")[0]
    return indicator.unit.replace(" (", ", ").replace(")", "")


def value(indicator: Indicator, amount: float | None, counted: bool = False, unit: bool = False) -> str:
    """Write an indicator's value: "76.1%", "412" or "6.1 days"."""
    if amount is None:
        return NO_VALUE
    if indicator.kind == "proportion":
        # All and none are written whole, so that 99.96% cannot pass for all.
        return percent(amount) if amount in (0, 1) else f"{100 * amount:.1f}%"
    if counted and indicator.kind == "rate":
        text = number(amount, 0 if amount >= 10 or float(amount).is_integer() else 1)
        return (
            f"{text} {indicator.event if text == '1' else plural(indicator.event)} a month" if unit else text
        )
    text = number(amount, 1 if indicator.kind == "mean" else None)
    return f"{text} {unit_of(indicator, counted)}" if unit else text


def interval(indicator: Indicator, low: float | None, high: float | None) -> str:
    """Write an interval: "70.8% to 71.5%", in spaces that keep it on one line where a column is narrow."""
    if low is None or high is None:
        return "–"
    return f"{value(indicator, low)} to {value(indicator, high)}".replace(" ", "\N{NO-BREAK SPACE}")


def target_value(indicator: Indicator, amount: float | None, counted: bool = False) -> str:
    """Write a target: as a value, but "82%" rather than "82.0%"."""
    if amount is not None and indicator.kind == "proportion":
        return percent(amount)
    return value(indicator, amount, counted)


def size(indicator: Indicator, gap: float | None, like: float | None = None) -> str:
    """Write how big a gap is, unsigned: "2.3 points", or with the decimals of the value it is `like`."""
    if gap is None:
        return NO_VALUE
    if indicator.kind == "proportion":
        points = f"{abs(gap) * 100:.1f}"
        return "under 0.1 points" if points == "0.0" and gap else f"{points} points"
    places = 1 if indicator.kind == "mean" else places_for(like if like is not None else gap)
    text = number(abs(gap), places)
    if gap and not float(text.replace(",", "")):
        text = f"under {10.0**-places:.{places}f}"
    return f"{text} {indicator.unit}" if indicator.kind == "mean" else text


def about(events: float | None, event: str) -> str:
    """Say a monthly gap in people, rounded as people say it: "about 340 patients a month"."""
    if not events:
        return ""
    amount = abs(events)
    if amount < 1:
        return f"less than 1 {event} a month"
    return f"about {counted_as(rounded(amount), event)} a month"


def counted_as(count: int, event: str) -> str:
    """Say so many of something: "1 patient", "1,300 patients"."""
    return f"{count:,} {event if count == 1 else plural(event)}"


def rounded(amount: float) -> int:
    """Round a count as people say it: 7, 340, 1,300, 47,000."""
    for least, step in ((100_000, 10_000), (10_000, 1_000), (1_000, 100), (100, 10), (20, 5)):
        if amount >= least:
            return round(amount / step) * step
    return round(amount)


def roughly(count: float) -> str:
    """Say a count as people do: "none", "7", "about 340"; only what is rounded is "about"."""
    people = rounded(count)
    if not people:
        return "fewer than 1" if count else "none"
    return f"{people:,}" if people == count else f"about {people:,}"


def one_in(share: float) -> str:
    """Say a share of 0 to 1 as people do: "about 1 in 4", "almost all", "fewer than 1 in 20"."""
    if share <= 0.0 or share >= 1.0:
        return "all" if share >= 1.0 else "none"
    if share < 0.05:
        return "fewer than 1 in 20"
    if share > 0.95:
        return "more than 19 in 20"
    of = next((of for of in (2, 3, 4, 5) if _near(share, of)), 10)
    part = max(1, min(of - 1, round(share * of)))
    common = gcd(part, of)
    return f"about {part // common} in {of // common}"


def _near(share: float, of: int) -> bool:
    """Tell whether a share is within 1.5 points of so many in `of`, and neither none nor all."""
    part = round(share * of)
    return 0 < part < of and abs(share - part / of) <= 0.015


def plural(event: str) -> str:
    """Give the plural of what an indicator counts: "attendances", "bed days", "days of delay"."""
    head, of, rest = event.partition(" of ")
    if head.endswith("ty"):
        return f"{head[:-1]}ies{of}{rest}"
    return f"{head}s{of}{rest}"


def listing(words: Iterable[str]) -> str:
    """Join words as in a sentence: "a, b and c"."""
    items = list(words)
    return items[0] if len(items) == 1 else " and ".join([", ".join(items[:-1]), items[-1]]) if items else ""


def feed_title(feed: str) -> str:
    """Say a feed's name: "Emergency care attendances"."""
    return FEEDS_FROM_RECORDS.get(feed, feed.replace("_", " ").capitalize())


def axis_title(indicator: Indicator, counted: bool) -> str:
    """Say what the vertical axis measures, with its unit: "% of attendances"."""
    return indicator.unit if indicator.kind == "proportion" else unit_of(indicator, counted)


def category(code: str) -> str:
    """Say a breakdown's category that has no label of its own: "not_known" as "Not known"."""
    return code.replace("_", " ").capitalize()
