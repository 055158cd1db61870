"""Whose gap it is: the parts of one organisation's figure, for `targets contribution`."""

from datetime import date, datetime
from typing import Any

import polars as pl

from metrics import parts as cutting
from metrics.baseline import DEFAULT_BASELINE, MONTHS_IN_A_YEAR, first_day, month_number
from metrics.indicator import Indicator
from metrics.observations import POPULATION_LEVELS
from pipeline import published_parts
from pipeline.funnel_table import known_indicator
from warehouse import counts as count_store
from warehouse import observations as observation_store
from warehouse import organisations as organisation_store
from warehouse import records
from warehouse.home import Home

BASIS = "local"
OTHERS = ("provider", "ambulance_service")
PARTS_AT = (*POPULATION_LEVELS[:-1], *OTHERS)
"""Levels that a whole can be cut by."""

WHOLE = ("whole_numerator", "whole_denominator", "whole_value", "target", "gap", "status")


def table(
    home: Home,
    name: str,
    organisation: str,
    level: str,
    by: tuple[str, ...],
    period: date,
    basis: str = BASIS,
    as_known_on: datetime | None = None,
) -> pl.DataFrame:
    """One row for each part, the worst first: its codes and names, `metrics.parts.PARTED`, and the WHOLE.

    `contribution` sums to `gap`, the whole's value less its target in force: positive is above the target,
    whichever way is better. `before` is the same month of the baseline year, which mix, rate, size, activity
    and change_events are measured from (null up to the baseline's end). On the `published` basis parts are
    the published figures beneath a place, system, region or England. As known on an earlier day counts and
    figures are those of that day, and the map of organisations is today's. Raises ValueError with a sentence.
    """
    indicator = known_indicator(name)
    _check(level, by)
    before = same_month_of_baseline(period)
    if basis == published_parts.BASIS:
        if len(by) > 1:
            raise ValueError("published figures are cut one way at a time: name one level with --by")
        found = published_parts.published(home, indicator, level, organisation, by[0], as_known_on)
        whole = _of_month(found.whole, indicator, organisation, period)
        cut = published_parts.cut(found, period, before, whole["target"])
        organisations = organisation_store.read(home, source=basis).drop("source")
    else:
        local = _local(home, indicator, organisation, level, as_known_on)
        whole = _of_month(local, indicator, organisation, period)
        organisations = records.read(home, "organisations")
        months = {period, *baseline_months()}
        counts = count_store.read(home, indicator.id, BASIS, months, as_known_on).collect()
        cut = _cut(counts, indicator, organisations, level, organisation, by, period, before, whole["target"])
    gap = None if whole["target"] is None or whole["value"] is None else whole["value"] - whole["target"]
    newest = organisations.sort("valid_from").unique("code", keep="last", maintain_order=True)
    for one in by:
        called = newest.select(pl.col("code").alias(one), pl.col("name").alias(f"{one}_name"))
        cut = cut.join(called, on=one, how="left", maintain_order="left")
    stated = {
        "indicator": name,
        "definition_version": indicator.version,
        "basis": basis,
        "level": level,
        "organisation": organisation,
        "organisation_name": whole["organisation_name"],
    }
    figures = {"whole_numerator": whole["numerator"], "whole_denominator": whole["denominator"]}
    figures |= {"whole_value": whole["value"], "target": whole["target"], "gap": gap}
    return cut.select(
        *(pl.lit(value, pl.String).alias(key) for key, value in stated.items()),
        pl.lit(period, pl.Date).alias("period"),
        *(column for one in by for column in (one, f"{one}_name")),
        *cutting.PARTED,
        pl.lit(before, pl.Date).alias("before"),
        *(pl.lit(value, pl.Float64).alias(key) for key, value in figures.items()),
        pl.lit(whole["status"], pl.String).alias("status"),
    ).sort("contribution", descending=indicator.better == "lower", nulls_last=True, maintain_order=True)


def baseline_months() -> list[date]:
    """The months of the baseline year."""
    start = month_number(DEFAULT_BASELINE.start)
    numbers = pl.DataFrame({"month": range(start, start + DEFAULT_BASELINE.months)})
    return numbers.select(first_day(pl.col("month"))).to_series().to_list()


def same_month_of_baseline(period: date) -> date | None:
    """The baseline's month of the same name; None for a month that is not after the baseline."""
    if period <= DEFAULT_BASELINE.end:
        return None
    return next(
        month
        for month in baseline_months()
        if (month_number(period) - month_number(month)) % MONTHS_IN_A_YEAR == 0
    )


def _check(level: str, by: tuple[str, ...]) -> None:
    """Raises ValueError for parts that are no parts of that whole."""
    levels = (*POPULATION_LEVELS, *OTHERS)
    if level not in levels:
        raise ValueError(f"there is no level {level!r}; there are {', '.join(levels)}")
    for one in by:
        if one not in PARTS_AT:
            raise ValueError(f"--by {one!r} is no kind of part; there are {', '.join(PARTS_AT)}")
        if one == level:
            raise ValueError(f"a {level} is not cut by {one}: choose another --by")
        ladder = POPULATION_LEVELS
        if one in ladder and level in ladder and ladder.index(one) > ladder.index(level):
            raise ValueError(f"a {one} is larger than a {level}: --by takes a smaller level, or provider")
    if len(set(by)) != len(by):
        raise ValueError("--by names a level twice")


def _cut(
    counts: pl.DataFrame,
    indicator: Indicator,
    organisations: pl.DataFrame,
    level: str,
    organisation: str,
    by: tuple[str, ...],
    period: date,
    before: date | None,
    target: float | None,
) -> pl.DataFrame:
    """The parts of a local figure, from the counts stored of it."""
    return cutting.parts(
        indicator,
        counts,
        organisations,
        level,
        organisation,
        by,
        period,
        target=target,
        before=before,
        baseline=baseline_months(),
    )


def _local(
    home: Home, indicator: Indicator, organisation: str, level: str, as_known_on: datetime | None
) -> pl.DataFrame:
    """The organisation's own local observations. Raises ValueError with a sentence where there are none."""
    held = observation_store.read(
        home, indicator.id, [level], [organisation], basis=BASIS, as_known_on=as_known_on
    )
    held = held.filter(pl.col("definition_version") == indicator.version)
    if held.is_empty():
        then = f" as known on {as_known_on:%Y-%m-%d}" if as_known_on else ""
        raise ValueError(f"{indicator.id} has no local figures of {organisation!r} at level {level}{then}")
    return held


def _of_month(held: pl.DataFrame, indicator: Indicator, organisation: str, period: date) -> dict[str, Any]:
    """The whole's observation of a month, or a sentence that says which months there are."""
    found = held.filter(pl.col("period") == period)
    if found.is_empty():
        first, last = held["period"].min(), held["period"].max()
        raise ValueError(
            f"{indicator.id} of {organisation} has no figure in {period:%Y-%m}; "
            f"it has {first:%Y-%m} to {last:%Y-%m}"
        )
    return found.row(0, named=True)
