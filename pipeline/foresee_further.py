"""Chances beside the targets' own: of an organisation's plan, and that enough categories reach the target."""

import polars as pl

from metrics.baseline import SERIES, final
from metrics.forecast import Forecasts, forecast
from metrics.forecast_chance import chance_of_meeting, dated_targets, planned_targets
from metrics.indicator import Indicator
from metrics.k_of_n import ORGANISATION
from metrics.k_of_n_chance import chance_of_enough
from metrics.plan import PLANNED
from warehouse import forecasts, observations, plans
from warehouse.home import Home
from warehouse.series import KEYS

FIGURES = ("period", "numerator", "denominator", "value")


def plan_of(home: Home, indicator: Indicator) -> pl.DataFrame:
    """Organisations' own plans in force: level, organisation, period, value."""
    return plans.read(home, indicator.id).select(*PLANNED, "period", "value")


def categories(home: Home, indicator: Indicator, basis: str) -> pl.DataFrame:
    """Observations of the categories that a rule names, each of which must reach the target; else none."""
    rule = indicator.k_of_n
    held = observations.read(home, indicator.id, basis=basis, breakdown=rule.breakdown if rule else "")
    named = pl.col("category").is_in(list(rule.categories) if rule else [])
    return held.drop("organisation_name").filter(named)


def fingerprints(plan: pl.DataFrame, parts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What else a headline's chances rest on: `plan_print` by PLANNED, and `parts_print` by ORGANISATION."""
    planned = plan.group_by(PLANNED).agg(plan_print=pl.struct("period", "value").hash(seed=1).sum())
    figures = pl.struct("category", *FIGURES).hash(seed=1).filter(final())
    return planned, parts.group_by(ORGANISATION).agg(parts_print=figures.sum())


def further(
    found: Forecasts, parts: pl.DataFrame, indicator: Indicator, plan: pl.DataFrame, changed: pl.DataFrame
) -> pl.DataFrame:
    """The further chances of the `changed` headline series, as `warehouse.forecasts.FURTHER` has them.

    `found` are their forecasts; `parts` as `categories` gives them.
    """
    asked = planned_targets(indicator, changed, plan)
    own = chance_of_meeting(found, indicator, asked).with_columns(
        aim=pl.lit(forecasts.OWN_PLAN), chance_together=pl.lit(None, pl.Float64)
    )
    kept = [own]
    if indicator.k_of_n is not None and indicator.targets and not parts.is_empty():
        kept.append(_of_enough(parts, indicator, changed))
    return pl.concat([frame.select(*KEYS, *forecasts.FURTHER) for frame in kept], how="vertical_relaxed")


def _of_enough(parts: pl.DataFrame, indicator: Indicator, changed: pl.DataFrame) -> pl.DataFrame:
    """The chance that enough categories reach the target, at the organisations of the `changed` series."""
    here = parts.join(changed.select(ORGANISATION), on=ORGANISATION, how="semi", nulls_equal=True)
    # A series has stopped when the others go on: one that goes on longest is always among them.
    longest = parts.filter(final()).sort("period").tail(1).select(SERIES)
    among = pl.concat([here.select(SERIES), longest]).unique()
    figures = parts.join(among, on=SERIES, how="semi", nulls_equal=True)
    found = forecast(figures, indicator, max(target.due for target in indicator.targets))
    chances = chance_of_meeting(found, indicator, dated_targets(indicator, here))
    return chance_of_enough(indicator, chances).with_columns(
        aim=pl.lit(forecasts.ENOUGH_CATEGORIES), breakdown=pl.lit("all"), category=pl.lit("all")
    )
