"""XmR charts one point at a time, in exact fractions: slow, plain, and what the fast code is held to.

It shares no code with `metrics`, and reads its rules off METHODS section 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

LIMIT, OUTLIER = Fraction("2.66"), Fraction("3.267")


@dataclass
class Point:
    value: Fraction | None
    recalculate: bool = False
    baseline: bool = False
    mean: Fraction | None = None
    lower: Fraction | None = None
    upper: Fraction | None = None
    outside_limits: bool = False
    shift: bool = False
    trend: bool = False
    two_of_three: bool = False
    state: str | None = None
    part: int = 0


RULES = {
    "mdc": {"shift": 6, "trend": 6, "outside_counts": False, "fewest": 13, "drop": False},
    "mdc_sql": {"shift": 6, "trend": 6, "outside_counts": True, "fewest": 13, "drop": False},
    "nhsr": {"shift": 7, "trend": 7, "outside_counts": False, "fewest": 1, "drop": True},
}


def may_share_a_run(profile: str, rule: str, one: Point, other: Point) -> bool:
    if one.part == other.part or profile == "mdc":
        return True
    return profile == "mdc_sql" and rule == "trend"


def draw_lines(everyone: Sequence[Point], profile: str) -> None:
    marks = [place for place, point in enumerate(everyone) if point.baseline]
    first_mark = marks[0] if len(marks) > 1 else 0
    last_mark = marks[-1] if marks else len(everyone)
    has_baseline = bool(marks) and any(p.value is not None for p in everyone[first_mark : last_mark + 1])
    if not has_baseline:
        first_mark, last_mark = 0, len(everyone)
    part = 0
    for place, point in enumerate(everyone):
        if point.recalculate and place > 0 and not has_baseline:
            part += 1
        point.part = part
    for number in range(part + 1):
        whole = [point for point in everyone if point.part == number]
        basis = [
            point.value
            for place, point in enumerate(everyone)
            if point.part == number and point.value is not None and first_mark <= place <= last_mark
        ]
        if not basis:
            continue
        ranges = [abs(after - before) for before, after in pairwise(basis)]
        if RULES[profile]["drop"] and ranges:
            mean_range = sum(ranges) / Fraction(len(ranges))
            ranges = [r for r in ranges if r < OUTLIER * mean_range] or ranges
        for point in whole:
            point.mean = sum(basis) / Fraction(len(basis))
            if ranges and sum(p.value is not None for p in everyone) >= RULES[profile]["fewest"]:
                reach = LIMIT * sum(ranges) / len(ranges)
                point.lower, point.upper = point.mean - reach, point.mean + reach


def side(point: Point) -> int:
    if point.mean is None:
        return 0
    return (point.value > point.mean) - (point.value < point.mean)


def is_outer(point: Point, profile: str) -> bool:
    if point.upper is None:
        return False
    two_sigma = (point.upper - point.mean) * Fraction(2, 3)
    beyond_two = abs(point.value - point.mean) > two_sigma
    return beyond_two and (RULES[profile]["outside_counts"] or not point.outside_limits)


def chart(everyone: Sequence[Point], profile: str, better: str) -> None:  # noqa: PLR0912 - rule after rule
    """Fill in every point's lines, flags and state."""
    draw_lines(everyone, profile)
    points = [point for point in everyone if point.value is not None]
    high, low = [set() for _ in points], [set() for _ in points]
    heading = [0 for _ in points]
    n_shift, n_trend = RULES[profile]["shift"], RULES[profile]["trend"]
    enough = len(points) >= RULES[profile]["fewest"]
    for place, point in enumerate(points):
        if point.upper is not None and not point.lower <= point.value <= point.upper:
            point.outside_limits = True
            (high if point.value > point.mean else low)[place].add("outside_limits")
    for start in range(len(points) if enough else 0):
        run = range(start, start + n_shift)
        if run.stop <= len(points):
            same = [may_share_a_run(profile, "shift", points[start], points[p]) for p in run]
            sides = {side(points[p]) for p in run}
            if all(same) and sides in ({1}, {-1}):
                for p in run:
                    points[p].shift = True
                    (high if sides == {1} else low)[p].add("shift")
        run = range(start, start + n_trend)
        if run.stop <= len(points):
            same = [may_share_a_run(profile, "trend", points[start], points[p]) for p in run]
            steps = [points[p + 1].value - points[p].value for p in run[:-1]]
            if all(same) and (all(s > 0 for s in steps) or all(s < 0 for s in steps)):
                for p in run:
                    points[p].trend = True
                    (high if steps[0] > 0 else low)[p].add("trend")
                    heading[p] = 1 if steps[0] > 0 else -1
        run = range(start, start + 3)
        if run.stop <= len(points):
            same = [may_share_a_run(profile, "two_of_three", points[start], points[p]) for p in run]
            sides = {side(points[p]) for p in run}
            outer = [p for p in run if is_outer(points[p], profile)]
            if all(same) and sides in ({1}, {-1}) and len(outer) >= 2:
                for p in outer:
                    points[p].two_of_three = True
                    (high if sides == {1} else low)[p].add("two_of_three")
    for place, point in enumerate(points):
        point.state = state(high[place], low[place], heading[place], profile, better)


def state(high: set[str], low: set[str], heading: int, profile: str, better: str) -> str:
    if not high and not low:
        return "common_cause"
    if profile == "nhsr":
        rule = next(r for r in ("outside_limits", "trend", "two_of_three", "shift") if r in high | low)
        goes_high = heading > 0 if rule == "trend" else rule in high
    elif high and low:
        goes_high = better != "lower"
    else:
        goes_high = bool(high)
    if better == "neither":
        return "neither_high" if goes_high else "neither_low"
    good = goes_high == (better == "higher")
    return f"{'improvement' if good else 'concern'}_{'high' if goes_high else 'low'}"


def assurance(last: Point, target: Fraction | None, better: str) -> str:
    if target is None or last.upper is None or better == "neither":
        return "none"
    if (target <= last.lower) if better == "higher" else (target >= last.upper):
        return "consistently_passing"
    if (target >= last.upper) if better == "higher" else (target <= last.lower):
        return "consistently_failing"
    return "hit_or_miss"
