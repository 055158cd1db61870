"""Discharge Ready Date, monthly (NHS England, long CSV) -> the feed `drd`.

One published row is a value of one measure for one organisation, at one of six Data Types. Tidy, `frame` has
one row an organisation and level with its discharges, those on the ready date and the days of delay; every
measure is a row of the companion `drd_measures`. The levels overlap and are never added up: England, systems
and places stand as published. Regions, where a file has none, are the sums of their providers, and only in a
month whose providers add up to England.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipeline.delimited import TextTable
from pipeline.holdings import PART
from pipeline.sources.drd import cells, checks, tidy
from pipeline.sources.drd.layout import COLUMNS
from pipeline.sources.drd.tidy import organisations
from pipeline.sources.headers import Placed, known
from pipeline.sources.published import Notice, Published

__all__ = ["FEED", "MEASURES", "claims", "organisations", "read"]

FEED = "drd"
MEASURES = "drd_measures"


def claims(columns: Sequence[str]) -> bool:
    """Whether a file with these headers means to be this publication (it may still be refused)."""
    found = known(columns, COLUMNS)
    return len(found) >= 6 and bool(found & {"utla_code", "utla_name"})


def read(table: TextTable) -> Published:
    """The file as tidy frames. Raises RefusedFile with a sentence for each fault."""
    placed = cells.matched(table)
    rows = cells.rows(placed)
    checks.check_rows(placed.file, rows)
    lacking = checks.levels_lacking(rows)
    if lacking:
        return _part(placed, rows, lacking)
    checks.check_counted(placed.file, rows)
    frame = tidy.figures(rows)
    checks.check_counts(placed.file, rows, frame)
    complete, unequal = checks.check_sums(placed.file, frame)
    frame, summed = tidy.with_regions(frame, complete)
    return Published(
        feed=FEED,
        periods=tuple(sorted(frame["period"].unique())),
        frame=frame,
        companions={MEASURES: tidy.measures(rows)},
        notices=(*placed.notices, *unequal, *summed, *checks.check_shares(rows, frame)),
    )


def _part(placed: Placed, rows: pl.DataFrame, lacking: list[str]) -> Published:
    """What a part of a file says for sure: England, and each level that adds up to it. Raises RefusedFile."""
    sure = checks.sure_levels(placed.file, rows, lacking)
    frame = tidy.figures(sure)
    checks.check_counts(placed.file, sure, frame)
    levels = ", ".join(sorted(set(frame["level"])))
    reason = (
        f"This is a part of a file: no figures of Data Type {', '.join(lacking)}. Only what is whole was "
        f"taken ({levels}). Send the whole file; it takes this one's place."
    )
    return Published(
        feed=FEED,
        periods=tuple(sorted(frame["period"].unique())),
        frame=frame,
        companions={MEASURES: tidy.measures(sure)},
        notices=(
            *placed.notices,
            Notice(PART, reason, rows.height - sure.height, "Data Type", "warning"),
            *checks.check_shares(sure, frame),
        ),
        part=True,
    )
