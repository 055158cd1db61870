"""One organisation in several rows: parts of it, or the same row again. The TOTAL row tells which."""

from __future__ import annotations

import polars as pl

from pipeline.sources.ae_monthly.cells import Matched
from pipeline.sources.published import Notice


def settled(
    matched: Matched, providers: pl.DataFrame, totals: pl.DataFrame
) -> tuple[pl.DataFrame, list[Notice]]:
    """Providers with one row for each code, where that can be told, and a notice of what was done.

    Rows of one code and name whose figures differ are parts and are added, where the TOTAL row counts them
    all; rows alike in everything are one, where it counts one. Where neither fits, or there is no TOTAL row,
    nothing is done, and the file is refused for its repeated codes.
    """
    of_code = pl.len().over("org_code") > 1
    repeated = providers.filter(of_code, pl.col("org_code") != "")
    one_name = pl.col("org_name").str.to_uppercase().n_unique().over("org_code") == 1
    if repeated.is_empty() or totals.is_empty() or not repeated.select(one_name.all()).item():
        return providers, []
    measures = [f"m{at}" for at in range(len(matched.measures))]
    once = providers.unique(["org_code", *measures], keep="first", maintain_order=True)
    for rows in (providers, once):
        if _counted(rows, totals, measures):
            return _added(rows, measures), _told(repeated, rows)
    return providers, []


def _counted(rows: pl.DataFrame, totals: pl.DataFrame, measures: list[str]) -> bool:
    """Whether every published total is the sum of these rows."""
    sums = rows.select(pl.col(measures).sum()).row(0)
    said = totals.select(measures).iter_rows()
    return all(total is None or total == ours for row in said for total, ours in zip(row, sums, strict=True))


def _added(rows: pl.DataFrame, measures: list[str]) -> pl.DataFrame:
    """One row a code: the first, with sums; what one part did not publish is not known of the whole."""
    sums = [pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name) for name in measures]
    rest = [name for name in rows.columns if name not in {"org_code", *measures}]
    added = rows.group_by("org_code", maintain_order=True).agg(pl.col(rest).first(), *sums)
    return added.select(rows.columns)


def _told(repeated: pl.DataFrame, counted: pl.DataFrame) -> list[Notice]:
    notices = []
    left = repeated.join(counted, on="row", how="semi")
    several = left.group_by("org_code").agg("row").filter(pl.col("row").list.len() > 1).sort("org_code")
    parts = several["org_code"].to_list()
    if parts:
        reason = (
            f"{_rows(repeated, parts)}: the TOTAL row counts all of them, so they are added up, as parts of "
            "one organisation."
        )
        notices.append(Notice("organisation_in_parts", reason, left.height, "Org Code"))
    again = sorted(set(repeated["org_code"]) - set(parts))
    if again:
        reason = f"{_rows(repeated, again)}, alike in every figure: the TOTAL row counts one, and so do we."
        notices.append(Notice("organisation_repeated", reason, repeated.height - left.height, "Org Code"))
    return notices


def _rows(repeated: pl.DataFrame, codes: list[str]) -> str:
    """ "RC9 stands in rows 3 and 9; RVJ stands in rows 4 and 5"."""
    said = []
    for code in codes:
        rows = sorted(repeated.filter(pl.col("org_code") == code)["row"])
        said.append(f"{code} stands in rows {' and '.join(map(str, rows))}")
    return "; ".join(said)
