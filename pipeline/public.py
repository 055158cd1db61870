"""Observations for the public: a family of indicators is protected as a whole, then the wanted is chosen."""

from collections.abc import Callable

import polars as pl

from metrics.audience import public
from metrics.baseline import SERIES
from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from metrics.shared_counts import family
from metrics.trajectory import targets_for
from metrics.wholes import wholes
from warehouse import observations as observation_store
from warehouse import organisations as organisation_store
from warehouse.home import Home

NUMBERS = ("numerator", "denominator", "value")
POINT = (*SERIES, "period")

Tick = Callable[[str, int, int], None]


def observations(
    home: Home, indicator: Indicator, basis: str | None, progress: Tick | None = None
) -> pl.DataFrame:
    """Every observation of the indicator as the public may see it, in the columns of `observations.read`.

    Every level, breakdown and basis is looked at together with those of its `family`, whatever is wanted of
    them: what is shown in one place is subtracted in another. Suppressed rows have status "suppressed" and no
    numbers. A target that follows from an organisation's own baseline is made again from its public figures,
    and withheld where they are too few.
    """
    kin = family(indicator, all_indicators())

    def months(done: int, total: int) -> None:
        if progress:
            progress(f"month {done + 1} of {total}, {len(kin)} indicators together", done, total)

    every = pl.concat([_held(home, one) for one in kin])
    adding_up = [
        wholes(organisation_store.read(home, str(one)).drop("source"), rows, str(one)).with_columns(
            basis=pl.lit(str(one))
        )
        for (one,), rows in every.group_by("basis", maintain_order=True)
    ]
    if not adding_up:
        return every.with_columns(target=pl.lit(None, pl.Float64))
    shown = public(every, kin, pl.concat(adding_up), months).filter(pl.col("indicator") == indicator.id)
    figures = shown if basis is None else shown.filter(pl.col("basis") == basis)
    lines = targets_for(indicator, figures).drop("path")
    lost = pl.col("status") == "suppressed"
    return figures.join(lines, on=POINT, how="left", nulls_equal=True).with_columns(
        pl.when(~lost).then(pl.col(name)).alias(name) for name in NUMBERS
    )


def _held(home: Home, indicator: Indicator) -> pl.DataFrame:
    return observation_store.read(home, indicator.id, breakdown=None).drop("target", "path")
