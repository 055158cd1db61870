"""What an indicator was counted from, month by month, as fingerprints (docs/decisions/0005)."""

from datetime import date

import polars as pl

from metrics import geography
from metrics.indicator import Indicator
from pipeline.release import code_version
from warehouse import counted as counted_store
from warehouse import records
from warehouse.home import Home


def fingerprints(home: Home, indicator: Indicator, basis: str) -> pl.DataFrame:
    """The months an indicator can be counted for: `period` (Date), `fingerprint` (text), one row each.

    Months are those which every monthly feed of the indicator holds; none when a needed feed is absent. Of
    published feeds any will do (docs/decisions/0027).
    """
    local = basis == "local"
    needed = indicator.feeds if local else indicator.published_feeds
    wanted = [*indicator.all_feeds, *geography.FEEDS] if local else list(needed)
    found = {name: records.fingerprints(home, name) for name in wanted}
    # Each published feed gives figures of its own levels; records of one feed say nothing without the other.
    lacking = [found[name].is_empty() for name in needed]
    if any(lacking) if local else all(lacking):
        return pl.DataFrame(schema={"period": pl.Date, "fingerprint": pl.String})
    held = {name: frame for name, frame in found.items() if not frame.is_empty()}
    monthly = [frame for frame in held.values() if not frame["period"].null_count()]
    snapshots = sorted(
        f"{name}:{frame['fingerprint'][0]}" for name, frame in held.items() if frame["period"].null_count()
    )
    joined = monthly[0]
    for frame in monthly[1:]:
        how = "inner" if local else "full"
        joined = joined.join(frame, on="period", how=how, suffix="_next", coalesce=True).select(
            "period",
            fingerprint=pl.concat_str(
                pl.col("fingerprint", "fingerprint_next").fill_null("none"), separator=" "
            ),
        )
    constant = " ".join([f"{indicator.id}@{indicator.version}", f"code@{code_version()}", *snapshots])
    return joined.select("period", fingerprint=pl.concat_str(pl.lit(constant), "fingerprint", separator=" "))


def counted(home: Home, indicator: Indicator, basis: str) -> pl.DataFrame:
    """What the observations of an indicator were last counted from: `period`, `fingerprint`."""
    return counted_store.read(home, indicator.id, basis)


def stale(now: pl.DataFrame, before: pl.DataFrame, indicator: Indicator) -> list[date]:
    """Months to count again: new, changed or gone since they were last counted, in order.

    Any change means all months where records also count in earlier months; and a new month makes final the
    months that were provisional before it.
    """
    changed = set(now.join(before, on=["period", "fingerprint"], how="anti")["period"])
    gone = set(before.join(now, on="period", how="anti")["period"])
    if (changed or gone) and indicator.reaches_back:
        changed |= set(now["period"])
    if (changed or gone) and indicator.provisional_months:
        changed |= set(before["period"].sort().tail(indicator.provisional_months)) & set(now["period"])
    return sorted(changed | gone)
