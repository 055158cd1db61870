"""Counts -> observations: one row for each level, organisation, month and category.

Numerators and denominators are summed, and divided once. A mean of percentages is a bug.
"""

from datetime import date

import polars as pl

from metrics.counting import PUBLISHED_AT, REACH, WHOLE
from metrics.geography import LADDER, UNATTRIBUTED, attribute, ladder, successors
from metrics.indicator import Indicator
from metrics.working_days import working_days

COLUMNS = (
    "indicator",
    "definition_version",
    "basis",
    "level",
    "organisation",
    "period",
    "breakdown",
    "category",
    "numerator",
    "denominator",
    "value",
    "status",
    *REACH,
)
ENGLAND = "E92000001"
POPULATION_LEVELS = (*LADDER, "england")
SUMMED = ("numerator", "denominator", "valid", "eligible")
CELL = ("period", "breakdown", "category")


def roll_up(
    indicator: Indicator,
    counts: pl.DataFrame,
    organisations: pl.DataFrame,
    neighbourhood_map: pl.DataFrame,
    newest_period: date | None = None,
) -> pl.DataFrame:
    """Local counts (by practice, or already by `neighbourhood_code`) -> `COLUMNS`, at every level.

    History stands on today's footprints and today's trusts. Values are shares (0.78), means, or per
    `indicator.per` people; null where there is nothing to divide by. The last `provisional_months` up to
    `newest_period` (default: the newest counted) are provisional.
    """
    if "neighbourhood_code" not in counts.columns:
        counts = attribute(counts, neighbourhood_map)
    placed = on_todays_map(counts, organisations)
    levels = [
        _summed(placed, level) if indicator.at_risk is None else _set_against_people(indicator, placed, level)
        for level in POPULATION_LEVELS
    ]
    care = placed.filter(pl.col("numerator").is_not_null())
    levels.append(_summed(care, "provider"))
    if care["ambulance_service_code"].count() > 0:
        levels.append(_summed(care, "ambulance_service"))
    newest = newest_period or counts.select(pl.col("period").max()).item()
    return finished(indicator, pl.concat(levels), "local", newest)


def roll_up_published(indicator: Indicator, counts: pl.DataFrame) -> pl.DataFrame:
    """Published counts -> observations in `COLUMNS`: each at the level it was published at, or where counts
    are by provider alone, for each provider, region and England.

    A provider that did not report keeps its denominator and has no value; above the provider it is left out
    of both sides of the share, and `reporting` says how many of the `expected` providers it rests on. Where
    those are under the indicator's `least_reporting`, the figure is too incomplete for a verdict.
    """
    if "level" in counts.columns:
        numbers = [pl.col(name).cast(pl.Float64) for name in SUMMED]
        numbers += [pl.col(name).cast(pl.Float64) for name in REACH if name in counts.columns]
        as_published = counts.select(*PUBLISHED_AT, *CELL, *numbers)
        return finished(indicator, as_published, "published", None)
    placed = counts.with_columns(
        pl.col("provider_code").fill_null(UNATTRIBUTED).alias("provider"),
        pl.col("region_code").fill_null(UNATTRIBUTED).alias("region"),
        pl.lit(ENGLAND).alias("england"),
    )
    reported = placed.filter(pl.col("numerator").is_not_null())
    levels = [
        _summed(placed, "provider"),
        *(_reached(_summed(reported, level), placed, level) for level in ("region", "england")),
    ]
    return finished(indicator, pl.concat(levels, how="diagonal"), "published", None)


def _reached(sums: pl.DataFrame, placed: pl.DataFrame, level: str) -> pl.DataFrame:
    """`sums` with REACH: how many providers each rests on, of those that have a row in the month."""
    silent = pl.col("numerator").is_null()
    reach = placed.group_by(pl.col(level).alias("organisation"), *CELL).agg(
        pl.col("provider").filter(~silent).n_unique().cast(pl.Float64).alias("reporting"),
        pl.col("provider").n_unique().cast(pl.Float64).alias("expected"),
    )
    return sums.join(reach, on=["organisation", *CELL], how="left")


def on_todays_map(counts: pl.DataFrame, organisations: pl.DataFrame) -> pl.DataFrame:
    """Counts with a column for each level, holding the code that they stand under today."""
    heirs = successors(organisations)
    rungs = ladder(organisations).rename({"code": "neighbourhood_code"})
    return counts.join(rungs, on="neighbourhood_code", how="left").with_columns(
        pl.col("neighbourhood").fill_null(pl.col("neighbourhood_code")),
        pl.col(*LADDER[1:]).fill_null(UNATTRIBUTED),
        pl.lit(ENGLAND).alias("england"),
        pl.col("provider_code").replace(heirs).fill_null(UNATTRIBUTED).alias("provider"),
        pl.col("ambulance_service_code").replace(heirs).fill_null(UNATTRIBUTED).alias("ambulance_service"),
    )


