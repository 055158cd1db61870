"""Cached receipts of figures, and addresses that open them."""

import json
from datetime import date
from typing import Any
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from dashboard.opening import home
from data_contracts.held import COLUMNS as RULES
from data_contracts.held import rules_held
from metrics.indicators import all_indicators
from warehouse import receipts
from warehouse.receipts import Point, Receipt

PAGE = "receipt"
MONTH = "month"


@st.cache_data(max_entries=64, show_spinner=False)
def read(
    edition: str,
    indicator: str,
    level: str,
    organisation: str,
    basis: str,
    period: date,
    breakdown: str = "all",
    category: str = "all",
    known_on: date | None = None,
) -> Receipt | None:
    """Read one figure's receipt; None where there is no such figure."""
    point = Point(
        indicator=indicator,
        level=level,
        organisation=organisation,
        period=period,
        basis=basis,
        breakdown=breakdown,
        category=category,
        as_known_on=known_on,
    )
    return receipts.read(home(), all_indicators()[indicator], point)


def rules(receipt: Receipt) -> pl.DataFrame:
    """List every rule that the figure's files were held to, in `data_contracts.held.COLUMNS`."""
    feeds = receipt.files["feed"].unique(maintain_order=True).to_list()
    held = [rules_held(feed, receipt.findings.filter(pl.col("feed") == feed)) for feed in feeds]
    return pl.concat(held) if held else pl.DataFrame(schema=RULES)


def as_json(receipt: Receipt) -> bytes:
    """Write the whole receipt, rules included, as `targets receipt` does."""
    whole = {**receipts.plain(receipt), "rules": rules(receipt).to_dicts()}
    return json.dumps(whole, indent=2, ensure_ascii=False).encode()


def link(words: str, period: date, view: dict[str, Any]) -> str:
    """Write a Markdown link to the receipt of one month of a view (`address.kept()`)."""
    asked = urlencode({**view, MONTH: f"{period:%Y-%m}"})
    return f'[{words}]({PAGE}?{asked} "Its receipt. Opens a new tab.")'
