"""One row an organisation and month -> one row an item, and the organisations named."""

from __future__ import annotations

from datetime import date

import polars as pl

from pipeline.reading import RefusedFile
from pipeline.sources import regions
from pipeline.sources.ambsys.layout import ITEMS
from pipeline.sources.headers import Placed
from pipeline.sources.newest_names import newest_names
from pipeline.sources.values import MARKS, refuse_cells

MISSING = (*MARKS, ".")
_COUNT = r"^[0-9]{1,15}$"
_CODE = r"^[A-Z0-9]{3,6}$"


def rows(placed: Placed) -> pl.DataFrame:
    """One row an organisation and month: row, period, level, code, name, region_code, items (Int64)."""
    items = [item for item in ITEMS if item in placed.places]
    text = placed.table.cells.select(
        "row", *(placed.cell(name) for name in ("year", "month", "region", "code", "name", *items))
    )
    months = _months(placed, text)
    odd = {
        item: ~pl.col(item).str.to_lowercase().is_in(MISSING) & ~pl.col(item).str.contains(_COUNT)
        for item in items
    }
    # One pass over some 150 columns finds the few at fault, if any.
    found = text.select(one.any().alias(item) for item, one in odd.items()).row(0, named=True)
    for item in (one for one in items if found[one]):
        faulty = text.filter(odd[item]).select("row", item)
        refuse_cells(placed.file, placed.header(item), faulty, "a count")
    known = {name: regions.region_code(name) for name in {*text["code"], *text["region"]}}
    code = pl.col("code").str.to_uppercase()
    region = pl.col("region").replace_strict(known, return_dtype=pl.String)
    named = text.with_columns(
        months,
        pl.when(pl.col("code").str.to_lowercase() == "eng")
        .then(pl.lit("england"))
        .when(pl.col("code").is_in(list(regions.REGIONS)))
        .then(pl.lit("region"))
        .otherwise(pl.lit("ambulance_service"))
        .alias("level"),
        region_code=region,
        code=pl.when(code == "ENG").then(pl.lit(regions.ENGLAND)).otherwise(code),
    )
    service = pl.col("level") == "ambulance_service"
    odd_code = named.filter(service & ~pl.col("code").str.contains(_CODE)).select("row", "code")
    refuse_cells(placed.file, placed.header("code"), odd_code, "an organisation's code")
    odd_region = named.filter((pl.col("level") != "england") & pl.col("region_code").is_null())
    refuse_cells(placed.file, placed.header("region"), odd_region.select("row", "region"), "a region")
    apart = named.filter((pl.col("level") == "region") & (pl.col("region_code") != pl.col("code")))
    refuse_cells(placed.file, placed.header("code"), apart.select("row", "code"), "its row's region")
    return named.select(
        "row",
        "period",
        "level",
        "code",
        "name",
        pl.when(pl.col("level") != "england").then("region_code"),
        pl.col(items).cast(pl.Int64, strict=False),
    )


def _months(placed: Placed, text: pl.DataFrame) -> pl.Series:
    found: list[date] = []
    for row, year, month in text.select("row", "year", "month").iter_rows():
        whole = year.isascii() and year.isdigit() and month.isascii() and month.isdigit()
        if not whole or not 2000 <= int(year) < 2100 or not 1 <= int(month) <= 12:
            columns = f"columns '{placed.header('year')}' and '{placed.header('month')}'"
            raise RefusedFile(
                f"{placed.file}: row {row}, {columns}: '{year}' and '{month}' are not a year and a month."
            )
        found.append(date(int(year), int(month), 1))
    return pl.Series("period", found, dtype=pl.Date)


def long(wide: pl.DataFrame) -> pl.DataFrame:
    """The feed's frame: a row for each item, null where it is missing."""
    index = ["period", "level", "code", "name", "region_code"]
    items = [item for item in ITEMS if item in wide.columns]
    return (
        wide.unpivot(items, index=index, variable_name="item", value_name="value")
        .rename({"code": "organisation_code", "name": "organisation_name"})
        .sort("period", "level", "organisation_code")
    )


def organisations(held: pl.DataFrame) -> pl.DataFrame:
    """Every region and ambulance service, by its newest name, as the feed `organisations`."""
    above = pl.when(pl.col("level") == "region").then(pl.lit(regions.ENGLAND)).otherwise("region_code")
    return newest_names(held.filter(pl.col("level") != "england"), above)
