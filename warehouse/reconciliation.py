"""Reconciliation, read back: what files' own checks found, and local records beside published figures."""

from collections.abc import Collection
from datetime import date, datetime

import polars as pl

from metrics import reconciliation as measure
from metrics.indicator import Indicator
from warehouse import observations, submissions
from warehouse.home import Home

CHECKS = {
    "total_holds": ("Providers against the TOTAL row", measure.AGREES),
    "no_total_row": ("Providers against the TOTAL row", measure.CANNOT),
    "total_incomplete": ("Providers against the TOTAL row", measure.CANNOT),
    "sums_hold": ("Services against England, and items against their parts", measure.AGREES),
    "month_left_out": ("Services against England, and items against their parts", measure.DIFFERS),
    "shares_hold": ("Published shares and means against their counts", measure.AGREES),
    "share_differs": ("Published shares and means against their counts", measure.DIFFERS),
    "footprint_agrees": ("Acute trusts against units shared by fractions", measure.AGREES),
    "footprint_differs": ("Acute trusts against units shared by fractions", measure.DIFFERS),
    "footprint_not_compared": ("Acute trusts against units shared by fractions", measure.CANNOT),
    "systems_agree": ("Systems against the sums of their providers", measure.AGREES),
    "systems_differ": ("Systems against the sums of their providers", measure.DIFFERS),
    "systems_not_compared": ("Systems against the sums of their providers", measure.CANNOT),
    "regions_not_published": ("Regions against England", measure.CANNOT),
    "place_sum_within": ("Places against England", measure.CANNOT),
    **{
        f"{level}_sum_{ending}": (f"{title} against England", outcome)
        for level, title in (
            ("region", "Regions"),
            ("system", "Systems"),
            ("provider", "Providers"),
            ("place", "Places"),
        )
        for ending, outcome in (("holds", measure.AGREES), ("differs", measure.DIFFERS))
    },
}
"""The rules of findings by which a published file is held against itself: what is compared, and the outcome.
Places never add up to England, since some patients live elsewhere: that they are within the usual share is
told, and is no agreement."""

FOUND = ("feed", "check", "outcome", "files", "newest", "file_name", "reason")
COLUMNS = (
    *("indicator", "definition_version", "level", "organisation", "organisation_name", "period"),
    *measure.COMPARED[3:],
)


def checks(home: Home) -> pl.DataFrame:
    """What accepted files' own checks found, by feed, check and outcome, in FOUND; the newest's reason."""
    rules = pl.DataFrame(
        [(rule, check, outcome) for rule, (check, outcome) in CHECKS.items()],
        schema=["rule", "check", "outcome"],
        orient="row",
    )
    return (
        submissions.findings(home)
        .join(rules, on="rule")
        .sort("received_at", "submission_id")
        .group_by("feed", "check", "outcome")
        .agg(
            pl.col("submission_id").n_unique().cast(pl.Int64).alias("files"),
            pl.col("received_at").last().alias("newest"),
            pl.col("file_name", "reason").last(),
        )
        .select(FOUND)
        .sort("feed", "check", "outcome")
    )


def differences(
    home: Home,
    indicator: Indicator,
    *,
    levels: Collection[str] = ("provider",),
    organisations: Collection[str] | None = None,
    start: date | None = None,
    end: date | None = None,
    as_known_on: date | datetime | None = None,
) -> pl.DataFrame:
    """Local records beside published figures of one indicator, month by month, in COLUMNS."""
    held = observations.read(
        home, indicator.id, levels, organisations, start, end, as_known_on=as_known_on
    ).filter(pl.col("definition_version") == indicator.version, pl.col("organisation") != "unattributed")
    sides = [held.filter(pl.col("basis") == side) for side in measure.SIDES]
    names = held.select("level", "organisation", "organisation_name").unique(["level", "organisation"])
    return (
        measure.compared(sides[0], sides[1], indicator)
        .join(names, on=["level", "organisation"], how="left")
        .with_columns(
            pl.lit(indicator.id).alias("indicator"), pl.lit(indicator.version).alias("definition_version")
        )
        .select(COLUMNS)
    )
