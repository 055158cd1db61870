"""The workbook's figures by system against the sums of its providers, by its own list of them."""

from __future__ import annotations

import polars as pl

from pipeline.reading import RefusedFile
from pipeline.sources.ae_monthly.workbook import read_workbook, system_sheets
from pipeline.sources.ae_monthly.workbook_sheet import Figures
from pipeline.sources.published import Notice
from pipeline.sources.values import FAULTS_NAMED
from pipeline.workbooks import Workbook

_COUNTS = ("attendances", "over")


def check_systems(book: Workbook, listed: pl.DataFrame) -> list[Notice]:
    """What differs, as a notice that warns; one that says they agree; none where no sheet gives systems."""
    try:
        published = system_sheets(book)
        returned = read_workbook(book).frame if published else None
    except RefusedFile as error:
        reason = f"The figures by system could not be compared: {error.reasons[0]}"
        return [Notice("systems_not_compared", reason, 0, severity="warning")]
    if returned is None:
        return []
    ours = _by_system(returned, listed)
    return [_compared(one, ours) for one in published]


def _by_system(returned: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Figures by provider -> code (a board's, or null), kind, attendances, over."""
    boards = listed.select("system_code", org_code="code")
    return (
        returned.join(boards, on="org_code", how="left")
        .group_by(code="system_code", kind="department_type")
        .agg(pl.col("attendances").sum(), over=pl.col("over_four_hours").sum())
    )


def _compared(published: Figures, ours: pl.DataFrame) -> Notice:
    """Every system and department type; a system on one side alone differs unless it has nothing there."""
    said = published.providers
    kinds = [part for what, part in published.columns if what == "attendances" and part != "all"]
    long = pl.concat(
        said.select(
            "code", kind=pl.lit(kind), **{name: pl.col(published.columns[name, kind]) for name in _COUNTS}
        )
        for kind in kinds
    )
    both = long.join(ours, on=["code", "kind"], how="full", suffix="_ours", coalesce=True, nulls_equal=True)
    away = [pl.col(name).fill_null(0) != pl.col(f"{name}_ours").fill_null(0) for name in _COUNTS]
    wrong = both.filter(pl.any_horizontal(away))["code"].fill_null("organisations of none").unique().sort()
    name = published.sheet.name
    if wrong.is_empty():
        reason = f"The {said.height} systems of the sheet '{name}' are the sums of their providers."
        return Notice("systems_agree", reason, said.height)
    reason = (
        f"{wrong.len()} system(s) of the sheet '{name}' differ from the sums of their providers: "
        f"{', '.join(wrong.head(FAULTS_NAMED))}."
    )
    return Notice("systems_differ", reason, wrong.len(), "system_code", "warning")
