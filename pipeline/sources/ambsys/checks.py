"""What must hold of a month before it is believed. A month that does not hold is left out, and named."""

from __future__ import annotations

from datetime import date

import polars as pl

from pipeline.reading import RefusedFile
from pipeline.sources.ambsys.layout import ADDED, IDENTITIES
from pipeline.sources.published import Notice
from pipeline.sources.values import FAULTS_NAMED


def check_rows(file: str, wide: pl.DataFrame) -> None:
    """Every organisation stands once in a month."""
    doubled = (
        wide.group_by("period", "code", maintain_order=True).agg("row").filter(pl.col("row").list.len() > 1)
    )
    faults = [
        f"{file}: {code} stands in rows {' and '.join(map(str, rows))} for {period:%B %Y}, not once."
        for period, code, rows in doubled.iter_rows()
    ]
    if faults:
        raise RefusedFile(*faults[:FAULTS_NAMED])


def whole_months(file: str, wide: pl.DataFrame) -> tuple[pl.DataFrame, list[Notice]]:
    """The months that hold, and a notice for each that does not. Raises RefusedFile where none does."""
    kept, notices = [], []
    for (period,), month in wide.sort("row").group_by("period", maintain_order=True):
        assert isinstance(period, date)  # noqa: S101 - for the type checker
        fault = _sums(month) or _identities(month)
        if fault is None:
            kept.append(month)
            continue
        reason = f"{period:%B %Y} is left out: {fault}."
        notices.append(Notice("month_left_out", reason, month.height, None, "warning"))
    if not kept:
        raise RefusedFile(*(f"{file}: {notice.reason}" for notice in notices[:FAULTS_NAMED]))
    count = sum(month.height for month in kept)
    reason = f"In {len(kept)} month(s) services add up to England, and items to their parts."
    return pl.concat(kept), [*notices, Notice("sums_hold", reason, count)]


def _sums(month: pl.DataFrame) -> str | None:
    """Whether the services, and the regions where they are given, add up to England."""
    england = month.filter(level="england")
    if england.is_empty():
        return "England is not in it"
    items = [item for item in ADDED if item in month.columns]
    for level, words in (("ambulance_service", "services"), ("region", "regions")):
        parts = month.filter(level=level)
        if parts.is_empty() and level == "region":
            continue
        for item in items:
            said, ours = england[item][0], parts[item].sum()
            if said is not None and said != ours:
                return f"its {parts.height} {words} add up to {ours:,} where England has {said:,} ({item})"
    return None


def _identities(month: pl.DataFrame) -> str | None:
    """Whether each item is the sum of its parts, in every row that has them all."""
    for item, parts in IDENTITIES.items():
        summed = pl.sum_horizontal(pl.col(part) for part in parts)
        whole = pl.all_horizontal(pl.col(part).is_not_null() for part in (item, *parts))
        wrong = month.filter(whole & (pl.col(item) != summed))
        if wrong.height:
            return f"{item} is not {' + '.join(parts)} for {wrong['code'][0]} (row {wrong['row'][0]})"
    return None
