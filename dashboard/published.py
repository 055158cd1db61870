"""What published figures give: which measures, at which levels, over which months; and why not the rest."""

from __future__ import annotations

import polars as pl
import streamlit as st
from sqlalchemy import func, select

from dashboard import wording
from dashboard.opening import home
from metrics.indicator import Indicator
from warehouse import frames, tables

series, observation = tables.series, tables.observation
_COLUMNS = {
    "indicator": pl.String,
    "level": pl.String,
    "organisations": pl.Int64,
    "first": pl.Date,
    "last": pl.Date,
}

NO_FIGURES = {
    "neighbourhood": "No published file gives figures for neighbourhoods, and there is no official list of "
    "them: each area draws its own. They need local records, placed by the patient's registered practice.",
    "place": "No file at hand is published by place. Discharge Ready Date files are, by the upper-tier local "
    "authority where the patient lives.",
    "ambulance_service": "Published ambulance files give context only: no measure is counted from them.",
}
"""Why published figures have nothing at a level."""


@st.cache_data(max_entries=4, show_spinner=False)
def reach(edition: str) -> pl.DataFrame:
    """Count published headline figures: indicator, level, organisations, first and last month."""
    wanted = (
        select(
            series.c.indicator,
            series.c.level,
            func.count(series.c.organisation.distinct()),
            func.min(observation.c.period),
            func.max(observation.c.period),
        )
        .join(observation, observation.c.series_id == series.c.id)
        .where(
            series.c.basis == "published",
            series.c.footprint == "today",
            series.c.breakdown == "all",
            series.c.organisation != wording.UNATTRIBUTED,
            observation.c.known_to.is_(None),
            observation.c.value.is_not(None),
        )
        .group_by(series.c.indicator, series.c.level)
    )
    with home().reading() as connection:
        return frames.fetch(connection, wanted, _COLUMNS)


@st.cache_data(max_entries=4, show_spinner=False)
def alone(edition: str) -> bool:
    """Say whether published figures are all there is: no local record was ever counted."""
    wanted = select(series.c.basis).distinct()
    with home().reading() as connection:
        return {str(row[0]) for row in connection.execute(wanted)} == {"published"}


def levels(edition: str, indicator: str) -> list[str]:
    """Name the levels at which a measure has published figures, in words."""
    held = set(reach(edition).filter(indicator=indicator)["level"])
    return [wording.many(level) for level in wording.LEVELS if level in held]


def why_not(edition: str, one: Indicator, level: str) -> str:
    """Say why published figures give nothing of a measure at a level."""
    if one.published is None:
        return one.unpublished
    given = levels(edition, one.id)
    if not given:
        feeds = wording.listing(wording.feed_title(feed).lower() for feed in one.published_feeds)
        return f"It is published, but no file of it is loaded yet: {feeds}."
    here = wording.many(level)
    if here not in given:
        return f"Published for {wording.listing(given)}, not for {here}."
    return "Published for others at this level, not for this organisation."
