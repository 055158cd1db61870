"""Revisions: what a later issue of a month changed, whether that is large, and which signals it turned.

A revision changes a numerator, a denominator or a value that was already known. A month's first arrival is
none, and neither is a change of its target or path alone.
"""

import polars as pl

from metrics.baseline import SERIES
from metrics.indicator import Indicator
from metrics.series_signals import pointwise, summed
from metrics.spc_profiles import MDC
from metrics.trajectory import standing

LARGE_POINTS = 0.005
"""A share revised by more than half a point is flagged: England's four-hour figure moves by 0.9 points from
one month to the next in the middle case, so half of that is enough to be taken for news."""

LARGE_SHARE = 0.01
"""Any other value, or the count behind a value, revised by more than 1% of itself is flagged: a month's
patients are a settled count, and a hundredth of them found or lost is a department or a day."""

ROUNDING = 1e-9
"""So that exactly 1% is not more than 1%."""

REVISED, WITHDRAWN, ADDED = "revised", "withdrawn", "added"
"""A figure for a figure; a figure taken back; a figure where a known month had none."""

SIGNALS = ("state", "variation", "assurance", "standing")
"""What a revision can turn: the month's own point, the series' two icons, and its verdict."""


def sized(changes: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """`changes` with how large each is: kind, change, share, denominator_change, denominator_share, flagged.

    `changes` holds value, numerator and denominator as `<name>_before` and `<name>_after`, null where there
    was none. `change` is in the value's own unit (a share: 0.01 is a point); `share` is of the value before,
    `denominator_share` of the denominator before, or of the numerator where a value has no denominator.
    """
    before, after = pl.col("value_before"), pl.col("value_after")
    base_before = pl.coalesce("denominator_before", "numerator_before")
    base_after = pl.coalesce("denominator_after", "numerator_after")
    kind = (
        pl.when(after.is_null())
        .then(pl.lit(WITHDRAWN))
        .when(before.is_null())
        .then(pl.lit(ADDED))
        .otherwise(pl.lit(REVISED))
    )
    large = (
        pl.col("change").abs() > LARGE_POINTS + ROUNDING
        if indicator.kind == "proportion"
        else pl.col("share").abs() > LARGE_SHARE + ROUNDING
    )
    counted = pl.col("denominator_share").abs() > LARGE_SHARE + ROUNDING
    lost = before.is_not_null() & after.is_null()
    return (
        changes.filter(before.is_not_null() | after.is_not_null() | base_before.ne_missing(base_after))
        .with_columns(
            kind.alias("kind"),
            (after - before).alias("change"),
            pl.when(before != 0).then((after - before) / before).alias("share"),
            (base_after - base_before).alias("denominator_change"),
            pl.when(base_before != 0)
            .then((base_after - base_before) / base_before)
            .alias("denominator_share"),
        )
        .with_columns((large.fill_null(False) | counted.fill_null(False) | lost).alias("flagged"))
    )


def turned(
    changes: pl.DataFrame,
    history: pl.DataFrame,
    indicator: Indicator,
    recalculations: pl.DataFrame | None = None,
    plan: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """`changes` with each of SIGNALS as `<name>_before` and `<name>_after`, points_turned, and `turned`.

    `changes` has the series keys, period and known_at; `history` every row of those series ever known, with
    known_from and known_to (null: still). Each series is read as it stood just before `known_at` and from it
    on, by the functions that read it off at a refresh; all series and moments at once. `points_turned` is how
    many months of the series changed their state: one month's figure moves the limits of all. With no history
    the columns are null.
    """
    events = changes.select(*SERIES, "known_at").unique(maintain_order=True).with_row_index("event")
    if events.is_empty() or history.is_empty():
        return changes.with_columns(
            *(pl.lit(None, pl.String).alias(f"{name}_{side}") for name in SIGNALS for side in SIDES),
            pl.lit(None, pl.Int64).alias("points_turned"),
            pl.lit(None, pl.Boolean).alias("turned"),
        )
    rows = history.join(events, on=SERIES, how="inner", nulls_equal=True)
    at, start, end = pl.col("known_at"), pl.col("known_from"), pl.col("known_to")
    stood = (start < at) & (end.is_null() | (end >= at))
    stands = (start <= at) & (end.is_null() | (end > at))
    sides = [_read(rows.filter(kept), indicator, recalculations, plan) for kept in (stood, stands)]
    points = sides[0][0].join(sides[1][0], on=["event", "period"], how="full", coalesce=True, suffix="_after")
    counted = points.group_by("event").agg(
        pl.col("state").ne_missing(pl.col("state_after")).sum().cast(pl.Int64).alias("points_turned")
    )
    mine = points.rename({"state": "state_before"}).select("event", "period", "state_before", "state_after")
    whole = sides[0][1].join(sides[1][1], on="event", how="full", coalesce=True, suffix="_after")
    whole = whole.rename({name: f"{name}_before" for name in SIGNALS[1:]})
    told = (
        changes.join(events, on=[*SERIES, "known_at"], how="left", nulls_equal=True, maintain_order="left")
        .join(mine, on=["event", "period"], how="left", maintain_order="left")
        .join(whole, on="event", how="left", maintain_order="left")
        .join(counted, on="event", how="left", maintain_order="left")
    )
    differs = [pl.col(f"{name}_before").ne_missing(pl.col(f"{name}_after")) for name in SIGNALS]
    any_turned = pl.any_horizontal(*differs, pl.col("points_turned") > 0)
    return told.drop("event").with_columns(any_turned.alias("turned"))


SIDES = ("before", "after")


def _read(
    rows: pl.DataFrame,
    indicator: Indicator,
    recalculations: pl.DataFrame | None,
    plan: pl.DataFrame | None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Each event's points (event, period, state) and what its series says (event, SIGNALS but the state).

    An edition of a series is a series of its own here: its version carries the event's number.
    """
    editions = rows.with_columns(pl.col("event").cast(pl.String).alias("definition_version"))
    pointed = pointwise(editions, indicator, recalculations)
    number = pl.col("definition_version").cast(pl.UInt32).alias("event")
    icons = summed(pointed, indicator).select(number, "points", "variation", "assurance")
    judged = standing(indicator, editions.drop("target", "path", strict=False), plan=plan)
    said = icons.join(judged.select(number, pl.col("status_words").alias("standing")), on="event")
    # Below the fewest points every state is common cause: nothing has been said that could be turned.
    states = pointed.select(number, "period", pl.col("state").cast(pl.String)).join(
        icons.select("event", "points"), on="event"
    )
    enough = pl.when(pl.col("points") >= MDC.fewest_points).then("state")
    return states.select("event", "period", enough.alias("state")), said.select("event", *SIGNALS[1:])
