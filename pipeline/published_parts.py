"""A published figure cut into the published figures of the organisations beneath it."""

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from metrics.baseline import SERIES
from metrics.contribution import contributions, mix_and_rate
from metrics.geography import ladder
from metrics.indicator import Indicator
from metrics.observations import ENGLAND
from metrics.parts import PARTED
from metrics.trajectory import targets_for
from warehouse import observations as observation_store
from warehouse import organisations as organisation_store
from warehouse.home import Home

BASIS = "published"
REST = "rest"
"""The part of a published whole that none of the published parts beneath it gives."""
COUNTS = ("numerator", "denominator")


@dataclass(frozen=True, slots=True)
class Published:
    """The published figures of one whole and of the organisations of one level beneath it, month by month."""

    indicator: Indicator
    by: str
    parts: pl.DataFrame
    whole: pl.DataFrame


def published(
    home: Home,
    indicator: Indicator,
    level: str,
    organisation: str,
    by: str,
    as_known_on: datetime | None = None,
) -> Published:
    """The whole's own published figures; where none stand at its level, those of its parts together.

    Raises ValueError with a sentence where nothing is published of the parts.
    """
    held = observation_store.read(home, indicator.id, basis=BASIS, as_known_on=as_known_on).filter(
        pl.col("definition_version") == indicator.version, pl.col("numerator").is_not_null()
    )
    parts = held.filter(pl.col("level") == by)
    if organisation != ENGLAND:
        rungs = ladder(organisation_store.read(home, source=BASIS).drop("source"))
        if level not in rungs.columns:
            raise ValueError(
                f"published figures are cut beneath place, system, region or england, not {level}"
            )
        beneath = rungs.filter(pl.col(level) == organisation)["code"]
        parts = parts.filter(pl.col("organisation").is_in(beneath.implode()))
    if parts.is_empty():
        raise ValueError(f"{indicator.id} has no published figures of any {by} under {organisation!r}")
    whole = held.filter(pl.col("level") == level, pl.col("organisation") == organisation)
    return Published(
        indicator, by, parts, whole if whole.height else _summed(indicator, parts, level, organisation)
    )


def _summed(indicator: Indicator, parts: pl.DataFrame, level: str, organisation: str) -> pl.DataFrame:
    """What the parts come to together, as observations of a whole that is not published itself."""
    value = pl.when(pl.col("denominator") > 0).then(
        indicator.scale * pl.col("numerator") / pl.col("denominator")
    )
    names = {"level": level, "organisation": organisation, "organisation_name": None}
    together = (
        parts.group_by("period")
        .agg(
            *(pl.col(name).first() for name in SERIES if name not in names),
            *(pl.col(name).sum() for name in COUNTS),
            status=pl.when((pl.col("status") == "final").all())
            .then(pl.lit("final"))
            .otherwise(pl.lit("provisional")),
        )
        .with_columns(*(pl.lit(text, pl.String).alias(name) for name, text in names.items()), value=value)
        .sort("period")
    )
    lines = targets_for(indicator, together).drop("path")
    return together.join(lines, on=[*SERIES, "period"], how="left", nulls_equal=True)


def cut(found: Published, period: date, before: date | None, target: float | None) -> pl.DataFrame:
    """One row for each part and one for the REST, if any: the part's code and `metrics.parts.PARTED`.

    `contribution` sums to the whole's value less `target`; mix and rate to its change since `before`, where
    the whole has that month.
    """
    now, then = (_month(found, one) for one in (period, before))
    rows = now.join(then, on=found.by, how="full", coalesce=True, suffix="_before")
    rows = rows.with_columns(pl.col(*COUNTS).fill_null(0.0)).sort(found.by)
    if then.height:
        rows = rows.with_columns(pl.col("numerator_before", "denominator_before").fill_null(0.0))
    per, nothing = found.indicator.scale, pl.lit(None, pl.Float64)
    rows = contributions(rows, target if target is not None else 0.0, per=per)
    rows = mix_and_rate(rows, per=per)
    if target is None:
        rows = rows.with_columns(contribution=nothing, contribution_events=nothing)
    changed = pl.col("numerator") - pl.col("numerator_before")
    return rows.with_columns(size=nothing, activity=nothing, change_events=changed).select(found.by, *PARTED)


def _month(found: Published, period: date | None) -> pl.DataFrame:
    """Code, numerator and denominator of each part in a month, and of what the whole has over them."""
    of_month = pl.col("period") == pl.lit(period, pl.Date)
    here = found.parts.filter(of_month).select(
        pl.col("organisation").alias(found.by), *(pl.col(name).cast(pl.Float64) for name in COUNTS)
    )
    whole = found.whole.filter(of_month)
    if whole.is_empty():
        return here.clear()
    over = {name: float(whole[name][0] or 0) - here[name].sum() for name in COUNTS}
    rest = pl.DataFrame({found.by: [REST], **{name: [amount] for name, amount in over.items()}})
    return pl.concat([here, rest]) if any(over.values()) else here
