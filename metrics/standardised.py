"""An indicator's rates as they would be if every organisation's people were of the standard's ages."""

import polars as pl

from metrics.indicator import Breakdown, Indicator
from metrics.intervals import standard_in, standardised_rates
from metrics.people import NOT_KNOWN

AGE = "age_band"
ADDED = ("standardised", "standardised_lower", "standardised_upper", "events_of_unknown_age")


def by_age(indicator: Indicator) -> Breakdown:
    """The split that its rates can be standardised by. Raises ValueError, with a sentence, without one."""
    if indicator.kind not in ("rate", "pace"):
        raise ValueError(
            f"{indicator.id} is a {indicator.kind}: only rates over people are standardised by age"
        )
    found = [one for one in indicator.breakdowns if one.name == AGE and one.at_risk == "parts"]
    if not found:
        raise ValueError(f"{indicator.id} is not split by age with people of each age beside it")
    return found[0]


def rates(indicator: Indicator, pooled: pl.DataFrame) -> pl.DataFrame:
    """One row for each organisation: organisation and ADDED, in the indicator's unit, with 95% limits.

    `pooled` has organisation, category (the age band), numerator and denominator. The European Standard
    Population 2013 in the indicator's own bands; events of unknown age are in no rate, and counted. Null
    under 10 events, and where an age band has nobody in it, as in a cohort of the old.
    """
    labels = [label for label in by_age(indicator).labels if label != NOT_KNOWN]
    banded = pooled.rename({"category": AGE}).filter(pl.col(AGE) != NOT_KNOWN)
    found = standardised_rates(banded, ["organisation"], indicator.scale, standard_in(labels))
    unknown = pooled.group_by("organisation").agg(
        events_of_unknown_age=pl.col("numerator").filter(pl.col("category") == NOT_KNOWN).sum()
    )
    return (
        found.rename({"value": "standardised", "lower": "standardised_lower", "upper": "standardised_upper"})
        .join(unknown, on="organisation", how="full", coalesce=True)
        .select("organisation", *ADDED)
    )
