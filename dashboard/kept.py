"""Keep what was worked out of a frame until the frame is another, shared by every session.

Streamlit's own hash of a Polars frame reads its first and last ten rows only: two frames that differ in the
middle would answer for each other.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import polars as pl
import streamlit as st

P = ParamSpec("P")
R = TypeVar("R")


def contents(frame: pl.DataFrame) -> tuple[str, bytes]:
    """Give what tells a frame from every other: its columns and types, and each of its rows."""
    return str(frame.schema), frame.hash_rows(seed=0).to_numpy().tobytes()


def kept(entries: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the last `entries` answers of a function. What it gives is shared: nobody may change it."""
    return st.cache_resource(max_entries=entries, show_spinner=False, hash_funcs={pl.DataFrame: contents})
