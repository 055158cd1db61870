"""Cached reads of figures. Every read carries the edition, so that a refresh shows at once.

All frames are Polars. Nothing here counts: figures arrive ready from the pipeline.
"""

from datetime import date, datetime
from typing import Any

import polars as pl
import streamlit as st
from sqlalchemy import func, select

from dashboard.kept import kept
from dashboard.names import readable
from dashboard.opening import home
from metrics.footprint import AS_WAS, TODAY
from metrics.indicators import all_indicators
from metrics.trajectory import targets_for
from warehouse import frames, notes, observations, plans, tables
from warehouse import mergers as merger_store
from warehouse import signals as signal_store
from warehouse.moments import as_known_at
from warehouse.series import with_figures

series, organisation = tables.series, tables.organisation


@kept(8)
def organisations(edition: str, footprint: str = TODAY) -> pl.DataFrame:
    """List every organisation with figures (level, code, name, parent, published_name, bases), local first.

    The name is the newest, and `published_name` that of published files; the parent is the one in force last.
    On the footprint "as_was" those that were merged into others since are there too.
    """
    held = select(series.c.level, series.c.organisation, series.c.basis).distinct()
    held = held.where(series.c.breakdown == "all", *with_figures(TODAY, footprint))
    columns = ("source", "level", "code", "name", "parent", "valid_from")
    named = select(*(organisation.c[name] for name in columns))
    with home().reading() as connection:
        text = dict.fromkeys(("level", "code", "basis"), pl.String)
        have = frames.fetch(connection, held, text)
        names = frames.fetch(
            connection,
            named,
            dict.fromkeys(("basis", "level", "code", "name", "parent"), pl.String) | {"valid_from": pl.Date},
        )
    # Local names first: they carry the parents that pages walk up and down by.
    newest = (
        names.sort(pl.col("basis") == "published", pl.col("valid_from"), descending=[False, True])
        .group_by("level", "code", maintain_order=True)
        .agg(
            pl.col("name").first(),
            pl.col("parent").drop_nulls().first(),
            pl.col("name").filter(pl.col("basis") == "published").first().alias("published_name"),
        )
    )
    return (
        have.group_by("level", "code")
        .agg(pl.col("basis").sort().alias("bases"))
        .join(newest, on=["level", "code"], how="left")
        .with_columns(readable(pl.col("name", "published_name")))
        .with_columns(pl.col("name").fill_null(pl.col("code")))
        .sort("level", ~pl.col("bases").list.contains("local"), "name", "code")
    )


@st.cache_data(max_entries=64, show_spinner=False)
def indicators_with_figures(
    edition: str, level: str, code: str | None = None, footprint: str = TODAY
) -> list[str]:
    """List the ids of indicators that have figures at a level, or at one organisation of it."""
    wanted = select(series.c.indicator).where(series.c.level == level, *with_figures(TODAY, footprint))
    if code is not None:
        wanted = wanted.where(series.c.organisation == code)
    with home().reading() as connection:
        held = {row[0] for row in connection.execute(wanted.distinct())}
    return [one for one in all_indicators() if one in held]


@st.cache_data(max_entries=256, show_spinner=False)
def bases(
    edition: str, level: str, code: str, indicator: str | None = None, footprint: str = TODAY
) -> list[str]:
    """List the bases an organisation has figures on, local records first."""
    whose = (series.c.level == level, series.c.organisation == code)
    wanted = select(series.c.basis).where(*whose, *with_figures(TODAY, footprint))
    if indicator is not None:
        wanted = wanted.where(series.c.indicator == indicator)
    with home().reading() as connection:
        return sorted(row[0] for row in connection.execute(wanted.distinct()))


@st.cache_data(max_entries=64, show_spinner=False)
def bases_of(edition: str, level: str, indicator: str) -> list[str]:
    """List the bases a measure has figures on at a level, local records first."""
    whose = (series.c.level == level, series.c.indicator == indicator)
    wanted = select(series.c.basis).where(*whose, *with_figures())
    with home().reading() as connection:
        return sorted(row[0] for row in connection.execute(wanted.distinct()))


@st.cache_data(max_entries=256, show_spinner=False)
def breakdowns(edition: str, level: str, code: str, indicator: str, footprint: str = TODAY) -> list[str]:
    """List the breakdowns that an indicator has figures by, at one organisation."""
    whose = (series.c.indicator == indicator, series.c.level == level, series.c.organisation == code)
    wanted = select(series.c.breakdown).where(*whose, *with_figures(TODAY, footprint))
    with home().reading() as connection:
        return sorted(row[0] for row in connection.execute(wanted.distinct()))


