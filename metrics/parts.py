"""A whole cut into its parts, from the stored counts: any level under any level, neighbourhood x provider."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from metrics.contribution import activity_and_size, contributions, mix_and_rate
from metrics.counting import WHOLE
from metrics.indicator import Indicator
from metrics.observations import POPULATION_LEVELS, on_todays_map
from metrics.working_days import working_days

PARTED = (
    *("numerator", "denominator", "value", "share", "contribution", "contribution_events"),
    *("numerator_before", "denominator_before", "mix", "rate", "size", "activity", "change_events"),
)
"""What `parts` adds to the codes of a part."""


def has_own_people(indicator: Indicator, level: str, by: Sequence[str]) -> bool:
    """Whether each part has a denominator of its own: everywhere for shares, of people where they live."""
    return indicator.at_risk is None or all(one in POPULATION_LEVELS for one in (level, *by))


def parts(
    indicator: Indicator,
    counts: pl.DataFrame,
    organisations: pl.DataFrame,
    level: str,
    organisation: str,
    by: Sequence[str],
    period: date,
    *,
    target: float | None,
    before: date | None,
    baseline: Sequence[date],
) -> pl.DataFrame:
    """The parts of one organisation's figure in a month: `by` columns (codes) and PARTED, in order of codes.

    `counts` are the stored counts by `neighbourhood_code` of all the months named. `contribution` is in the
    value's unit and sums to value - `target` (null without one); `contribution_events` is the same in events.
    Parts with people of their own: (n / N)(p - target), with `share` n / N. Others (the providers of a rate):
    their events less a part of the target's, in proportion to their events in the `baseline` months, which is
    then their `share`. mix + rate sum to the change of the value since the month `before`; of a rate, size +
    activity of each part to its change in events.
    """
    placed = on_todays_map(counts.filter(pl.col("breakdown") == WHOLE), organisations)
    placed = placed.filter(pl.col(level) == organisation)
    own = has_own_people(indicator, level, by)
    now = _sums(indicator, placed, by, period, own=own)
    then = _sums(indicator, placed, by, before, own=own) if before else now.clear()
    cut = now.join(then, on=by, how="full", coalesce=True, suffix="_before", nulls_equal=True)
    cut = cut.with_columns(pl.col("numerator").fill_null(0.0))
    if before:
        cut = cut.with_columns(pl.col("numerator_before").fill_null(0.0))
    per = indicator.scale
    if own:
        cut = cut.with_columns(pl.col("denominator").fill_null(0.0))
        if before:
            cut = cut.with_columns(pl.col("denominator_before").fill_null(0.0))
        cut = contributions(cut, target if target is not None else 0.0, per=per)
        cut = mix_and_rate(cut, per=per).with_columns(pl.col("mix") + per * (_strays() - _strays("_before")))
    else:
        people = _whole_people(indicator, placed, level, period)
        cut = _by_baseline(cut, placed, by, baseline, target, people, per)
    nothing = pl.lit(None, pl.Float64)
    if target is None:
        cut = cut.with_columns(contribution=nothing, contribution_events=nothing)
    if own and indicator.kind == "rate" and before:
        appeared = _strays(share=False) - _strays("_before", share=False)
        cut = activity_and_size(cut).with_columns(
            pl.col("size").fill_null(0.0) + appeared, pl.col("activity").fill_null(0.0)
        )
    else:
        cut = cut.with_columns(size=nothing, activity=nothing)
    changed = pl.col("numerator") - pl.col("numerator_before")
    return cut.with_columns(change_events=changed).select(*by, *PARTED).sort(by)


def _sums(
    indicator: Indicator, placed: pl.DataFrame, by: Sequence[str], period: date, *, own: bool
) -> pl.DataFrame:
    """Events, and where parts have them people at risk (a pace's times working days), of each part."""
    month = placed.filter(pl.col("period") == period)
    total = [pl.col(name).sum().cast(pl.Float64).alias(name) for name in ("numerator", "denominator")]
    if indicator.at_risk is None:
        return month.filter(pl.col("numerator").is_not_null()).group_by(by).agg(total)
    events = month.filter(pl.col("numerator").is_not_null()).group_by(by).agg(total[0])
    if not own:
        return events.with_columns(denominator=pl.lit(None, pl.Float64))
    people = (
        month.filter(pl.col("numerator").is_null()).group_by(by).agg(total[1] * _worth(indicator, period))
    )
    return events.join(people, on=by, how="full", coalesce=True, nulls_equal=True)


def _strays(side: str = "", *, share: bool = True) -> pl.Expr:
    """Events of a part that has nobody at risk (or, a `share`, of the whole's people): they are no rate."""
    r, n = pl.col(f"numerator{side}"), pl.col(f"denominator{side}")
    return pl.when(n == 0).then(r / n.sum() if share else r).otherwise(0.0)


def _worth(indicator: Indicator, period: date) -> float:
    """What one person at risk adds to a denominator: 1, or for a pace the month's working days over `per`."""
    return working_days(period) / indicator.per if indicator.kind == "pace" else 1.0


def _whole_people(indicator: Indicator, placed: pl.DataFrame, level: str, period: date) -> float | None:
    """The whole's denominator where its parts have none; None for the count of a provider."""
    if level in POPULATION_LEVELS:
        at_risk = pl.col("numerator").is_null() & (pl.col("period") == period)
        return float(placed.filter(at_risk)["denominator"].sum()) * _worth(indicator, period)
    return float(working_days(period)) if indicator.kind == "pace" else None


def _by_baseline(
    cut: pl.DataFrame,
    placed: pl.DataFrame,
    by: Sequence[str],
    baseline: Sequence[date],
    target: float | None,
    people: float | None,
    per: int,
) -> pl.DataFrame:
    """Contributions of parts without people of their own: each is held to its part of the target's events."""
    earlier = placed.filter(pl.col("period").is_in(list(baseline)), pl.col("numerator").is_not_null())
    events = earlier.group_by(by).agg(pl.col("numerator").sum().cast(pl.Float64).alias("baseline"))
    cut = cut.join(events, on=by, how="full", coalesce=True, nulls_equal=True).with_columns(
        pl.col("numerator", "baseline").fill_null(0.0)
    )
    whole = cut["baseline"].sum()
    unit = 1.0 if people is None else (per / people if people > 0 else None)
    allowed = 0.0 if target is None else target * (1.0 if people is None else people / per)
    nothing = pl.lit(None, pl.Float64)
    surplus = pl.col("numerator") - allowed * pl.col("baseline") / whole if whole > 0 else nothing
    return cut.with_columns(
        value=nothing,
        share=pl.col("baseline") / whole if whole > 0 else nothing,
        contribution=nothing if unit is None else surplus * unit,
        contribution_events=surplus,
        mix=nothing,
        rate=nothing,
    )
