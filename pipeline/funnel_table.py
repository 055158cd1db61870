"""One indicator's organisations in their funnel, for `targets funnel`."""

from datetime import date, datetime

import polars as pl

from metrics import standardised
from metrics.compared import NOTE, placed, pooled, why_not
from metrics.counting import WHOLE
from metrics.geography import UNATTRIBUTED, ladder
from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from metrics.observations import ENGLAND
from warehouse import observations as observation_store
from warehouse import organisations as organisation_store
from warehouse.home import Home

POSITIONS = {
    "within": "within the 95% limits",
    "above_95": "above the 95% limits, within the 99.8%",
    "above_998": "above the 99.8% limits",
    "below_95": "below the 95% limits, within the 99.8%",
    "below_998": "below the 99.8% limits",
}
NOT_PLACED = "not placed: no complete figure in these months"
COLUMNS = (
    *("indicator", "definition_version", "basis", "level", "organisation", "organisation_name"),
    *("breakdown", "category"),
    *("from", "to", "months", "numerator", "denominator", "value", "lower", "upper"),
    *("average", "theta", "phi", "tau2", "lower_95", "upper_95", "lower_998", "upper_998", "z"),
    *("position", "note"),
)
"""`lower` and `upper` are the organisation's own 95% interval; `theta` the average on the funnel's scale."""


def known_indicator(name: str) -> Indicator:
    """The indicator of that id. Raises ValueError with a sentence."""
    known = all_indicators()
    if name not in known:
        raise ValueError(f"there is no indicator {name!r}; there are {', '.join(known)}")
    return known[name]


def table(
    home: Home,
    name: str,
    level: str,
    first: date,
    last: date,
    *,
    within: str | None,
    basis: str | None,
    breakdown: str = WHOLE,
    category: str | None = None,
    standardise: bool = False,
    as_known_on: datetime | None = None,
) -> pl.DataFrame:
    """One row for each organisation of a level, in COLUMNS, its months pooled: sum over sum.

    With a `breakdown` one row for each of its categories (or of the one named), each category in a funnel of
    its own. With `standardise` also what `metrics.standardised` adds. Months not reported, or too incomplete
    for a verdict, are left out; `months` says how many were used. Patients who belong to no organisation are
    no point of a funnel. Raises ValueError with a sentence for a choice that is not there, and for an
    indicator that cannot be compared this way.
    """
    indicator = known_indicator(name)
    if last < first:
        raise ValueError(f"--to {last:%Y-%m} is before --period {first:%Y-%m}")
    if reason := why_not(indicator, level):
        raise ValueError(reason)
    _check_split(indicator, breakdown, category)
    found = _chosen(home, indicator, level, first, last, basis, breakdown, category, as_known_on)
    if within is not None:
        found = _beneath(home, found, level, within)
    per = indicator.scale
    theta = (pl.col("average") / per).sqrt()
    rows = (
        placed(indicator, pooled(found))
        .with_columns(
            (theta.arcsin() if indicator.kind == "proportion" else theta).alias("theta"),
            pl.col("tau_squared").alias("tau2"),
            pl.col("position").replace_strict(POSITIONS, default=None).fill_null(NOT_PLACED),
            pl.lit(first).alias("from"),
            pl.lit(last).alias("to"),
            pl.lit(NOTE).alias("note"),
        )
        .select(COLUMNS)
    )
    if not standardise:
        return rows
    if breakdown != WHOLE:
        raise ValueError("--standardise is of the whole: leave --breakdown out")
    ages = standardised.by_age(indicator).name
    aged = _chosen(home, indicator, level, first, last, basis, ages, None, as_known_on)
    rates = standardised.rates(indicator, pooled(aged)).select("organisation", *standardised.ADDED)
    return rows.join(rates, on="organisation", how="left", maintain_order="left")


def _check_split(indicator: Indicator, breakdown: str, category: str | None) -> None:
    """Raises ValueError for a breakdown or category that the indicator does not have."""
    splits = {one.name: one for one in indicator.breakdowns}
    if breakdown != WHOLE and breakdown not in splits:
        raise ValueError(
            f"{indicator.id} has no breakdown {breakdown!r}; it has {', '.join([WHOLE, *splits])}"
        )
    if category is not None and breakdown == WHOLE:
        raise ValueError("--category needs --breakdown, such as --breakdown sex --category female")
    if category is not None and category not in splits[breakdown].labels:
        labels = ", ".join(splits[breakdown].labels)
        raise ValueError(f"{breakdown} has no category {category!r}; it has {labels}")


def _chosen(
    home: Home,
    indicator: Indicator,
    level: str,
    first: date,
    last: date,
    basis: str | None,
    breakdown: str,
    category: str | None,
    as_known_on: datetime | None,
) -> pl.DataFrame:
    """Observations of the level and months on one basis, or a sentence that says what there is instead."""
    every = observation_store.read(
        home, indicator.id, breakdown=breakdown, basis=basis, as_known_on=as_known_on
    ).filter(
        pl.col("definition_version") == indicator.version,
        pl.col("organisation") != UNATTRIBUTED,
        *([pl.col("category") == category] if category is not None else []),
    )
    if every.is_empty():
        then = f" as known on {as_known_on:%Y-%m-%d}" if as_known_on else ""
        on_basis = f" on basis {basis}" if basis else ""
        raise ValueError(f"no figures of {indicator.id} are held{on_basis}{then}")
    here = every.filter(pl.col("level") == level)
    if here.is_empty():
        raise ValueError(
            f"{indicator.id} has no level {level!r}; it has {', '.join(sorted(every['level'].unique()))}"
        )
    found = here.filter(pl.col("period").is_between(first, last))
    if found.is_empty():
        months = here.select(first=pl.col("period").min(), last=pl.col("period").max()).row(0)
        raise ValueError(
            f"{indicator.id} at level {level} has no figures in {first:%Y-%m}"
            + (f" to {last:%Y-%m}" if last != first else "")
            + f"; it has {months[0]:%Y-%m} to {months[1]:%Y-%m}"
        )
    bases = sorted(found["basis"].unique())
    if len(bases) > 1:
        raise ValueError(f"there are {' and '.join(bases)} figures: say which with --basis")
    return found


def _beneath(home: Home, found: pl.DataFrame, level: str, within: str) -> pl.DataFrame:
    """Only organisations that stand under `within` on today's map."""
    if within == ENGLAND:
        return found
    basis = found["basis"][0]
    rungs = ladder(organisation_store.read(home, source=basis).drop("source"))
    if within not in rungs["code"]:
        raise ValueError(f"there is no organisation {within!r} among the {basis} organisations")
    above = pl.any_horizontal(pl.all().exclude("code") == within) & (pl.col("code") != within)
    kept = found.filter(pl.col("organisation").is_in(rungs.filter(above)["code"].implode()))
    if kept.is_empty():
        raise ValueError(f"no {level} with figures stands under {within}")
    return kept
