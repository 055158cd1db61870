"""What an indicator is: its meaning, its targets, its counting rules and where they come from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import narwhals as nw

Feeds = Mapping[str, nw.LazyFrame[Any]]
"""Accepted records by feed name, on any engine Narwhals speaks to."""

CountingRule = Callable[[Feeds], nw.LazyFrame[Any]]
"""Records -> events, one row for each thing counted; see `Indicator` for the columns."""

PopulationRule = Callable[[Feeds, Sequence[date]], nw.LazyFrame[Any]]
"""Records and the months asked for -> the people at risk in each month."""

Better = Literal["higher", "lower"]
Kind = Literal["proportion", "pace", "rate", "mean"]
DefinitionStatus = Literal["official", "nearest_official", "local_proxy"]
Role = Literal["target", "second_definition", "companion"]


LEAST_REPORTING = 0.8
"""A figure made of fewer than this share of its organisations gets no verdict: as with the dates of a trust's
discharges (DEFINITIONS, 6), beyond a fifth missing the figure says as much of who reported as of care."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A dated national target: either an absolute `level`, or a `change` on each organisation's own baseline.

    `due` and `since` are first days of months: the target is in force from `since` and is to be met in `due`.
    """

    due: date
    since: date
    set_by: str
    level: float | None = None
    change: float | None = None

    def __post_init__(self) -> None:
        if (self.level is None) == (self.change is None):
            raise ValueError("a target has either a level or a change from baseline, and never both")
        if self.since > self.due or self.since.day != 1 or self.due.day != 1:
            raise ValueError("a target's since and due are first days of months, in that order")


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A month from which a series is not counted as it was before: charts mark it, and say limits cross it.

    `text` says in a sentence what changed; `basis` (local or published) and `level` say whose series, None
    every one. Of providers only those in `providers` are concerned, where any are named; the areas they
    stand in are concerned too.
    """

    period: date
    text: str
    basis: str | None = None
    level: str | None = None
    providers: tuple[str, ...] = ()

    def concerns(self, level: str, organisation: str) -> bool:
        """Whether it is about an organisation's series."""
        named = level != "provider" or not self.providers or organisation in self.providers
        return named and self.level in (None, level)

    def __post_init__(self) -> None:
        if self.period.day != 1 or not self.text.strip():
            raise ValueError("a break has the first day of its month, and says what changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class KOfN:
    """A rule over categories: at least `least` of the listed categories must each reach the target."""

    breakdown: str
    least: int
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """One way of splitting an indicator; `column` is the event column that holds the category.

    `sums` is False where parts overlap or reach outside the whole (cohorts do); `note` then says why.
    `at_risk` says which population a category is set against: its own part, the whole (a specialty is not a
    property of people), or none (the population is not known by this split: no rate is given).
    `needs` names a feed without which the breakdown is left out; any other missing feed is an error.
    """

    name: str
    title: str
    labels: Mapping[str, str]
    sums: bool = True
    note: str = ""
    at_risk: Literal["parts", "whole", "none"] = "parts"
    needs: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One measure as a board reads it and as the pipeline counts it.

    `events` gives one row for each thing counted, with the columns `on` (Date), `practice_code`,
    `provider_code`, `ambulance_service_code` where there is one, one column for each breakdown (text: the
    category; a whole number: its place among the labels), `numerator` and (kinds proportion and mean)
    `denominator`, both whole numbers; with `least_complete` also `valid` and `eligible`, the counts whose
    ratio is the completeness of the record. `at_risk` (kinds pace and rate) gives the people in `on`,
    `practice_code` and the breakdown columns it has, with `denominator` (people) for `numerator`.
    `published` counts a published feed instead: as `events`, with `region_code`; a null numerator means that
    the organisation did not report; `reporting` and `expected` say how many organisations a figure covers, of
    how many, where the feed says so, and under `least_reporting` of them there is no verdict.
    `systems_of_providers`: published by provider alone, so that a system is the sum of its providers.
    `unpublished` says, where nothing published gives the measure, what is missing.
    `headline` names the category a column is held at for the headline and for every breakdown but its own,
    so that one frame of events may hold overlapping cohorts.
    `per` scales the population: 1,000 for a rate "per 1,000".
    """

    id: str
    national_target: int
    version: str
    title: str
    short_title: str
    meaning: str
    why: str
    better: Better
    kind: Kind
    unit: str
    event: str
    feeds: tuple[str, ...]
    events: CountingRule = field(repr=False)
    definition_status: DefinitionStatus
    source: str
    owner: str
    checked_by: str
    next_review: date
    numerator_title: str
    denominator_title: str
    at_risk: PopulationRule | None = field(default=None, repr=False)
    published: CountingRule | None = field(default=None, repr=False)
    published_feeds: tuple[str, ...] = ()
    systems_of_providers: bool = False
    unpublished: str = ""
    breakdowns: tuple[Breakdown, ...] = ()
    headline: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    target_note: str = ""
    k_of_n: KOfN | None = None
    role: Role = "target"
    of: str | None = None
    per: int = 1
    provisional_months: int = 0
    least_complete: float | None = None
    least_reporting: float = LEAST_REPORTING
    reaches_back: bool = False
    cautions: tuple[str, ...] = ()
    breaks: tuple[Break, ...] = ()

    def __post_init__(self) -> None:
        empty = [name for name in GOVERNANCE if not getattr(self, name)]
        if empty:
            raise ValueError(f"indicator {self.id or '(no id)'}: {', '.join(empty)} must not be empty")
        if (self.of is None) != (self.role == "target"):
            raise ValueError(f"indicator {self.id}: a {self.role} {'names' if self.of else 'must name'} `of`")
        if (self.kind in ("pace", "rate")) != (self.at_risk is not None):
            raise ValueError(f"indicator {self.id}: kinds pace and rate, and only they, have `at_risk`")

    @property
    def all_feeds(self) -> tuple[str, ...]:
        """The feeds its local counts are made from, those only a breakdown needs included."""
        needed = (one.needs for one in self.breakdowns if one.needs)
        return tuple(dict.fromkeys([*self.feeds, *needed]))

    @property
    def population(self) -> tuple[object, ...]:
        """What the people at risk depend on: the rule, and the splits they are counted by."""
        return (self.at_risk, *(one.name for one in self.breakdowns if one.at_risk == "parts"))

    @property
    def scale(self) -> int:
        """What numerator / denominator of an observation is multiplied by to give its value.

        A pace's denominator is already in thousands of people, so there it is 1.
        """
        return 1 if self.kind == "pace" else self.per


GOVERNANCE = (
    "id",
    "national_target",
    "version",
    "title",
    "meaning",
    "why",
    "definition_status",
    "source",
    "owner",
    "checked_by",
    "next_review",
    "feeds",
)
"""Fields that are refused when empty: an unvalidated field rots (DESIGN, decision 12)."""
