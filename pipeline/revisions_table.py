"""What later issues changed, for `targets revisions`."""

from datetime import date, datetime

import polars as pl

from metrics.indicators import all_indicators
from pipeline.funnel_table import known_indicator
from warehouse import revisions
from warehouse.home import Home


def table(
    home: Home,
    *,
    indicator: str | None = None,
    level: str | None = None,
    organisation: str | None = None,
    basis: str | None = None,
    breakdown: str | None = "all",
    period: date | None = None,
    start: date | None = None,
    end: date | None = None,
    flagged: bool = False,
    as_known_on: datetime | None = None,
) -> pl.DataFrame:
    """Every revision chosen, in `warehouse.revisions.COLUMNS`, by indicator and the newest first.

    Raises ValueError with a sentence for an indicator that does not exist, or a month given twice over.
    """
    if period is not None and (start is not None or end is not None):
        raise ValueError("--period is one month, and --from and --to are several: give one or the other")
    known = all_indicators()
    changed = [known[name] for name in revisions.indicators(home) if name in known]
    chosen = [known_indicator(indicator)] if indicator else changed or [next(iter(known.values()))]
    found = pl.concat(
        revisions.read(
            home,
            one,
            basis=basis,
            levels=[level] if level else None,
            organisations=[organisation] if organisation else None,
            breakdown=breakdown,
            start=period or start,
            end=period or end,
            as_known_on=as_known_on,
        )
        for one in chosen
    )
    return found.filter("flagged") if flagged else found