def _summed(counts: pl.DataFrame, level: str) -> pl.DataFrame:
    """Sums by organisation and cell; a sum of nothing but nulls is null, not 0."""
    sums = [
        pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).cast(pl.Float64).alias(name)
        for name in SUMMED
    ]
    return (
        counts.group_by(pl.col(level).alias("organisation"), *CELL)
        .agg(sums)
        .select(pl.lit(level).alias("level"), "organisation", *CELL, *SUMMED)
    )


def _set_against_people(indicator: Indicator, counts: pl.DataFrame, level: str) -> pl.DataFrame:
    """Events and the people at risk, matched cell by cell.

    People with no event are a true 0, in the months that have been loaded; a split that the population
    cannot be given by has no row.
    """
    events = _summed(counts.filter(pl.col("numerator").is_not_null()), level)
    people = _summed(counts.filter(pl.col("numerator").is_null()), level)
    people = people.join(events.select("period").unique(), on="period", how="semi")
    whole = people.filter(pl.col("breakdown") == WHOLE)
    at_risk = [people]
    for split in indicator.breakdowns:
        if split.at_risk == "whole":
            cells = pl.DataFrame({"category": [*split.labels]}).with_columns(breakdown=pl.lit(split.name))
            at_risk.append(
                whole.drop("breakdown", "category").join(cells, how="cross").select(people.columns)
            )
    without = [split.name for split in indicator.breakdowns if split.at_risk == "none"]
    keys = ["level", "organisation", *CELL]
    return (
        events.drop("denominator")
        .join(pl.concat(at_risk).select(*keys, "denominator"), on=keys, how="full", coalesce=True)
        .filter(~pl.col("breakdown").is_in(without))
        .with_columns(pl.col("numerator").fill_null(0.0))
        .select(events.columns)
    )


def finished(indicator: Indicator, sums: pl.DataFrame, basis: str, newest: date | None) -> pl.DataFrame:
    """Sums by level, organisation and cell, divided and with their status: `COLUMNS`, ordered."""
    nobody = pl.col("level").is_in(POPULATION_LEVELS) | (pl.col("organisation") == UNATTRIBUTED)
    nothing = nobody & (pl.col("numerator") == 0) & pl.col("denominator").is_null()
    provisional = pl.lit(False)
    if newest is not None and indicator.provisional_months:
        provisional = pl.col("period") > pl.lit(newest).dt.offset_by(f"-{indicator.provisional_months}mo")
    incomplete = pl.lit(False)
    if indicator.least_complete is not None:
        incomplete = (pl.col("valid") < indicator.least_complete * pl.col("eligible")).fill_null(False)
    nowhere = [pl.lit(None, pl.Float64).alias(name) for name in REACH if name not in sums.columns]
    few = pl.col("reporting") < indicator.least_reporting * pl.col("expected")
    status = (
        pl.when(pl.col("numerator").is_null())
        .then(pl.lit("not_reported"))
        .when(pl.col("value").is_null())
        .then(pl.lit("no_denominator"))
        .when(incomplete | few.fill_null(False))
        .then(pl.lit("insufficient_data"))
        .when(provisional)
        .then(pl.lit("provisional"))
        .otherwise(pl.lit("final"))
    )
    return (
        sums.filter(~nothing.fill_null(False))
        .with_columns(nowhere)
        .with_columns(_denominator(indicator, sums).alias("denominator"))
        .with_columns(divided(indicator).alias("value"))
        .select(
            pl.lit(indicator.id).alias("indicator"),
            pl.lit(indicator.version).alias("definition_version"),
            pl.lit(basis).alias("basis"),
            "level",
            "organisation",
            *CELL,
            "numerator",
            "denominator",
            "value",
            status.alias("status"),
            *REACH,
        )
        .sort("level", "organisation", "period", "breakdown", "category")
    )


def _denominator(indicator: Indicator, sums: pl.DataFrame) -> pl.Expr:
    """Pace is set against working days: times people over `per`, or by themselves where care is given."""
    if indicator.kind != "pace":
        return pl.col("denominator")
    days = {period: float(working_days(period)) for period in sums["period"].unique()}
    worked = pl.col("period").replace_strict(days, return_dtype=pl.Float64)
    return (
        pl.when(pl.col("level").is_in(POPULATION_LEVELS))
        .then(worked * pl.col("denominator") / indicator.per)
        .otherwise(worked)
    )


def divided(indicator: Indicator) -> pl.Expr:
    """Divided once; a rate where care is given has no population of its own, and is the count."""
    share = pl.when(pl.col("denominator") > 0).then(
        indicator.scale * pl.col("numerator") / pl.col("denominator")
    )
    if indicator.kind != "rate":
        return share
    return pl.when(pl.col("level").is_in(POPULATION_LEVELS)).then(share).otherwise(pl.col("numerator"))
