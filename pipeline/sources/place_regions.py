"""Which of NHS England's seven regions a place lies in, from the lookups of its lower tiers.

The nine regions of statistics are not the seven of the NHS, whose borders follow the integrated care boards.
A place stands under the region in which most of its small areas (LSOA) lie: for all but two that is the one
its region of statistics gives. Checked place by place against the lookups of LSOA 2021 to boards and
authorities of 2024 (tests/pipeline/test_ons_lookups.py).
"""

from __future__ import annotations

import polars as pl

from pipeline.sources.regions import ENGLAND, REGIONS

NHS_REGION = {
    "E12000001": "Y63",
    "E12000002": "Y62",
    "E12000003": "Y63",
    "E12000004": "Y60",
    "E12000005": "Y60",
    "E12000006": "Y61",
    "E12000007": "Y56",
    "E12000008": "Y59",
    "E12000009": "Y58",
}
# Milton Keynes belongs to a board of the East of England; Cumberland to one of the North East.
ELSEWHERE = {"E06000042": "Y61", "E06000063": "Y63"}


def in_regions(organisations: pl.DataFrame, tiers: pl.DataFrame, regions: pl.DataFrame) -> pl.DataFrame:
    """Organisations, with places that stood under England under their region.

    `tiers` and `regions` are the feeds `authority_places` and `authority_regions`. A place whose lower tiers
    lie in several regions, or in none that is known, stays where it was.
    """
    lower = pl.concat(
        [
            tiers.select(code="place_code", authority_code="authority_code"),
            regions.select(code="authority_code", authority_code="authority_code"),
        ]
    )
    known = lower.join(regions, on="authority_code").select(
        "code",
        region=pl.coalesce(
            pl.col("code").replace_strict(ELSEWHERE, default=None, return_dtype=pl.String),
            pl.col("ons_region_code").replace_strict(NHS_REGION, default=None, return_dtype=pl.String),
        ),
    )
    several = pl.col("region").n_unique() > 1
    of = known.group_by("code").agg(region=pl.when(~several).then(pl.col("region").first()))
    under_england = (pl.col("level") == "place") & (pl.col("parent") == ENGLAND)
    placed = (
        organisations.join(of, on="code", how="left")
        .with_columns(
            parent=pl.when(under_england).then(pl.coalesce("region", "parent")).otherwise(pl.col("parent"))
        )
        .drop("region")
    )
    return pl.concat([placed, _not_named(placed)]).sort("level", "code", "valid_from")


def _not_named(organisations: pl.DataFrame) -> pl.DataFrame:
    """The regions that places stand under and that no publication named."""
    named = organisations.filter(pl.col("level") == "region").select(parent="code")
    return (
        organisations.filter(pl.col("level") == "place", pl.col("parent").is_in(list(REGIONS)))
        .join(named, on="parent", how="anti")
        .group_by(code="parent")
        .agg(pl.col("valid_from").min())
        .with_columns(
            level=pl.lit("region"),
            name=pl.col("code").replace_strict(REGIONS, return_dtype=pl.String),
            parent=pl.lit(ENGLAND),
            valid_to=pl.lit(None, dtype=pl.Date),
            successor=pl.lit(None, dtype=pl.String),
        )
        .select(organisations.columns)
    )
