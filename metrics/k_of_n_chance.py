"""The chance that enough categories meet their target, from the chance of each."""

import numpy as np
import numpy.typing as npt
import polars as pl

from metrics.indicator import Indicator
from metrics.k_of_n import ORGANISATION


def chance_of_enough(indicator: Indicator, chances: pl.DataFrame) -> pl.DataFrame:
    """Chances of a rule's categories -> one row for each organisation and date.

    `chances` as `forecast_chance.chance_of_meeting` gives them for the rule's breakdown. Gives ORGANISATION,
    `target_due`, `target`, `months_ahead`, `chance` and `chance_together` that at least `rule.least` of the
    rule's categories meet the target, and `reason`, null beside a chance.

    Categories of one organisation hang together in part, and months enough to say how much are seldom held.
    So two cases are worked out instead of one guess: `chance` if each goes its own way (independent), and
    `chance_together` if all rise and fall as one; with that, k of n meet theirs as often as the one that is
    k-th likeliest. Where a category has no chance there is none for all. Raises ValueError without a rule.
    """
    rule = indicator.k_of_n
    if rule is None:
        raise ValueError(f"indicator {indicator.id} has no k-of-n rule")
    mine = chances.with_columns(pl.col("reason").cast(pl.String)).filter(
        pl.col("breakdown") == rule.breakdown, pl.col("category").is_in(list(rule.categories))
    )
    lists = (
        mine.sort(*ORGANISATION, "target_due", "category")
        .group_by(*ORGANISATION, "target_due", maintain_order=True)
        .agg(
            pl.col("target").first(),
            pl.col("months_ahead").min(),
            pl.col("chance").drop_nulls().alias("known"),
            pl.col("reason").drop_nulls().first(),
            came=pl.col("reason").drop_nulls().str.contains("month has come").any(),
        )
    )
    listed = len(rule.categories)
    whole = pl.col("known").list.len() == listed
    told = lists.with_columns(
        reason=pl.when(whole)
        .then(None)
        .when("came")
        .then("reason")
        .otherwise(pl.format("{} of the {} have no forecast.", listed - pl.col("known").list.len(), listed))
    )
    full = told.filter(whole)
    known = np.array(full["known"].to_list(), dtype=np.float64).reshape(full.height, listed)
    found = full.select(*ORGANISATION, "target_due").with_columns(
        chance=pl.Series(at_least(known, rule.least), dtype=pl.Float64),
        chance_together=pl.Series(np.sort(known, axis=1)[:, listed - rule.least], dtype=pl.Float64),
    )
    return told.join(found, on=[*ORGANISATION, "target_due"], how="left", nulls_equal=True).select(
        *ORGANISATION, "target_due", "target", "months_ahead", "chance", "chance_together", "reason"
    )


def at_least(chances: npt.NDArray[np.float64], least: int) -> npt.NDArray[np.float64]:
    """The chance that `least` or more of independent events come true: a row of chances each."""
    rows, events = chances.shape
    count = np.zeros((rows, events + 1))
    count[:, 0] = 1.0
    for event in range(events):
        yes = chances[:, [event]]
        count[:, 1:] = count[:, 1:] * (1 - yes) + count[:, :-1] * yes
        count[:, :1] *= 1 - yes
    tail: npt.NDArray[np.float64] = count[:, least:].sum(axis=1).clip(0.0, 1.0)
    return tail
