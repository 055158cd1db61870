"""Monthly A&E attendances and emergency admissions, by provider (NHS England, CSV or workbook) -> the feed
`ae_monthly`.

One published row is a provider with up to eighteen counts. Tidy, it is six rows of attendances in `frame`
(three department types, booked appointments or not), and its admissions and waits for a bed are rows of the
companion table `ae_monthly_admissions` (period, org_code, measure, department_type or null, patients).

A file is one month, and is taken whole or refused whole with its faults named: a national figure with one
provider missing would be wrong. The TOTAL row is a check, never data. Blank or "-" is not published, never 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipeline.delimited import TextTable
from pipeline.sources.ae_monthly.cells import count_cells, match, month_of, providers_and_totals
from pipeline.sources.ae_monthly.checks import check_booked, check_organisations, check_totals
from pipeline.sources.ae_monthly.layout import SYNONYMS, Measure, key
from pipeline.sources.ae_monthly.repeated import settled
from pipeline.sources.ae_monthly.tidy import admissions, attendances, organisations, with_regions
from pipeline.sources.ae_monthly.workbook import in_workbook, read_workbook
from pipeline.sources.published import Published

__all__ = ["ADMISSIONS", "FEED", "claims", "in_workbook", "organisations", "read", "read_workbook"]

FEED = "ae_monthly"
ADMISSIONS = "ae_monthly_admissions"


def claims(columns: Sequence[str]) -> bool:
    """Whether a file with these headers means to be this publication (it may still be refused)."""
    known = {SYNONYMS[key(name)] for name in columns if key(name) in SYNONYMS}
    return sum(isinstance(column, Measure) for column in known) >= 3


def read(table: TextTable) -> Published:
    """The file as tidy frames. Raises RefusedFile with a sentence for each fault."""
    matched = match(table)
    rows = providers_and_totals(matched)
    period = month_of(matched.file, rows)
    check_booked(matched, period)
    counts = count_cells(matched, rows)
    providers, totals = counts.filter(~pl.col("is_total")), counts.filter("is_total")
    providers, repeated = settled(matched, providers, totals)
    check_organisations(matched.file, providers)
    unchecked = check_totals(matched, providers, totals)
    named, unplaced = with_regions(providers)
    frame, silent = attendances(named, matched.measures, period)
    return Published(
        feed=FEED,
        periods=(period,),
        frame=frame,
        companions={ADMISSIONS: admissions(named, matched.measures, period)},
        notices=(*matched.notices, *repeated, *unchecked, *unplaced, *silent),
    )
