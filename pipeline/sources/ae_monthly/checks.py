"""What must hold before the file is believed: codes, one row a provider, sums equal to the TOTAL row."""

from __future__ import annotations

from datetime import date

import polars as pl

from pipeline.reading import RefusedFile
from pipeline.sources.ae_monthly.cells import FAULTS_NAMED, Matched
from pipeline.sources.ae_monthly.layout import BOOKED, BOOKED_SINCE, published_name
from pipeline.sources.published import Notice

_CODE = r"^[A-Z0-9]{3,6}$"


def check_booked(matched: Matched, period: date) -> None:
    """Without its booked columns a file since August 2020 would understate every provider."""
    if period >= BOOKED_SINCE and not any(measure in matched.places for measure in BOOKED):
        raise RefusedFile(
            f"{matched.file}: the columns of booked appointments are missing, published from August 2020: "
            f"'{published_name(BOOKED[0])}' and {len(BOOKED) - 1} more."
        )


def check_organisations(file: str, providers: pl.DataFrame) -> None:
    """Every row has a code (3 to 6 letters and digits), and every code one row."""
    odd = providers.filter(~pl.col("org_code").str.contains(_CODE))
    faults = [
        f"{file}: row {row}, column 'Org Code': '{code}' is not an organisation code."
        for row, code in odd.select("row", "org_code").iter_rows()
    ]
    doubled = providers.group_by("org_code").agg("row").filter(pl.col("row").list.len() > 1).sort("org_code")
    faults += [
        f"{file}: the organisation {code} stands in rows {' and '.join(map(str, sorted(rows)))}, not once."
        for code, rows in doubled.iter_rows()
        if code
    ]
    if faults:
        raise RefusedFile(*faults[:FAULTS_NAMED])


def check_totals(matched: Matched, providers: pl.DataFrame, totals: pl.DataFrame) -> list[Notice]:
    """Every published total against its column's sum: a difference refuses, a missing total is noticed."""
    if totals.is_empty():
        _refuse_hidden_total(matched, providers)
        reason = "The file has no TOTAL row, so its sums could not be checked."
        return [Notice("no_total_row", reason, providers.height)]
    names = [f"m{at}" for at in range(len(matched.measures))]
    sums = providers.select(pl.col(names).sum()).row(0)
    faults = [
        f"{matched.file}: column '{matched.header(measure)}': the TOTAL row {row} says {said:,}, "
        f"the providers add up to {ours:,}."
        for row, *published in totals.select("row", *names).iter_rows()
        for measure, said, ours in zip(matched.measures, published, sums, strict=True)
        if said is not None and said != ours
    ]
    if faults:
        raise RefusedFile(*faults[:FAULTS_NAMED])
    if totals.select(pl.any_horizontal(pl.col(names).is_null()).any()).item():
        reason = "The TOTAL row has blanks, so not every sum could be checked."
        return [Notice("total_incomplete", reason, totals.height)]
    reason = (
        f"The TOTAL row is the sum of {providers.height} providers in all {len(names)} columns of counts."
    )
    return [Notice("total_holds", reason, providers.height)]


def _refuse_hidden_total(matched: Matched, providers: pl.DataFrame) -> None:
    """A row that is the sum of all the others is a total under another name, and would double England."""
    names = [f"m{at}" for at in range(len(matched.measures))]
    counts = [pl.col(name).fill_null(0) for name in names]
    half = pl.all_horizontal(2 * count == count.sum() for count in counts) & (pl.sum_horizontal(counts) > 0)
    hidden = providers.filter(half)
    if providers.height > 2 and hidden.height:
        row, code = hidden.select("row", "org_code").row(0)
        raise RefusedFile(
            f"{matched.file}: row {row} ({code}) is the sum of all other rows, as a TOTAL row is, and does "
            "not say so."
        )
