"""Published observations on two footprints: as they were published, and on today's organisations.

Which organisation took over from which is read from the lists of successions that were loaded. With none
loaded every organisation keeps its own history (docs/decisions/0029).
"""

from collections.abc import Collection
from datetime import UTC, date, datetime

import polars as pl

from metrics.footprint import AS_WAS, apart, going_on, on_todays_footprint
from metrics.indicator import Indicator
from metrics.provider_systems import by_system
from metrics.succession import SCHEMA
from pipeline.read_off import MEASURES, POINT, Said, aimed
from pipeline.sources import icb_mergers, ods_successions
from pipeline.sources.successions import TRUSTS
from warehouse import findings, observations, records
from warehouse.home import Home

FEEDS = (ods_successions.FEED, icb_mergers.FEED, "lsoa_systems")
"""Feeds that say who took over from whom, and by how much."""

GOES_ON = "reports_after_succession"


def successions(home: Home, today: date | None = None) -> pl.DataFrame:
    """Who took over from whom, in `metrics.succession.SCHEMA`; empty until a list is loaded.

    Boards whose mergers have come by `today` (default: the day it is) have merged, whatever was reported.
    """
    parts = [*_trusts(home), *_boards(home, today or datetime.now(UTC).date())]
    empty = pl.DataFrame(schema=SCHEMA)
    return pl.concat([empty, *(part.select(*SCHEMA) for part in parts)]).unique().sort(*SCHEMA)


def _trusts(home: Home) -> list[pl.DataFrame]:
    """What the list of successions says; what it is too old to say of a code, from the A&E files known."""
    listed = records.scan(home, ods_successions.FEED)
    if listed is None:
        return []
    said = listed.select("code", "heir", "since").collect()
    known = pl.DataFrame(TRUSTS, schema=["code", "heir", "since"], orient="row")
    whole = pl.concat([said, known.join(said, on="code", how="anti").drop_nulls().select(said.columns)])
    return [whole.with_columns(fraction=pl.lit(None, pl.Float64), decided=pl.lit(value=False))]


def _boards(home: Home, today: date) -> list[pl.DataFrame]:
    """What the summary of mergers says: a divided board by the share of its areas (docs/decisions/0030).

    Where the summary tells a division by sub-ICB locations alone, their areas are counted in the ONS lookup.
    """
    listed = records.scan(home, icb_mergers.FEED)
    if listed is None:
        return []
    boards = listed.filter(pl.col("since") <= today).collect()
    lookup = records.scan(home, "lsoa_systems")
    if lookup is not None:
        sizes = lookup.group_by(part="sub_system_code").agg(areas=pl.len()).collect()
        told = boards.filter(pl.col("fraction").is_null()).select(
            "code", "heir", pl.col("parts").str.split(" ")
        )
        counted = (
            told.explode("parts")
            .join(sizes, left_on="parts", right_on="part", how="left")
            .group_by("code", "heir")
            .agg(pl.when(pl.col("areas").null_count() == 0).then(pl.col("areas").sum()).alias("areas"))
        )
        by_part = pl.col("areas") / pl.col("areas").sum().over("code")
        boards = boards.join(counted, on=["code", "heir"], how="left").with_columns(
            pl.coalesce("fraction", by_part).alias("fraction")
        )
    return [boards.with_columns(decided=pl.lit(value=True))]


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
    today = whole
    if basis == "published":
        whole, today = _both(indicator, whole, about)
    lines = aimed(indicator, today, about.plan)
    differing = lines.clear()
    if today is not whole:
        # Targets are worked out again only for organisations that merged.
        codes = apart(whole, today)["organisation"].unique().implode()
        mine = pl.col("organisation").is_in(codes)
        was = aimed(indicator, whole.filter(mine), about.plan).select(lines.columns)
        differing = apart(was, lines.filter(mine))
    scope = (indicator.id, basis, periods, run_id, known_at)
    with home.writing():
        written = observations.write(home, _within(lines, periods), *scope, fingerprints=fingerprints)
        observations.write(home, _within(differing, periods), *scope, footprint=AS_WAS)
    return written, lines


def _both(indicator: Indicator, whole: pl.DataFrame, about: Said) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Published observations as they were and on today's footprint; systems, where they are sums, anew."""
    if about.placed.is_empty():
        return whole, on_todays_footprint(indicator, whole, about.successions)
    given = whole.filter(pl.col("level") != "system")
    was, now = by_system(indicator, given, about.placed, about.successions)
    today = on_todays_footprint(indicator, given, about.successions)
    return pl.concat([given, was]), pl.concat([today, now])


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
    findings.replace(home, FEEDS[:1], GOES_ON, indicator.id, (found.height, reason) if said else None)


def _within(frame: pl.DataFrame, periods: Collection[date] | None) -> pl.DataFrame:
    return frame if periods is None else frame.filter(pl.col("period").is_in(sorted(periods)))
