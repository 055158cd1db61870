"""What an indicator was counted from, month by month, as fingerprints (docs/decisions/0005)."""

from datetime import date

import polars as pl

from metrics.indicator import Indicator
from warehouse import records
from warehouse.home import Home

GEOGRAPHY = ("organisations", "neighbourhood_map")
"""Feeds that every local count is attributed by."""


def fingerprints(home: Home, indicator: Indicator, basis: str) -> pl.DataFrame:
    """The months an indicator can be counted for: `period` (Date), `fingerprint` (text), one row each.

    Months are those which every monthly feed of the indicator holds; none when a needed feed is absent.
    """
    needed = indicator.feeds if basis == "local" else indicator.published_feeds
    wanted = [*needed, *(split.needs for split in indicator.breakdowns if split.needs), *GEOGRAPHY]
    found = {name: records.fingerprints(home, name) for name in dict.fromkeys(wanted)}
    if any(found[name].is_empty() for name in needed):
        return pl.DataFrame(schema={"period": pl.Date, "fingerprint": pl.String})
    held = {name: frame for name, frame in found.items() if not frame.is_empty()}
    monthly = [frame for frame in held.values() if not frame["period"].null_count()]
    snapshots = sorted(
        f"{name}:{frame['fingerprint'][0]}" for name, frame in held.items() if frame["period"].null_count()
    )
    joined = monthly[0]
    for frame in monthly[1:]:
        joined = joined.join(frame, on="period", how="inner", suffix="_next").select(
            "period", fingerprint=pl.concat_str("fingerprint", "fingerprint_next", separator=" ")
        )
    constant = " ".join([f"{indicator.id}@{indicator.version}", *snapshots])
    return joined.select("period", fingerprint=pl.concat_str(pl.lit(constant), "fingerprint", separator=" "))


def stale(now: pl.DataFrame, counted: pl.DataFrame, *, reaches_back: bool) -> list[date]:
    """Months to count again: new, changed or gone since they were last counted, in order.

    `reaches_back` is for indicators whose records also count in earlier months: any change means all months.
    """
    changed = now.join(counted, on=["period", "fingerprint"], how="anti")["period"]
    gone = counted.join(now, on="period", how="anti")["period"]
    if reaches_back and (len(changed) or len(gone)):
        changed = now["period"]
    return sorted({*changed, *gone})
