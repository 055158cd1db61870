"""Which neighbourhoods make an organisation's distance to its path, and how many people that is."""

from datetime import date

import polars as pl
import streamlit as st

from dashboard import queries, wording
from dashboard.opening import home
from metrics.baseline import DEFAULT_BASELINE, first_day, month_number
from metrics.indicators import all_indicators
from metrics.parts import has_own_people, parts
from warehouse import counts, organisations

PART = "neighbourhood"
COLUMNS = dict.fromkeys(("code", "name"), pl.String) | dict.fromkeys(
    ("numerator", "denominator", "value", "behind"), pl.Float64
)


@st.cache_data(max_entries=256, show_spinner=False)
def neighbourhoods(
    edition: str, indicator: str, level: str, code: str, period: date, path: float
) -> pl.DataFrame:
    """Give what each neighbourhood adds to an organisation's distance from `path` in one month, in COLUMNS.

    `behind` is in the indicator's events: positive is short of the path; the parts sum to the whole's
    `gap_events`, and the worst comes first. From the stored counts of local records: empty where there are
    none, and for a neighbourhood itself.
    """
    one = all_indicators()[indicator]
    nothing = pl.DataFrame(schema=COLUMNS)
    if level == PART:
        return nothing
    months = [] if has_own_people(one, level, (PART,)) else _baseline()
    counted = counts.read(home(), indicator, "local", {period, *months}).collect()
    if counted.is_empty():
        return nothing
    known = organisations.read(home(), "local")
    cut = parts(one, counted, known, level, code, (PART,), period, target=path, before=None, baseline=months)
    names = queries.organisations(edition).filter(pl.col("level") == PART).select("code", "name")
    side = -1 if one.better == "higher" else 1
    name = pl.when(pl.col(PART) == wording.UNATTRIBUTED).then(pl.lit("No known neighbourhood"))
    return (
        cut.join(names.rename({"code": PART}), on=PART, how="left")
        .select(
            pl.col(PART).alias("code"),
            name.otherwise(pl.coalesce("name", PART)).alias("name"),
            "numerator",
            "denominator",
            "value",
            (side * pl.col("contribution_events")).alias("behind"),
        )
        .sort("behind", descending=True, nulls_last=True)
    )


def _baseline() -> list[date]:
    start = month_number(DEFAULT_BASELINE.start)
    numbers = pl.DataFrame({"month": range(start, start + DEFAULT_BASELINE.months)})
    return numbers.select(first_day(pl.col("month"))).to_series().to_list()
