"""Coverage, read from observations: who reported in each month, of whom; and England's fixed panel."""

from datetime import date, datetime

import polars as pl

from metrics import coverage as measure
from metrics.indicator import Indicator
from metrics.observations import ENGLAND
from warehouse import observations, organisations
from warehouse.home import Home

CELLS = (
    *("indicator", "definition_version", "basis", "level", "organisation", "organisation_name"),
    *("period", "state"),
)
MONTHS = (
    *("indicator", "definition_version", "basis", "level", "period"),
    *("expected", "reported", "not_reported", "missing", "share", "verdict"),
    *("england_reporting", "england_expected", "england_share"),
)
"""`england_*`: how many organisations England's own figure is made of, and of how many, as it says itself; of
Discharge Ready Date figures those are the published trusts with acceptable data."""


def matrix(
    home: Home,
    indicator: Indicator,
    basis: str,
    level: str,
    start: date | None = None,
    end: date | None = None,
    as_known_on: date | datetime | None = None,
) -> pl.DataFrame:
    """Every organisation and month of a level, in CELLS; who is expected is told from all months held."""
    held = _read(home, indicator, [level], basis, as_known_on)
    cells = measure.matrix(held, _closings(home, level))
    names = held.group_by("organisation").agg(pl.col("organisation_name").last())
    stated = {"indicator": indicator.id, "definition_version": indicator.version}
    stated |= {"basis": basis, "level": level}
    return (
        _within(cells, start, end)
        .join(names, on="organisation", how="left")
        .with_columns(pl.lit(value).alias(name) for name, value in stated.items())
        .select(CELLS)
        .sort("organisation", "period")
    )


def by_month(
    home: Home,
    indicator: Indicator,
    basis: str,
    level: str,
    start: date | None = None,
    end: date | None = None,
    as_known_on: date | datetime | None = None,
) -> pl.DataFrame:
    """Who reported of whom, month by month, in MONTHS."""
    cells = matrix(home, indicator, basis, level, start, end, as_known_on)
    england = england_reach(home, indicator, basis, as_known_on)
    counted = measure.by_month(cells, indicator).join(england, on="period", how="left")
    stated = {"indicator": indicator.id, "definition_version": indicator.version}
    stated |= {"basis": basis, "level": level}
    return counted.with_columns(pl.lit(value).alias(name) for name, value in stated.items()).select(MONTHS)


def england_reach(
    home: Home, indicator: Indicator, basis: str, as_known_on: date | datetime | None = None
) -> pl.DataFrame:
    """Of how many organisations England's figure of each month is made: period, england_*."""
    held = _read(home, indicator, ["england"], basis, as_known_on)
    return held.filter(pl.col("organisation") == ENGLAND).select(
        "period",
        england_reporting="reporting",
        england_expected="expected",
        england_share=pl.col("reporting") / pl.col("expected"),
    )


def panel(
    home: Home,
    indicator: Indicator,
    basis: str,
    start: date | None = None,
    end: date | None = None,
    as_known_on: date | datetime | None = None,
) -> pl.DataFrame:
    """The providers with a figure in every month of the window, beside England: `metrics.coverage.PANEL`."""
    held = _within(_read(home, indicator, ["england", "provider"], basis, as_known_on), start, end)
    england = held.filter(pl.col("level") == "england", pl.col("organisation") == ENGLAND)
    return measure.fixed_panel(held.filter(pl.col("level") == "provider"), england, indicator)


def _read(
    home: Home, indicator: Indicator, levels: list[str], basis: str, as_known_on: date | datetime | None
) -> pl.DataFrame:
    """The headline observations of the definition in force."""
    held = observations.read(home, indicator.id, levels, basis=basis, as_known_on=as_known_on)
    return held.filter(pl.col("definition_version") == indicator.version)


def _closings(home: Home, level: str) -> pl.DataFrame:
    """When each organisation of a level closed; null where one of its rows is still in force."""
    rows = organisations.read(home, level=level)
    closed = pl.when(pl.col("valid_to").is_not_null().all()).then(pl.col("valid_to").max())
    return rows.group_by(pl.col("code").alias("organisation")).agg(closed.alias("closed"))


def _within(cells: pl.DataFrame, start: date | None, end: date | None) -> pl.DataFrame:
    if start is not None:
        cells = cells.filter(pl.col("period") >= start)
    return cells if end is None else cells.filter(pl.col("period") <= end)
