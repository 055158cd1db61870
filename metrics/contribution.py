"""Whose gap is it: parts that sum exactly to the whole's distance from its target, or to its change.

Every split here is symmetric and leaves nothing over: a residual on a board paper is a question with no
answer.
"""

from collections.abc import Sequence

import polars as pl


def contributions(
    parts: pl.DataFrame, target: float | str, *, by: Sequence[str] = (), per: int = 1
) -> pl.DataFrame:
    """What each part adds to the whole's gap: c = (n / N)(p - target), which sums to P - target.

    `parts` has numerator and denominator, one row for each part of the whole that `by` names (all rows,
    without it): neighbourhoods of a system, or neighbourhoods x providers. `target` is a level or the name of
    a column of levels, one for each whole. Adds value and share (of the denominator), contribution (in the
    value's unit: its sum is the gap) and contribution_events (numerator less what the target would have
    given). A part with nothing in its denominator and numerator adds 0. A part whose numerator is not known
    has no contribution, and neither it nor its denominator counts to the whole.
    """
    level = pl.lit(target) if isinstance(target, int | float) else pl.col(target)
    r, n = pl.col("numerator").cast(pl.Float64), pl.col("denominator").cast(pl.Float64)
    counted = pl.when(r.is_not_null()).then(n)
    whole = counted.sum().over(list(by)) if by else counted.sum()
    surplus = r - level * n / per
    return parts.with_columns(
        pl.when(n > 0).then(per * r / n).alias("value"),
        pl.when(whole > 0).then(counted / whole).alias("share"),
        pl.when(whole > 0).then(per * surplus / whole).alias("contribution"),
        surplus.alias("contribution_events"),
    )


def mix_and_rate(parts: pl.DataFrame, *, by: Sequence[str] = (), per: int = 1) -> pl.DataFrame:
    """Split the difference between two wholes into the parts' mix and their rates.

    `parts` has numerator and denominator, and numerator_before and denominator_before (an earlier period, or
    another area). Adds, for each part, `mix`: the change of its share, times how far its mean rate lies from
    the whole's; and `rate`: the change of its rate, times its mean share. Over the parts they sum to P - P
    before. A part that is empty on one side has its other side's rate on both, so that all it adds is mix.
    """
    wholes = {}
    for side, name in (("", "now"), ("_before", "then")):
        r, n = pl.col(f"numerator{side}").cast(pl.Float64), pl.col(f"denominator{side}").cast(pl.Float64)
        wholes[name] = (
            (n.sum().over(list(by)) if by else n.sum()),
            (r.sum().over(list(by)) if by else r.sum()),
            pl.when(n > 0).then(per * r / n),
            n,
        )
    (n_now, r_now, rate_now, own_now), (n_then, r_then, rate_then, own_then) = wholes["now"], wholes["then"]
    both_now, both_then = pl.coalesce(rate_now, rate_then, 0.0), pl.coalesce(rate_then, rate_now, 0.0)
    share_now, share_then = own_now / n_now, own_then / n_then
    middle = per * (r_now / n_now + r_then / n_then) / 2
    known = (n_now > 0) & (n_then > 0)
    return parts.with_columns(
        pl.when(known).then((share_now - share_then) * ((both_now + both_then) / 2 - middle)).alias("mix"),
        pl.when(known).then((both_now - both_then) * (share_now + share_then) / 2).alias("rate"),
    )


def activity_and_size(parts: pl.DataFrame) -> pl.DataFrame:
    """Split a change in counts into the cohort's size and its activity; the two sum to the change.

    `parts` has numerator (events) and denominator (person-months), and both with `_before`. Adds `size`: the
    change in person-months at the mean rate; and `activity`: the change in rate at the mean person-months.
    A cohort that did not exist on one side has the other's rate on both: all of its change is size.
    """
    r, n = pl.col("numerator").cast(pl.Float64), pl.col("denominator").cast(pl.Float64)
    r0, n0 = pl.col("numerator_before").cast(pl.Float64), pl.col("denominator_before").cast(pl.Float64)
    now, then = pl.when(n > 0).then(r / n), pl.when(n0 > 0).then(r0 / n0)
    rate, rate0 = pl.coalesce(now, then), pl.coalesce(then, now)
    return parts.with_columns(
        ((n - n0) * (rate + rate0) / 2).alias("size"), ((rate - rate0) * (n + n0) / 2).alias("activity")
    )
