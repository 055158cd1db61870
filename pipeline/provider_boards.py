"""Which board each provider is under, by every list that is loaded (docs/decisions/0038)."""

import polars as pl

from metrics.provider_systems import LISTED, PLACED, with_heirs
from pipeline.sources import ods_trusts, system_mapping
from pipeline.sources.ods_trusts import BOARDS_SINCE, NEW_CODES_SINCE
from warehouse import records
from warehouse.home import Home

FEEDS = (system_mapping.FEED, ods_trusts.FEED)
"""Feeds that place providers, the one that knows better first."""


def placed(home: Home, successions: pl.DataFrame) -> pl.DataFrame:
    """Providers' boards list by list, in `metrics.provider_systems.PLACED`; empty until a list is loaded.

    The list of trusts says no month: it is of the day from which the boards that it names were there.
    """
    lists = [_mapped(home), _trusts(home)]
    rows = [one.with_columns(rank=pl.lit(rank)) for rank, one in enumerate(lists) if one is not None]
    if not rows:
        return pl.DataFrame(schema=PLACED)
    new = ~pl.col("system").str.starts_with("Q")
    listed = (
        pl.concat(rows)
        .filter(pl.col("system").is_not_null())
        .sort("rank")
        .unique(["code", "listed"], keep="first", maintain_order=True)
        .with_columns(since=pl.when(new).then(pl.lit(NEW_CODES_SINCE)))
    )
    return with_heirs(listed.select(*LISTED), successions)


def _mapped(home: Home) -> pl.DataFrame | None:
    held = records.scan(home, system_mapping.FEED)
    if held is None:
        return None
    if "period" not in held.collect_schema():  # kept by an earlier contract, as one list of no month
        held = held.with_columns(period=pl.lit(BOARDS_SINCE))
    return held.select("code", system="system_code", listed="period").collect()


def _trusts(home: Home) -> pl.DataFrame | None:
    held = records.scan(home, ods_trusts.FEED)
    if held is None:
        return None
    trusts = held.select("code", system="system_code").collect()
    old = trusts["system"].drop_nulls().str.starts_with("Q").all()
    return trusts.with_columns(listed=pl.lit(BOARDS_SINCE if old else NEW_CODES_SINCE))
