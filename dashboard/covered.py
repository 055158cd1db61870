"""Who reported, read and said: cached reads of coverage, and each state's mark, letter and words."""

from dataclasses import dataclass
from datetime import date

import polars as pl
import streamlit as st

from dashboard import wording
from dashboard.names import readable
from dashboard.opening import home
from metrics import coverage as measure
from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from warehouse import coverage


@dataclass(frozen=True, slots=True)
class Mark:
    """How a state is shown: a shape in the chart, a letter in the table, words for both; `good` is no gap."""

    symbol: str
    letter: str
    words: str
    meaning: str
    good: bool = False


MARKS = {
    measure.PRESENT: Mark("square", "Y", "Figure", "a final figure was given.", good=True),
    measure.PROVISIONAL: Mark(
        "square-open", "P", "Provisional", "a figure was given and may still change.", good=True
    ),
    measure.NOBODY: Mark(
        "circle-open", "0", "Nobody to count", "it reported, and there was nobody to count.", good=True
    ),
    measure.INSUFFICIENT: Mark("triangle-up", "I", "Insufficient", "a figure too incomplete for a verdict."),
    measure.SUPPRESSED: Mark("star", "S", "Suppressed", "withheld because the number is small."),
    measure.NOT_REPORTED: Mark(
        "diamond", "N", "Not reported", "its row came without this figure, which is not a nought."
    ),
    measure.MISSING: Mark("x-thin", "M", "Missing", "a figure was expected, and nothing came."),
    measure.NOT_EXPECTED: Mark("line-ew", "·", "Not expected", "before its first month, or after it closed."),
}
VERDICTS = {
    measure.ENOUGH: "✔ Enough",
    measure.TOO_FEW: "○ Insufficient data",
    measure.NO_FILE: "– No figures held",
}


@st.cache_data(max_entries=32, show_spinner=False)
def matrix(edition: str, indicator: str, basis: str, level: str, known_on: date | None) -> pl.DataFrame:
    """Read who reported in every month held: `warehouse.coverage.CELLS`."""
    cells = coverage.matrix(home(), all_indicators()[indicator], basis, level, as_known_on=known_on)
    return cells.with_columns(readable(pl.col("organisation_name")))


@st.cache_data(max_entries=32, show_spinner=False)
def by_month(edition: str, indicator: str, basis: str, level: str, known_on: date | None) -> pl.DataFrame:
    """Read the share that reported in every month held: `warehouse.coverage.MONTHS`."""
    return coverage.by_month(home(), all_indicators()[indicator], basis, level, as_known_on=known_on)


@st.cache_data(max_entries=32, show_spinner=False)
def panel(
    edition: str, indicator: str, basis: str, start: date, end: date, known_on: date | None
) -> pl.DataFrame:
    """Read the providers with every month of a window, beside England: `metrics.coverage.PANEL`."""
    return coverage.panel(home(), all_indicators()[indicator], basis, start, end, known_on)


def gaps_first(cells: pl.DataFrame) -> pl.DataFrame:
    """The organisations of some months, those with most gaps first: organisation, organisation_name, gaps.

    Those expected in none of the months are left out.
    """
    good = [state for state, mark in MARKS.items() if mark.good]
    counted = cells.group_by("organisation", "organisation_name").agg(
        (~pl.col("state").is_in([*good, measure.NOT_EXPECTED])).sum().alias("gaps"),
        (pl.col("state") != measure.NOT_EXPECTED).any().alias("expected"),
    )
    wanted = counted.filter("expected").drop("expected")
    return wanted.sort("gaps", "organisation", descending=[True, False])


def rests_on(one: Indicator, lines: pl.DataFrame) -> str:
    """Say of how many organisations the newest figure of a series is made; empty where it does not say."""
    said = lines.drop_nulls(["value", "reporting", "expected"]).sort("period")
    if said.is_empty():
        return ""
    row = said.row(-1, named=True)
    reporting, expected = row["reporting"], row["expected"]
    share = reporting / expected
    fewest = said.filter(
        pl.col("reporting") / pl.col("expected") == (pl.col("reporting") / pl.col("expected")).min()
    ).row(-1, named=True)
    text = (
        f"The figure for {wording.month(row['period'])} rests on {reporting:,.0f} of {expected:,.0f} "
        f"organisations ({wording.percent(share)})"
    )
    least = fewest["reporting"] / fewest["expected"]
    if least < share:
        text += (
            f"; the fewest were {fewest['reporting']:,.0f} of {fewest['expected']:,.0f} "
            f"({wording.percent(least)}) in {wording.month(fewest['period'])}"
        )
    text += "."
    if share < one.least_reporting:
        text += f" Under {wording.percent(one.least_reporting, 0)} there is no verdict."
    return text
