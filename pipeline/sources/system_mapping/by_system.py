"""The workbook's figures by system against the sums of its providers, by its own list of them."""

from __future__ import annotations

import polars as pl

from pipeline.sources.ae_monthly.totals import Totals
from pipeline.sources.ae_monthly.workbook import system_sheets
from pipeline.sources.published import Notice
from pipeline.workbooks import Workbook


def check_systems(book: Workbook, listed: pl.DataFrame) -> list[Notice]:
    """What differs, as a notice that warns; one that says they agree; none where no sheet gives systems."""
    totals = Totals(
        rules=("systems_agree", "systems_differ", "systems_not_compared"),
        title="system",
        one="system",
        agrees="are the sums of their providers",
        differs="the sums of their providers",
        column="system_code",
        sheets=system_sheets,
        ours=lambda returned: _by_system(returned, listed),
        join="full",
    )
    return totals.check(book)


def _by_system(returned: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Figures by provider -> code (a board's, or null), kind, attendances, over."""
    boards = listed.select("system_code", org_code="code")
    return (
        returned.join(boards, on="org_code", how="left")
        .group_by(code="system_code", kind="department_type")
        .agg(pl.col("attendances").sum(), over=pl.col("over_four_hours").sum())
    )
