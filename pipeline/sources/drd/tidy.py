"""Published values -> one row an organisation at its level, and every measure as it was published."""

from __future__ import annotations

import polars as pl

from pipeline.sources import regions
from pipeline.sources.drd.cells import EVERYWHERE, UNATTRIBUTED
from pipeline.sources.drd.layout import COUNTS
from pipeline.sources.newest_names import newest_names
from pipeline.sources.published import Notice

KEY = ("period", "level", "code", "place_code")
SCHEMA: dict[str, pl.DataType] = {
    "period": pl.Date(),
    "level": pl.String(),
    "organisation_code": pl.String(),
    "organisation_name": pl.String(),
    "place_code": pl.String(),
    "region_code": pl.String(),
    "discharges": pl.Int64(),
    "on_the_day": pl.Int64(),
    "delay_days": pl.Int64(),
    "acceptable_trusts": pl.Int64(),
    "trusts": pl.Int64(),
}


def figures(rows: pl.DataFrame) -> pl.DataFrame:
    """The feed's frame: counts of each organisation at each level; null is not published, never 0."""
    wide = rows.group_by(KEY).agg(
        pl.col("name", "region_code").first(),
        *(
            pl.col("value").filter(pl.col("measure") == name).first().alias(name)
            for name in (*COUNTS, "discharges_of_residents", "acceptable_trusts", "share_of_trusts")
        ),
    )
    share, acceptable = pl.col("share_of_trusts"), pl.col("acceptable_trusts")
    residents = pl.col("level").is_in(["place", "provider_in_place"])
    frame = wide.with_columns(
        discharges=pl.when(residents)
        .then(pl.coalesce("discharges_of_residents", "discharges"))
        .otherwise(pl.col("discharges")),
        trusts=pl.when(share > 0).then((acceptable / share).round()),
        organisation_code="code",
        organisation_name="name",
    )
    return _ordered(frame)


def with_regions(frame: pl.DataFrame, complete: set[object]) -> tuple[pl.DataFrame, list[Notice]]:
    """Adds regions where the file has none and its providers add up to England (`complete` months)."""
    notices, added = [], [frame]
    without = sorted(set(frame["period"]) - set(frame.filter(level="region")["period"]))
    for period in without:
        providers = frame.filter(level="provider", period=period)
        if period not in complete or providers["region_code"].null_count():
            reason = f"{period:%B %Y} has no regional figures, and its providers do not add up to England."
            notices.append(Notice("regions_not_published", reason, providers.height))
            continue
        named = pl.col("organisation_code").replace_strict(regions.REGIONS, return_dtype=pl.String)
        sums = providers.group_by("period", organisation_code="region_code").agg(pl.col(COUNTS).sum())
        sums = sums.with_columns(level=pl.lit("region"), place_code=pl.lit(EVERYWHERE))
        added.append(_ordered(sums.with_columns(organisation_name=named)))
        reason = f"The regions of {period:%B %Y} are sums of their providers, which add up to England."
        notices.append(Notice("regions_summed", reason, sums.height))
    return _ordered(pl.concat(added)), notices


def measures(rows: pl.DataFrame) -> pl.DataFrame:
    """The companion: period, level, organisation_code, place_code, measure, value, and the mark of a null."""
    return rows.select(
        "period",
        "level",
        pl.col("code").alias("organisation_code"),
        "place_code",
        "measure",
        "value",
        mark=pl.when(pl.col("value").is_null()).then(pl.col("text")),
    )


def organisations(held: pl.DataFrame) -> pl.DataFrame:
    """Every region, system, provider and place, each by its newest name, as the feed `organisations`."""
    named = held.filter(
        pl.col("level").is_in(["region", "system", "provider", "place"])
        & (pl.col("organisation_code") != UNATTRIBUTED)
    )
    return newest_names(named, pl.col("region_code").fill_null(regions.ENGLAND))


def _ordered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in SCHEMA.items()
    ).sort("period", "level", "organisation_code", "place_code")
