"""Cached reads of reconciliation: files' own checks, and local records beside published figures."""

import polars as pl
import streamlit as st

from dashboard.names import readable
from dashboard.opening import home
from metrics.indicators import all_indicators
from metrics.reconciliation import AGREES, CANNOT, DIFFERS
from warehouse import reconciliation

RULES = list(reconciliation.CHECKS)
"""Findings that are told as checks, and not as rows noted."""

OUTCOMES = {AGREES: "✔ Agrees", DIFFERS: "✖ Differs", CANNOT: "– Cannot compare"}


@st.cache_data(max_entries=4, show_spinner=False)
def checks(edition: str) -> pl.DataFrame:
    """Read what files' own checks found: `warehouse.reconciliation.FOUND`."""
    return reconciliation.checks(home())


@st.cache_data(max_entries=4, show_spinner=False)
def differences(edition: str) -> pl.DataFrame:
    """Read providers' local records beside published figures: `warehouse.reconciliation.COLUMNS`."""
    found = pl.concat(
        reconciliation.differences(home(), one)
        for one in all_indicators().values()
        if one.published and one.role == "target"
    )
    return found.with_columns(readable(pl.col("organisation_name")))


def by_month(compared: pl.DataFrame) -> pl.DataFrame:
    """Count outcomes by indicator and month, the newest first, with the difference furthest from nought.

    indicator, period, agree, differ, cannot, difference, denominator_difference, organisation_name (whose).
    """
    outcome = pl.col("outcome")
    furthest = pl.col("difference").abs().fill_null(-1.0)
    return (
        compared.sort(furthest)
        .group_by("indicator", "period")
        .agg(
            (outcome == AGREES).sum().alias("agree"),
            (outcome == DIFFERS).sum().alias("differ"),
            (outcome == CANNOT).sum().alias("cannot"),
            pl.col("difference", "denominator_difference", "organisation_name", "organisation").last(),
        )
        .sort("indicator", "period", descending=[False, True])
    )
