"""Rows taken away as they are shown: as CSV for a spreadsheet, as Parquet for an analyst."""

import polars as pl
import streamlit as st

from dashboard import taken_away


def offer(rows: pl.DataFrame, name: str, what: str = "") -> None:
    """Offer rows under a file's name, in full precision, as CSV and as Parquet.

    `what` tells them apart on a page that offers more than one table: "the months".
    """
    words = f"Download {what} as" if what else "Download as"
    with st.container(horizontal=True):
        st.download_button(
            f"{words} CSV",
            rows.write_csv().encode("utf-8-sig"),
            file_name=f"{name}.csv",
            mime="text/csv",
            on_click="ignore",
        )
        st.download_button(
            f"{words} Parquet",
            taken_away.as_parquet(rows),
            file_name=f"{name}.parquet",
            mime="application/vnd.apache.parquet",
            on_click="ignore",
        )
