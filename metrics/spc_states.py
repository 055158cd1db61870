"""What a broken rule means: improvement, concern or neither, and which icon the target earns."""

from typing import Literal

import polars as pl

from metrics.spc_profiles import Profile, Rule

Direction = Literal["higher", "lower", "neither"]

STATES = pl.Enum(
    [
        "common_cause",
        "improvement_high",
        "improvement_low",
        "concern_high",
        "concern_low",
        "neither_high",
        "neither_low",
    ]
)
COMMON, IMPROVEMENT_HIGH, IMPROVEMENT_LOW, CONCERN_HIGH, CONCERN_LOW, NEITHER_HIGH, NEITHER_LOW = range(7)
PASSING, FAILING, HIT_OR_MISS, NO_ICON = "consistently_passing", "consistently_failing", "hit_or_miss", "none"


def state(profile: Profile, better: pl.Expr) -> pl.Expr:
    """The state of each point from its flags, side, rising, falling and heading (`spc_rules.rules`).

    High and low are the way the rule points: a climb below the mean is high. Where rules point both ways the
    profile's clash decides; where neither way is better, high goes first.
    """
    higher, lower = better == "higher", better == "lower"
    high = pl.when(higher).then(IMPROVEMENT_HIGH).when(lower).then(CONCERN_HIGH).otherwise(NEITHER_HIGH)
    low = pl.when(higher).then(CONCERN_LOW).when(lower).then(IMPROVEMENT_LOW).otherwise(NEITHER_LOW)
    points = _points_by_order(profile) if profile.clash == "rule_order" else _points_by_merit(profile, better)
    code = pl.when(points > 0).then(high).when(points < 0).then(low).otherwise(COMMON)
    return code.cast(pl.UInt8).cat.to(STATES)


def assurance(better: pl.Expr) -> pl.Expr:
    """The assurance icon from `target`, `lower_limit` and `upper_limit`: the target against the limits.

    A target on a limit is passed or failed, not hit or missed; of a flat line on its target it is passed.
    """
    higher, lower = better == "higher", better == "lower"
    slack = 1e-12 * pl.max_horizontal(pl.col("lower_limit").abs(), pl.col("upper_limit").abs())
    under = pl.col("target") <= pl.col("lower_limit") + slack
    over = pl.col("target") >= pl.col("upper_limit") - slack
    return (
        pl.when(under.is_null() | over.is_null() | ~(higher | lower))
        .then(pl.lit(NO_ICON))
        .when((higher & under) | (lower & over))
        .then(pl.lit(PASSING))
        .when((higher & over) | (lower & under))
        .then(pl.lit(FAILING))
        .otherwise(pl.lit(HIT_OR_MISS))
    )


def meets(better: pl.Expr) -> pl.Expr:
    """Whether `value` is at or better than its row's `target`; null without one, or if neither is better."""
    ahead = pl.col("value") - pl.col("target")
    slack = 1e-12 * pl.col("target").abs()
    return pl.when(better == "higher").then(ahead >= -slack).when(better == "lower").then(ahead <= slack)


def _points_by_merit(profile: Profile, better: pl.Expr) -> pl.Expr:
    """+1, 0 or -1: the way any rule points; of two ways the better (or, by the profile, the worse)."""
    off_the_mean = pl.col("outside_limits") | pl.col("shift") | pl.col("two_of_three")
    up = (off_the_mean & (pl.col("side") > 0)) | pl.col("rising")
    down = (off_the_mean & (pl.col("side") < 0)) | pl.col("falling")
    down_first = better == ("lower" if profile.clash == "improvement" else "higher")
    return pl.when(up & ~(down & down_first)).then(1).when(down).then(-1).otherwise(0)


def _points_by_order(profile: Profile) -> pl.Expr:
    """+1, 0 or -1: the way the first broken rule of the profile's order points."""
    way: dict[Rule, str] = {
        "outside_limits": "side",
        "shift": "side",
        "trend": "heading",
        "two_of_three": "side",
    }
    return pl.coalesce(*(pl.when(pl.col(rule)).then(pl.col(way[rule])) for rule in profile.order), pl.lit(0))
