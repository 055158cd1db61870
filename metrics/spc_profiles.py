"""Whose rules a chart is read by: the published XmR rule sets of the NHS, and how to name one's own.

They differ, and a chart says which it was drawn with: METHODS section 1 is the table this file writes down.
"""

from dataclasses import dataclass
from typing import Literal

Rule = Literal["outside_limits", "shift", "trend", "two_of_three"]
Clash = Literal["improvement", "concern", "rule_order"]

MULTI_POINT: frozenset[Rule] = frozenset({"shift", "trend", "two_of_three"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One rule set for XmR charts.

    `shift`: points running on one side of the mean. `trend`: points (not steps) running all up or all down.
    `outside_counts`: whether a point beyond the limits counts as one of the outer two of three.
    `fewest_points`: a series with fewer gets its mean, but no limits, no signals and no icons.
    `drop_outliers`: moving ranges of 3.267 x their mean or more are left out once, and the mean taken again.
    `crosses`: the rules whose runs may start in one part and go on in the next, across a recalculation.
    `clash`: what a point is that is both; `rule_order` lets the first rule of `order` that fits decide.
    """

    name: str
    version: str
    shift: int = 6
    trend: int = 6
    outside_counts: bool = False
    fewest_points: int = 13
    drop_outliers: bool = False
    crosses: frozenset[Rule] = MULTI_POINT
    clash: Clash = "improvement"
    order: tuple[Rule, ...] = ("outside_limits", "trend", "two_of_three", "shift")

    def __post_init__(self) -> None:
        if self.shift < 2 or self.trend < 2:
            raise ValueError("a shift and a trend are runs of at least 2 points")
        if self.clash == "rule_order" and set(self.order) != MULTI_POINT | {"outside_limits"}:
            raise ValueError("an order of rules names each of the four rules once")


MDC = Profile(name="mdc", version="Making Data Count Excel tool 5.0")
MDC_SQL = Profile(
    name="mdc_sql",
    version="Making Data Count SQL query 2.6",
    outside_counts=True,
    crosses=frozenset({"trend"}),
)
NHSR = Profile(
    name="nhsr",
    version="NHSRplotthedots 0.2.2",
    shift=7,
    trend=7,
    fewest_points=1,
    drop_outliers=True,
    crosses=frozenset(),
    clash="rule_order",
)

PROFILES = {profile.name: profile for profile in (MDC, MDC_SQL, NHSR)}
