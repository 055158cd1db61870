"""The A&E workbook -> the same tidy frames as the CSV file of its month.

Three sheets by provider, told apart by what they say: all attendances, those booked, those not booked. All
are the other two together, provider by provider, or the workbook is refused. Where only all attendances are
there, after bookings began (August 2020), the frame's `booked` is null: not told apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from pipeline.reading import RefusedFile
from pipeline.sources.ae_monthly.checks import check_organisations
from pipeline.sources.ae_monthly.layout import BOOKED, BOOKED_SINCE, MEASURES, Measure
from pipeline.sources.ae_monthly.tidy import admissions, attendances, with_regions
from pipeline.sources.ae_monthly.workbook_checks import check_england, check_shares, refuse_wrong_sums
from pipeline.sources.ae_monthly.workbook_layout import Column
from pipeline.sources.ae_monthly.workbook_sheet import (
    Figures,
    figures,
    headings,
    is_header,
    period_of,
    titled,
    words,
)
from pipeline.sources.published import Notice, Published
from pipeline.sources.values import FAULTS_NAMED
from pipeline.workbooks import Sheet, Workbook

FEED = "ae_monthly"
ADMISSIONS = "ae_monthly_admissions"
_FIGURES = ("providers", "booked")
_SPLIT: tuple[Column, ...] = tuple(
    (what, part) for what in ("attendances", "over") for part in ("01", "02", "03")
)


def in_workbook(book: Workbook) -> bool:
    """Whether some sheet holds A&E figures by provider."""
    return any(_kind(sheet, at) in _FIGURES for sheet, at in book.headed(is_header))


def read_workbook(book: Workbook) -> Published:
    """The workbook as tidy frames. Raises RefusedFile with a sentence for each fault."""
    sheets: dict[str, list[tuple[Sheet, int]]] = {"providers": [], "booked": []}
    for sheet, at in book.headed(is_header):
        sheets.setdefault(_kind(sheet, at), []).append((sheet, at))
    period = _one_month(book, [sheet for sheet, _ in (*sheets["providers"], *sheets["booked"])])
    read = {kind: [figures(sheet, at) for sheet, at in sheets[kind]] for kind in ("providers", "booked")}
    notices = []
    for one in (*read["providers"], *read["booked"]):
        check_organisations(book.file, one.providers.rename({"code": "org_code"}))
        refuse_wrong_sums(one)
        notices += check_england(one) + check_shares(one)
    whole, unbooked, booked = _told_apart(book, read["providers"], read["booked"])
    if unbooked and booked:
        cells = _cells(unbooked, booked)
    elif period < BOOKED_SINCE:
        cells = _cells(whole, None)
    else:
        cells = _cells(whole, None)
        reason = (
            "No sheet tells booked appointments apart: the attendances are those booked or not, together."
        )
        notices.append(Notice("booked_not_told_apart", reason, whole.providers.height, "booked"))
    named, unplaced = with_regions(cells)
    measures = [one for one in MEASURES if unbooked or one not in BOOKED]
    frame, silent = attendances(named, measures, period)
    if not unbooked and period >= BOOKED_SINCE:
        frame = frame.with_columns(booked=pl.lit(None, dtype=pl.Boolean))
    has_admissions = ("admissions", "01") in whole.columns
    tables = {ADMISSIONS: admissions(named, measures, period)} if has_admissions else {}
    issued = [Notice("issue", reason, 0) for reason in _issue(whole.sheet)]
    return Published(FEED, (period,), frame, tables, (*notices, *unplaced, *silent, *issued))


def _kind(sheet: Sheet, header: int) -> str:
    said = headings(sheet, header)
    if "acute code" in said:
        return "shared among trusts"
    if any("mapped" in heading or "before mapping" in heading for heading in said):
        return "footprints"
    if any("booked" in heading for heading in said):
        return "booked"
    return "providers" if said & {"name", "org name", "organisation name"} else "systems"


def _one_month(book: Workbook, sheets: list[Sheet]) -> date:
    said = {sheet.name: period_of(sheet) for sheet in sheets}
    if not said:
        raise RefusedFile(f"{book.file}: no sheet has A&E figures by provider, and so none says the month.")
    if len(set(said.values())) != 1:
        shown = ", ".join(f"{month:%B %Y} ('{name}')" for name, month in said.items())
        raise RefusedFile(f"{book.file}: the sheets are of different months: {shown}.")
    return next(iter(said.values()))


def _told_apart(
    book: Workbook, sheets: list[Figures], booked: list[Figures]
) -> tuple[Figures, Figures | None, Figures | None]:
    """The sheets of all attendances, of those not booked and of those booked; the last two go together."""
    if len(sheets) == 1 and not booked:
        _refuse_unbooked_alone(sheets[0])
        return sheets[0], None, None
    if len(sheets) != 2 or len(booked) != 1:
        names = ", ".join(f"'{one.sheet.name}'" for one in (*sheets, *booked))
        raise RefusedFile(
            f"{book.file}: the sheets of all attendances, of those not booked and of those booked are "
            f"expected once each, or the first alone; found {names}."
        )
    whole, unbooked = sorted(sheets, key=lambda one: -_all(one))
    _refuse_unlike(whole, unbooked, booked[0])
    return whole, unbooked, booked[0]


def _all(one: Figures) -> int:
    names = [one.columns[column] for column in _SPLIT[:3]]
    return int(one.providers.select(pl.sum_horizontal(pl.col(names).sum())).item())


def _refuse_unbooked_alone(one: Figures) -> None:
    """Without the others beside it, a sheet of those not booked would understate every provider."""
    unbooked = "non booked" in words(one.sheet.name) or "unbooked" in words(one.sheet.name)
    if unbooked and period_of(one.sheet) >= BOOKED_SINCE:
        raise RefusedFile(
            f"{one.sheet.file}: only attendances not booked are there ('{one.sheet.name}'); "
            "the sheets of all attendances and of those booked are missing."
        )


def _refuse_unlike(whole: Figures, unbooked: Figures, booked: Figures) -> None:
    """Raise RefusedFile where all attendances are not those booked and not booked, or admissions differ."""
    file = whole.sheet.file
    apart = [one.rows.sort("code") for one in (whole, unbooked, booked)]
    if not (apart[0]["code"].equals(apart[1]["code"]) and apart[0]["code"].equals(apart[2]["code"])):
        codes = [set(one["code"]) for one in apart]
        odd = sorted(set.union(*codes) - set.intersection(*codes))
        raise RefusedFile(f"{file}: not all sheets have the organisations {', '.join(odd[:FAULTS_NAMED])}.")
    faults = []
    for column in (*_SPLIT, *(one for one in whole.columns if one[0] in ("admissions", "waits"))):
        name = whole.columns[column]
        if column not in unbooked.columns:
            continue
        added = apart[1][name] + (apart[2][name] if column in _SPLIT else 0)
        wrong = apart[0].with_columns(added=added).filter(pl.col(name) != pl.col("added"))
        faults += [
            f"{file}: {code}: {name} is {said:,} in '{whole.sheet.name}', and {ours:,} by "
            f"'{unbooked.sheet.name}'"
            + (f" and '{booked.sheet.name}' together." if column in _SPLIT else ".")
            for code, said, ours in wrong.select("code", name, "added").iter_rows()
        ]
    if faults:
        raise RefusedFile(*faults[:FAULTS_NAMED])


def _cells(main: Figures, booked: Figures | None) -> pl.DataFrame:
    """org_code, org_name, parent, and each measure as `attendances` wants it: `m0` ..."""
    rows = main.providers
    if booked:
        names = [booked.columns[column] for column in _SPLIT]
        others = booked.providers.select("code", pl.col(names).name.prefix("booked "))
        rows = rows.join(others, on="code", how="left")
    measures = [one for one in MEASURES if booked or one not in BOOKED]
    found = [_cell(main.columns, one).alias(f"m{at}") for at, one in enumerate(measures)]
    return rows.select("row", *found, org_code="code", org_name="name", parent="region")


def _cell(columns: Mapping[Column, str], measure: Measure) -> pl.Expr:
    kind = measure.department_type or ""
    if measure.counts in ("attendances", "over_four_hours"):
        what = "attendances" if measure.counts == "attendances" else "over"
        return pl.col(("booked " if measure.booked else "") + f"{what} {kind}")
    wanted: dict[str, Column] = {
        "emergency_admissions_via_ae": ("admissions", kind),
        "other_emergency_admissions": ("admissions", "other"),
        "waited_12_hours_or_more_from_decision_to_admit": ("waits", "12 hours or more"),
        "waited_4_to_12_hours_from_decision_to_admit": ("waits", "4 hours or more"),
    }
    column = wanted[measure.counts]
    if column not in columns:
        return pl.lit(None, dtype=pl.Int64)
    cell = pl.col(columns[column])
    if measure.counts != "waited_4_to_12_hours_from_decision_to_admit":
        return cell
    longer = columns.get(("waits", "12 hours or more"))
    return cell - pl.col(longer) if longer else pl.lit(None, dtype=pl.Int64)


def _issue(sheet: Sheet) -> list[str]:
    """When the workbook was published and revised, as it says itself."""
    said = [(what, titled(sheet, what)) for what in ("published", "revised")]
    told = [f"{what} {when}" for what, when in said if when]
    return [f"The workbook says: {', '.join(told)}."] if told else []


def footprint_sheets(book: Workbook) -> list[Figures]:
    """The figures of acute trusts, with units shared among them by fractions. Raises RefusedFile."""
    found = [(sheet, at) for sheet, at in book.headed(is_header) if _kind(sheet, at) == "footprints"]
    return [figures(sheet, at, fractions=True) for sheet, at in found]


def system_sheets(book: Workbook) -> list[Figures]:
    """The figures of systems: each the sum of its providers. Raises RefusedFile."""
    found = [(sheet, at) for sheet, at in book.headed(is_header) if _kind(sheet, at) == "systems"]
    return [figures(sheet, at) for sheet, at in found]


def month_of_figures(book: Workbook) -> date:
    """The month that the sheets of figures say. Raises RefusedFile where they say none, or several."""
    return _one_month(book, [sheet for sheet, at in book.headed(is_header) if _kind(sheet, at) in _FIGURES])
