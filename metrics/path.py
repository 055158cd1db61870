"""The target in force and the straight path to it: expressions over `month` and `baseline_value`."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import polars as pl

from metrics.baseline import Baseline, month_number
from metrics.indicator import Target

MONTH = pl.col("month")


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


def path(targets: Sequence[Target], baseline: Baseline) -> pl.Expr:
    """Where the series should be in `month`: straight from the baseline's level to each later target in turn.

    The baseline's level is placed in the baseline's last month, a target in its due month. Null before the
    baseline's end, and on a stretch whose start or finish is unknown; level after the last target.
    """
    if not targets:
        return pl.lit(None, pl.Float64)
    end = month_number(baseline.end)
    later = sorted((t for t in targets if month_number(t.due) > end), key=lambda target: target.due)
    last = later[-1] if later else max(targets, key=lambda target: target.due)
    knots = [(end, pl.col("baseline_value")), *((month_number(t.due), level(t)) for t in later)]
    line = pl.when(end == MONTH).then(knots[0][1]).when(knots[-1][0] <= MONTH).then(level(last))
    for (start, begin), (stop, finish) in pairwise(knots):
        share = (MONTH - start) / (stop - start)
        line = line.when((start <= MONTH) & (stop > MONTH)).then(begin * (1 - share) + finish * share)
    return line.otherwise(None)
