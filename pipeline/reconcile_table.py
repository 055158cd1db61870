"""Local records beside published figures, for `targets reconcile`."""

from datetime import date, datetime

import polars as pl

from metrics.indicators import all_indicators
from pipeline.funnel_table import known_indicator
from warehouse import reconciliation
from warehouse.home import Home


def table(
    home: Home,
    *,
    indicator: str | None,
    level: str,
    organisation: str | None,
    start: date | None,
    end: date | None,
    outcome: str | None,
    as_known_on: datetime | None,
) -> pl.DataFrame:
    """The differences chosen, in `warehouse.reconciliation.COLUMNS`. Raises ValueError with a sentence."""
    chosen = [known_indicator(indicator)] if indicator else [*all_indicators().values()]
    both = [one for one in chosen if one.published]
    if not both:
        raise ValueError(f"{indicator} has no published figures to hold local records against")
    found = pl.concat(
        reconciliation.differences(
            home,
            one,
            levels=[level],
            organisations=[organisation] if organisation else None,
            start=start,
            end=end,
            as_known_on=as_known_on,
        )
        for one in both
    )
    return found if outcome is None else found.filter(pl.col("outcome") == outcome)
