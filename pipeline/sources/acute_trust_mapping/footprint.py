"""The published figures on acute trusts' footprints against ours: units shared by the same fractions."""

from __future__ import annotations

import polars as pl

from pipeline.sources.ae_monthly.totals import Totals
from pipeline.sources.ae_monthly.workbook import footprint_sheets
from pipeline.sources.published import Notice
from pipeline.workbooks import Workbook

TOLERANCE = 1e-6
"""Sums of some thousand fractions of whole attendances, in double precision, differ by less."""


def check_footprint(book: Workbook, shares: pl.DataFrame) -> list[Notice]:
    """What differs, as a notice that warns; one that says they agree; none where no sheet gives them."""
    totals = Totals(
        rules=("footprint_agrees", "footprint_differs", "footprint_not_compared"),
        title="acute trust",
        one="acute trust",
        agrees="agree with the units shared here",
        differs="the units shared by its fractions",
        column="fraction",
        sheets=footprint_sheets,
        ours=lambda returned: _on_footprints(returned, shares),
        join="left",
        tolerance=TOLERANCE,
    )
    return totals.check(book)


def _on_footprints(returned: pl.DataFrame, shares: pl.DataFrame) -> pl.DataFrame:
    """Figures by provider -> code (an acute trust's), kind, attendances, over: units shared by fractions."""
    by_unit = returned.group_by(unit="org_code", kind="department_type").agg(
        pl.col("attendances").sum(), over=pl.col("over_four_hours").sum()
    )
    part = pl.col("fraction").fill_null(1.0)
    shared = by_unit.join(shares.select("acute_code", "fraction", unit="code"), on="unit", how="left")
    return shared.group_by(pl.coalesce("acute_code", "unit").alias("code"), "kind").agg(
        (pl.col("attendances") * part).sum(), (pl.col("over") * part).sum()
    )
