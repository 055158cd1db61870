"""The published figures on acute trusts' footprints against ours: units shared by the same fractions."""

from __future__ import annotations

import polars as pl

from pipeline.reading import RefusedFile
from pipeline.sources.ae_monthly.workbook import footprint_sheets, read_workbook
from pipeline.sources.ae_monthly.workbook_sheet import Figures
from pipeline.sources.published import Notice
from pipeline.sources.values import FAULTS_NAMED
from pipeline.workbooks import Workbook

TOLERANCE = 1e-6
"""Sums of some thousand fractions of whole attendances, in double precision, differ by less."""


def check_footprint(book: Workbook, shares: pl.DataFrame) -> list[Notice]:
    """What differs, as a notice that warns; one that says they agree; none where no sheet gives them."""
    try:
        published = footprint_sheets(book)
        returned = read_workbook(book).frame if published else None
    except RefusedFile as error:
        reason = f"The figures by acute trust could not be compared: {error.reasons[0]}"
        return [Notice("footprint_not_compared", reason, 0, severity="warning")]
    if returned is None:
        return []
    ours = on_footprints(returned, shares)
    return [_compared(one, ours) for one in published]


def on_footprints(returned: pl.DataFrame, shares: pl.DataFrame) -> pl.DataFrame:
    """Figures by provider -> acute_code, department_type, attendances, over: units shared by fractions."""
    by_unit = returned.group_by(code="org_code", kind="department_type").agg(
        pl.col("attendances").sum(), over=pl.col("over_four_hours").sum()
    )
    part = pl.col("fraction").fill_null(1.0)
    shared = by_unit.join(shares.select("code", "acute_code", "fraction"), on="code", how="left")
    return shared.group_by(pl.coalesce("acute_code", "code").alias("acute_code"), "kind").agg(
        (pl.col("attendances") * part).sum(), (pl.col("over") * part).sum()
    )


def _compared(published: Figures, ours: pl.DataFrame) -> Notice:
    said = published.providers
    kinds = [part for what, part in published.columns if what == "attendances" and part != "all"]
    long = pl.concat(
        [
            said.select(
                acute_code="code",
                kind=pl.lit(kind),
                attendances=published.columns["attendances", kind],
                over=published.columns["over", kind],
            )
            for kind in kinds
        ]
    )
    both = long.join(ours, on=["acute_code", "kind"], how="left", suffix="_ours").fill_null(0)
    away = [(pl.col(name) - pl.col(f"{name}_ours")).abs() > TOLERANCE for name in ("attendances", "over")]
    wrong = both.filter(pl.any_horizontal(away))["acute_code"].unique().sort()
    name = published.sheet.name
    if wrong.is_empty():
        reason = f"The {said.height} acute trusts of the sheet '{name}' agree with the units shared here."
        return Notice("footprint_agrees", reason, said.height)
    reason = (
        f"{wrong.len()} acute trust(s) of the sheet '{name}' differ from the units shared by its fractions: "
        f"{', '.join(wrong.head(FAULTS_NAMED))}."
    )
    return Notice("footprint_differs", reason, wrong.len(), "fraction", "warning")
