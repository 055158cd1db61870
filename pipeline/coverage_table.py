"""Who reported, of whom, for `targets coverage`."""

from datetime import date, datetime

import polars as pl

from pipeline.funnel_table import known_indicator
from warehouse import coverage
from warehouse.home import Home

BASES = ("local", "published")


def table(
    home: Home,
    name: str,
    level: str,
    rows: str,
    *,
    basis: str | None,
    start: date | None,
    end: date | None,
    as_known_on: datetime | None,
) -> pl.DataFrame:
    """The rows of `warehouse.coverage`: "matrix", "months" or "panel", of one basis or of both.

    Raises ValueError with a sentence where there is no such indicator, or no figure of it at that level.
    """
    indicator = known_indicator(name)
    bases = [basis] if basis else BASES
    if rows == "panel":
        frames = [
            coverage.panel(home, indicator, one, start, end, as_known_on).select(
                pl.lit(name).alias("indicator"), pl.lit(one).alias("basis"), pl.all()
            )
            for one in bases
        ]
    else:
        read = coverage.by_month if rows == "months" else coverage.matrix
        frames = [read(home, indicator, one, level, start, end, as_known_on) for one in bases]
    found = pl.concat(frames)
    if found.is_empty():
        where = "no panel of providers" if rows == "panel" else f"no figures at level {level!r}"
        known = f" as known on {as_known_on:%Y-%m-%d}" if as_known_on else ""
        raise ValueError(f"{name} has {where} in these months{f' on basis {basis}' if basis else ''}{known}")
    return found
