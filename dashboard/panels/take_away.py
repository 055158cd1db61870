"""Rows taken away as they are shown: as CSV for a spreadsheet, as Parquet for an analyst."""

import polars as pl
import streamlit as st

from dashboard import compared


def offer(rows: pl.DataFrame, name: str) -> None:
    """Offer rows under a file's name, in full precision, as CSV and as Parquet."""
    with st.container(horizontal=True):
        st.download_button(
            "Download as CSV",
            rows.write_csv().encode("utf-8-sig"),
            file_name=f"{name}.csv",
            mime="text/csv",
            on_click="ignore",
        )
        st.download_button(
            "Download as Parquet",
            compared.as_parquet(rows),
            file_name=f"{name}.parquet",
            mime="application/vnd.apache.parquet",
            on_click="ignore",
        )
