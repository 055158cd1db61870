"""The target in force and the path to it: expressions over `month` and `baseline_value` (and `shape`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import polars as pl

from metrics.baseline import MONTHS_IN_A_YEAR, Baseline, month_number
from metrics.indicator import Target

MONTH = pl.col("month")
Shape = Literal["straight", "shaped"]


@dataclass(frozen=True, slots=True)
class Bend:
    """What the months of a year do to a path: nothing, or what they did in the baseline.

    With `shaped` the path rises and falls as the baseline's months did around its level, and still meets each
    target in its due month. `shape` (a list, January first) holds each month over the level, and for a share
    of 1 (`added`) the month less the level, so that the path stays within 0..1.
    """

    shaped: bool = False
    added: bool = False

    def bent(self, line: pl.Expr) -> pl.Expr:
        """The line as it is to be met in `month`."""
        if not self.shaped:
            return line
        here = pl.col("shape").list.get(MONTH % MONTHS_IN_A_YEAR)
        return (line + here).clip(0.0, 1.0) if self.added else line * here

    def unbent(self, value: pl.Expr, month: int) -> pl.Expr:
        """The line that passes through `value` in `month` once it is bent."""
        if not self.shaped:
            return value
        there = pl.col("shape").list.get(month % MONTHS_IN_A_YEAR)
        return value - there if self.added else pl.when(there > 0).then(value / there)


STRAIGHT = Bend()


def level(target: Target) -> pl.Expr:
    """What a target asks for, in the value's unit: its own level, or a share of the series' baseline."""
    if target.level is not None:
        return pl.lit(target.level, pl.Float64)
    return pl.col("baseline_value") * (1 + (target.change or 0.0))


def due(target: Target) -> pl.Expr:
    """The month number a target is to be met in."""
    return pl.lit(month_number(target.due), pl.Int32)


def in_force(targets: Sequence[Target], quantity: Callable[[Target], pl.Expr]) -> pl.Expr:
    """A quantity of the target in force in `month`.

    Of the targets that have started (`since` <= month), the earliest still to come due; when all are past,
    the last of them; null before any has started.
    """
    chosen = pl.lit(None)
    by_due = sorted(targets, key=lambda target: target.due)
    for target in by_due:
        past = (month_number(target.since) <= MONTH) & (month_number(target.due) < MONTH)
        chosen = pl.when(past).then(quantity(target)).otherwise(chosen)
    for target in reversed(by_due):
        current = MONTH.is_between(month_number(target.since), month_number(target.due))
        chosen = pl.when(current).then(quantity(target)).otherwise(chosen)
    return chosen


def path(targets: Sequence[Target], baseline: Baseline, bend: Bend = STRAIGHT) -> pl.Expr:
    """Where the series should be in `month`: from the baseline's level to each later target in turn.

    The baseline's level is placed in the baseline's last month, a target in its due month. Null before the
    baseline's end, and on a stretch whose start or finish is unknown; level after the last target. `bend`
    is what the months of a year do to the line between.
    """
    if not targets:
        return pl.lit(None, pl.Float64)
    end = month_number(baseline.end)
    later = sorted((t for t in targets if month_number(t.due) > end), key=lambda target: target.due)
    last = later[-1] if later else max(targets, key=lambda target: target.due)
    dues = [(month_number(target.due), level(target)) for target in later]
    knots = [(end, pl.col("baseline_value")), *((due, bend.unbent(value, due)) for due, value in dues)]
    line = pl.when(end == MONTH).then(bend.bent(knots[0][1])).when(knots[-1][0] <= MONTH).then(level(last))
    for (start, begin), (stop, finish) in pairwise(knots):
        share = (MONTH - start) / (stop - start)
        between = bend.bent(begin * (1 - share) + finish * share)
        line = line.when((start <= MONTH) & (stop > MONTH)).then(between)
    return line.otherwise(None)
