"""Which organisations merged into which, read off the history that was carried from one to the other."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from sqlalchemy import func, select

from metrics.footprint import AS_WAS
from metrics.geography import successors
from warehouse import frames, organisations, series
from warehouse.home import Home
from warehouse.tables import observation
from warehouse.tables import series as series_table

WHOSE = ("indicator", "basis", "level", "organisation")
COLUMNS: frames.Schema = {
    **dict.fromkeys(WHOSE, pl.String),
    "period": pl.Date,
    "parts": pl.List(pl.String),
    "known_from": frames.MOMENT,
}
"""`organisation` took over from `parts`; `period` is the first whole month of it.

`known_from`: when their history was brought together here.
"""


def read(home: Home) -> pl.DataFrame:
    """Every merger that figures were carried over for, in COLUMNS, ordered."""
    whose = [series_table.c[name] for name in WHOSE]
    whole = series_table.c.breakdown == "all"
    here = select(*whose).distinct().where(whole, *series.with_figures())
    apart = (
        select(*whose, func.min(observation.c.known_from))
        .join(observation)
        .where(whole, series_table.c.footprint == AS_WAS, observation.c.known_to.is_(None))
        .group_by(*whose)
    )
    text = dict.fromkeys(WHOSE, pl.String)
    with home.reading() as connection:
        differing = frames.fetch(connection, apart, {**text, "known_from": frames.MOMENT})
        if differing.is_empty():
            return pl.DataFrame(schema=COLUMNS)
        today = frames.fetch(connection, here, text)
        ended = organisations.read(home, "published")
    parts = differing.join(today, on=WHOSE, how="anti").rename({"organisation": "part"})
    return (
        parts.join(_ends(ended), on=["level", "part"])
        .group_by(*WHOSE, "period")
        .agg(pl.col("part").unique().sort().alias("parts"), pl.col("known_from").min())
        .select(*COLUMNS)
        .sort(*WHOSE, "period")
    )


def proposed(organisation: str, row: Mapping[str, Any], reason: str) -> str:
    """The command by which somebody may start limits afresh after a merger: `row` has WHOSE and period."""
    return (
        f"targets recalculate --indicator {row['indicator']} --basis {row['basis']} --level {row['level']} "
        f'--organisation {organisation} --from {row["period"]:%Y-%m} --reason "{reason}" '
        '--author "YOUR NAME"'
    )


def _ends(organisations_: pl.DataFrame) -> pl.DataFrame:
    """level, part, organisation (who stands for it today), period of each organisation that has ended."""
    heirs = successors(organisations_.drop("source"))
    day_before = pl.col("valid_to").dt.offset_by("-1d")
    return organisations_.filter(pl.col("code").is_in(list(heirs))).select(
        "level",
        part="code",
        organisation=pl.col("code").replace_strict(heirs, default=None, return_dtype=pl.String),
        period=day_before.dt.truncate("1mo").dt.offset_by("1mo"),
    )
