"""Published observations on two footprints: as they were published, and on today's organisations.

Which organisation took over from which is read from the lists of successions that were loaded. With none
loaded every organisation keeps its own history (docs/decisions/0029).
"""

from collections.abc import Collection
from datetime import date, datetime

import polars as pl

from metrics.footprint import AS_WAS, apart, going_on, on_todays_footprint
from metrics.indicator import Indicator
from metrics.succession import SCHEMA
from pipeline.read_off import MEASURES, POINT, Said, aimed
from pipeline.sources import ods_successions
from pipeline.sources.successions import TRUSTS
from warehouse import findings, observations, records
from warehouse.home import Home

FEEDS = (ods_successions.FEED,)
"""Feeds that say who took over from whom."""

GOES_ON = "reports_after_succession"


def successions(home: Home) -> pl.DataFrame:
    """Who took over from whom, in `metrics.succession.SCHEMA`; empty until a list is loaded.

    What a list does not say of a code is added from what is known of the published A&E files.
    """
    listed = records.scan(home, ods_successions.FEED)
    if listed is None:
        return pl.DataFrame(schema=SCHEMA)
    said = listed.select("code", "heir", "since").collect()
    known = pl.DataFrame(TRUSTS, schema=["code", "heir", "since"], orient="row")
    more = known.join(said, on="code", how="anti").drop_nulls()
    whole = pl.concat([said, more.select(said.columns)])
    return whole.with_columns(fraction=pl.lit(None, pl.Float64)).select(*SCHEMA).unique().sort(*SCHEMA)


def as_was(home: Home, indicator: Indicator, basis: str) -> pl.DataFrame:
    """Every observation held of an indicator, as it was: POINT and MEASURES."""
    held = observations.read(home, indicator.id, basis=basis, breakdown=None, footprint=AS_WAS)
    return held.select(*POINT, *MEASURES)


def write(
    home: Home,
    indicator: Indicator,
    basis: str,
    whole: pl.DataFrame,
    about: Said,
    periods: Collection[date] | None,
    run_id: int,
    known_at: datetime,
    fingerprints: pl.DataFrame | None = None,
) -> tuple[observations.Written, pl.DataFrame]:
    """Make `whole` (every observation as it was) what is known, in `periods`, on both footprints.

    Returns what was written of today's, and all of today's with targets and paths. One transaction.
    """
    today = on_todays_footprint(indicator, whole, about.successions) if basis == "published" else whole
    lines = aimed(indicator, today, about.plan)
    differing = lines.clear()
    if today is not whole:
        differing = apart(aimed(indicator, whole, about.plan).select(lines.columns), lines)
    scope = (indicator.id, basis, periods, run_id, known_at)
    with home.writing():
        written = observations.write(home, _within(lines, periods), *scope, fingerprints=fingerprints)
        observations.write(home, _within(differing, periods), *scope, footprint=AS_WAS)
    return written, lines


def tell(home: Home, indicator: Indicator, whole: pl.DataFrame, told: pl.DataFrame) -> None:
    """Keep, beside the list of successions, which codes went on reporting after another took over."""
    if told.is_empty():
        return
    found = going_on(whole, told)
    said = [
        f"{code} reported to {last:%B %Y}, though {heir} took over on {since:%d %B %Y}"
        for code, heir, since, last in found.select("code", "heir", "since", "last").iter_rows()
    ]
    reason = f"{indicator.short_title}: {'; '.join(said)}. The history of each stays its own."
    findings.replace(home, FEEDS, GOES_ON, indicator.id, (found.height, reason) if said else None)


def _within(frame: pl.DataFrame, periods: Collection[date] | None) -> pl.DataFrame:
    return frame if periods is None else frame.filter(pl.col("period").is_in(sorted(periods)))
