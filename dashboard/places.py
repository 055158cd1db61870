"""Places as they stand on one measure, and the shapes of those whose boundaries are held."""

from datetime import date

import numpy as np
import polars as pl
import streamlit as st

from dashboard import queries
from dashboard.charts.map import Outline
from dashboard.opening import home
from warehouse import observations, organisations, records


@st.cache_data(max_entries=64, show_spinner=False)
def bases(edition: str, indicator: str) -> list[str]:
    """List the bases an indicator has figures on at places, local records first."""
    held = observations.read(home(), indicator=indicator, levels=["place"], breakdown="all")
    return sorted(held["basis"].unique())


@st.cache_data(max_entries=64, show_spinner=False)
def latest(edition: str, indicator: str, basis: str, known_on: date | None = None) -> pl.DataFrame:
    """Read every place's figures of the newest final month; with none, of the newest month with any.

    code, name, region (code), region_name, period, value, numerator, denominator, status, lower (names of its
    lower-tier authorities where it has several).
    """
    held = observations.read(
        home(), indicator=indicator, levels=["place"], breakdown="all", basis=basis, as_known_on=known_on
    ).filter(pl.col("organisation") != "unattributed")
    valued = held.drop_nulls("value")
    # Places are ranked by it: a month still filling up would rank them by how late their files are.
    final = valued.filter(pl.col("status") == "final")
    newest = (valued if final.is_empty() else final)["period"].max()
    known = queries.organisations(edition)
    places = known.filter(level="place").select("code", "name", region="parent")
    regions = organisations.read(home(), level="region").select(region="code", region_name="name")
    return (
        held.filter(pl.col("period") == newest)
        .select("period", "value", "numerator", "denominator", "status", code="organisation")
        .join(places, on="code", how="left")
        .join(regions.unique("region", keep="last"), on="region", how="left")
        .join(_lower_tiers(edition), on="code", how="left")
        .with_columns(pl.col("name").fill_null(pl.col("code")))
        .sort("name")
    )


@st.cache_data(max_entries=16, show_spinner=False)
def shapes(edition: str, codes: tuple[str, ...], every_corner: bool = False) -> dict[str, Outline]:
    """Give the outlines of those places that are held; one of several lower tiers is drawn as all of them.

    For one region `every_corner`; for the country those that the load kept for it.
    """
    held = records.scan(home(), "boundaries_authorities")
    if held is None:
        return {}
    wanted = held if every_corner else held.filter(pl.col("kept"))
    corners = wanted.select("code", "part", "ring", "corner", "longitude", "latitude").collect()
    tiers = _tiers(edition).filter(pl.col("place").is_in(codes))
    themselves = pl.DataFrame({"place": codes, "code": codes}, schema={"place": pl.String, "code": pl.String})
    drawn = (
        pl.concat([tiers.select("place", "code"), themselves])
        .unique()
        .join(corners, on="code")
        .sort("place", "code", "part", "ring", "corner")
    )
    rings = drawn.group_by("place", "code", "part", "ring", maintain_order=True).agg("longitude", "latitude")
    gap = pl.lit([None], dtype=pl.List(pl.Float64))
    lines = rings.with_columns(pl.col("longitude").list.concat(gap), pl.col("latitude").list.concat(gap))
    whole = lines.group_by("place", maintain_order=True).agg(
        pl.col("longitude", "latitude").explode(empty_as_null=False)
    )
    return {place: (east, north) for place, east, north in whole.iter_rows()}


def middles(outlines: dict[str, Outline]) -> dict[str, tuple[float, float]]:
    """Give a point inside or near each place, for what is said when it is pointed at."""
    return {
        code: _middle(np.array(east, float), np.array(north, float))
        for code, (east, north) in outlines.items()
    }


def _middle(east: np.ndarray, north: np.ndarray) -> tuple[float, float]:
    """The centre of the widest ring."""
    ends = np.flatnonzero(np.isnan(east))
    starts = np.concatenate([[0], ends[:-1] + 1])
    spans = [np.ptp(east[a:b]) * np.ptp(north[a:b]) for a, b in zip(starts, ends, strict=True)]
    at = int(np.argmax(spans))
    ring = slice(starts[at], ends[at])
    return float((east[ring].min() + east[ring].max()) / 2), float(
        (north[ring].min() + north[ring].max()) / 2
    )


def _tiers(edition: str) -> pl.DataFrame:
    held = records.scan(home(), "authority_places")
    if held is None:
        return pl.DataFrame(schema={"place": pl.String, "code": pl.String, "lower": pl.String})
    return held.select(place="place_code", code="authority_code", lower="authority_name").collect()


def _lower_tiers(edition: str) -> pl.DataFrame:
    several = _tiers(edition).filter(pl.len().over("place") > 1)
    return several.group_by(code="place").agg(pl.col("lower").sort().str.join(", "))
