"""What must hold in a sheet of figures: totals are their parts, England its providers, shares as counted."""

from __future__ import annotations

import polars as pl

from pipeline.reading import RefusedFile
from pipeline.sources.ae_monthly.workbook_layout import PARTS, Column
from pipeline.sources.ae_monthly.workbook_sheet import TOLERANCE, Figures
from pipeline.sources.published import Notice
from pipeline.sources.values import FAULTS_NAMED

_TYPED = PARTS[:-1]
# A total and its parts: a difference between them refuses the workbook.
SUMS: tuple[tuple[Column, tuple[Column, ...]], ...] = (
    *(((what, "all"), tuple((what, part) for part in _TYPED)) for what in ("attendances", "within", "over")),
    *((("attendances", part), (("within", part), ("over", part))) for part in PARTS),
    (("admissions", "all"), tuple(("admissions", part) for part in _TYPED)),
    (("admissions", "total"), (("admissions", "all"), ("admissions", "other"))),
)


def refuse_wrong_sums(figures: Figures) -> None:
    """Raise RefusedFile where a total in a row is not the sum of its parts."""
    faults = []
    for total, parts in SUMS:
        if not {total, *parts} <= figures.columns.keys():
            continue
        names = [figures.columns[part] for part in parts]
        whole = pl.col(figures.columns[total])
        summed = pl.sum_horizontal(names, ignore_nulls=False)
        wrong = figures.rows.filter((whole - summed).abs() > TOLERANCE)
        faults += [
            f"{figures.sheet.file}: sheet '{figures.sheet.name}': row {row}: {figures.columns[total]} is "
            f"{said:,}, its parts add up to {ours:,}."
            for row, said, ours in wrong.select("row", whole, ours=summed).iter_rows()
        ]
    if faults:
        raise RefusedFile(*faults[:FAULTS_NAMED])


def check_england(figures: Figures) -> list[Notice]:
    """England's row against the providers' sums: a difference refuses; what cannot be compared is noticed."""
    name = figures.sheet.name
    if figures.england.is_empty():
        reason = f"The sheet '{name}' has no row of England, so its sums could not be checked."
        return [Notice("no_total_row", reason, figures.providers.height)]
    faults, untold = [], []
    for meant, column in figures.columns.items():
        if meant[0] not in ("attendances", "within", "over", "admissions", "waits"):
            continue
        said = figures.england[column][0]
        cells = figures.providers[column]
        ours = cells.sum()
        if said is None or (cells.null_count() and said != ours):
            untold.append(column)
        elif said != ours:
            faults.append(
                f"{figures.sheet.file}: sheet '{name}': England's {column} is {said:,}, the providers add up "
                f"to {ours:,}."
            )
    if faults:
        raise RefusedFile(*faults[:FAULTS_NAMED])
    if not untold:
        reason = f"Sheet '{name}': England's row is the sum of {figures.providers.height} providers."
        return [Notice("total_holds", reason, figures.providers.height)]
    reason = (
        f"Sheet '{name}': not every sum could be checked, as cells are not published: {', '.join(untold)}."
    )
    return [Notice("total_incomplete", reason, len(untold))]


def check_shares(figures: Figures) -> list[Notice]:
    """Each published share against the one recomputed from its counts: a notice of either outcome."""
    notices, compared = [], 0
    for part in PARTS:
        share = figures.columns.get(("share", part))
        seen = figures.columns.get(("attendances", part))
        over = figures.columns.get(("over", part))
        if not (share and seen and over):
            continue
        compared += figures.rows.height
        ours = 1 - pl.col(over) / pl.col(seen)
        said = pl.col(share)
        rows = figures.rows.filter(
            ((pl.col(seen) > 0) & ((ours - said).abs() > TOLERANCE))
            | ((pl.col(seen) > 0) & said.is_null() & pl.col(over).is_not_null())
            | ((pl.col(seen) == 0) & said.is_not_null())
        )
        if rows.height:
            where = ", ".join(
                f"{code} ({what if what is None else format(what, '.6f')})"
                for code, what in rows.select("code", share).head(FAULTS_NAMED).iter_rows()
            )
            reason = (
                f"Sheet '{figures.sheet.name}': the published share within four hours "
                f"({'all types' if part == 'all' else f'type {int(part)}'}) is not the one its counts give, "
                f"in {rows.height} row(s): {where}."
            )
            notices.append(Notice("share_differs", reason, rows.height, share, "warning"))
    if compared and not notices:
        reason = (
            f"Sheet '{figures.sheet.name}': {compared:,} published shares are those that their counts give."
        )
        return [Notice("shares_hold", reason, compared)]
    return notices
