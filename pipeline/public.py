"""Observations for the public: an indicator is protected as a whole, then what was asked for is chosen."""

import polars as pl

from metrics.audience import public
from metrics.baseline import SERIES
from metrics.indicator import Indicator
from metrics.trajectory import targets_for
from metrics.wholes import wholes
from warehouse import observations as observation_store
from warehouse import organisations as organisation_store
from warehouse.home import Home

NUMBERS = ("numerator", "denominator", "value")
POINT = (*SERIES, "period")


def observations(home: Home, indicator: Indicator, basis: str | None) -> pl.DataFrame:
    """Every observation of the indicator as the public may see it, in the columns of `observations.read`.

    Every level and breakdown is looked at together, whatever is wanted of them: what is shown in one place is
    subtracted in another. Suppressed rows have status "suppressed" and no numbers. A target that follows from
    an organisation's own baseline is made again from its public figures, and withheld where they are too few.
    """
    held = observation_store.read(home, indicator.id, breakdown=None, basis=basis).drop("target", "path")
    shown = [
        public(
            rows, indicator, wholes(organisation_store.read(home, str(one)).drop("source"), rows, str(one))
        )
        for (one,), rows in held.group_by("basis", maintain_order=True)
    ]
    if not shown:
        return held.with_columns(target=pl.lit(None, pl.Float64))
    figures = pl.concat(shown)
    lines = targets_for(indicator, figures).drop("path")
    lost = pl.col("status") == "suppressed"
    return figures.join(lines, on=POINT, how="left", nulls_equal=True).with_columns(
        pl.when(~lost).then(pl.col(name)).alias(name) for name in NUMBERS
    )