@st.cache_data(max_entries=256, show_spinner=False)
def differs(edition: str, indicator: str, level: str, code: str, basis: str) -> bool:
    """Say whether an organisation's figures were others before organisations merged."""
    whose = (series.c.indicator == indicator, series.c.level == level, series.c.organisation == code)
    held = (tables.observation.c.series_id == series.c.id, tables.observation.c.known_to.is_(None))
    there = select(tables.observation.c.series_id).where(*held).exists()
    wanted = select(series.c.id).where(*whose, series.c.basis == basis, series.c.footprint == AS_WAS, there)
    with home().reading() as connection:
        return connection.execute(wanted.limit(1)).first() is not None


@kept(256)
def history(
    edition: str,
    indicator: str | None,
    level: str,
    codes: tuple[str, ...],
    breakdown: str,
    basis: str,
    known_on: date | None = None,
    footprint: str = TODAY,
) -> pl.DataFrame:
    """Read observations in the columns of `warehouse.observations.COLUMNS`, oldest month first.

    Names are written as people write them.
    """
    found = observations.read(
        home(),
        indicator=indicator,
        levels=[level],
        organisations=codes,
        breakdown=breakdown,
        basis=basis,
        as_known_on=known_on,
        footprint=footprint,
    ).sort("organisation", "category", "period")
    held = found.select("organisation_name").unique().drop_nulls()
    written = held.select(readable(pl.col("organisation_name"))).to_series()
    return found.with_columns(pl.col("organisation_name").replace(held.to_series(), written))


@kept(8)
def mergers(edition: str) -> pl.DataFrame:
    """List what merged into what: `warehouse.mergers.COLUMNS`."""
    return merger_store.read(home())


@kept(256)
def to_deadline(
    edition: str, indicator: str, lines: pl.DataFrame, known_on: date | None = None
) -> pl.DataFrame:
    """Carry each series on to its deadline: the months held, then target and path alone.

    `lines` is `history` of one indicator. Adds months only; the values are untouched.
    """
    declared = all_indicators()[indicator]
    ahead = targets_for(declared, lines, plan=plan(edition, indicator, known_on))
    if ahead.is_empty():
        return lines
    keys = ["indicator", "definition_version", "basis", "level", "organisation", "breakdown", "category"]
    return (
        lines.drop("target", "path")
        .join(ahead, on=[*keys, "period"], how="full", coalesce=True, nulls_equal=True)
        .with_columns(pl.col("organisation_name").forward_fill().backward_fill().over("organisation"))
        .sort("organisation", "category", "period")
    )


@st.cache_data(max_entries=128, show_spinner=False)
def signals(edition: str, level: str, code: str, basis: str) -> dict[str, dict[str, Any]]:
    """Read one organisation's headline signals by indicator, as the last refresh wrote them."""
    found = signal_store.read(home(), levels=[level], organisations=[code], basis=basis)
    return {row["indicator"]: row for row in found.iter_rows(named=True)}


@kept(64)
def plan(edition: str, indicator: str, known_on: date | None = None) -> pl.DataFrame:
    """Read organisations' own plans for an indicator: level, organisation, period, value."""
    held = plans.read(home(), indicator, past=known_on is not None)
    if known_on is not None:
        moment = as_known_at(known_on)
        replaced = pl.col("known_to").is_null() | (pl.col("known_to") > moment)
        held = held.filter(pl.col("known_from") <= moment, replaced)
    return held.select("level", "organisation", "period", "value")


def said(indicator: str) -> pl.DataFrame:
    """Read every note about an indicator, withdrawn ones too: people's, so maybe newer than the refresh."""
    return notes.read(home(), indicator, past=True)


def recalculations(indicator: str, known_on: date | None = None) -> pl.DataFrame:
    """Read where limits start afresh, now or as it stood at the end of a day."""
    return notes.in_force(said(indicator), known_on).filter(pl.col("kind") == notes.RECALCULATION)


@st.cache_data(max_entries=8, show_spinner=False)
def first_known(edition: str) -> date | None:
    """Give the first day on which any figure was known; None with no figures."""
    with home().reading() as connection:
        moment: datetime | None = connection.execute(
            select(func.min(tables.observation.c.known_from))
        ).scalar()
    return moment.date() if moment else None
