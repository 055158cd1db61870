"""The cells of the published file: which column is which, which month, what measure, and every value."""

from __future__ import annotations

import polars as pl

from pipeline.delimited import TextTable
from pipeline.reading import RefusedFile
from pipeline.sources import regions
from pipeline.sources.drd.layout import COLUMNS, LEVELS, MEANINGS, OPTIONAL, WHOLE_NUMBERS
from pipeline.sources.headers import Placed, key, place
from pipeline.sources.months import months
from pipeline.sources.values import MARKS, NUMBER, is_mark, number, refuse_cells

UNATTRIBUTED = "unattributed"
EVERYWHERE = "all"
"""The `place_code` of figures that are not of one place's residents."""

_ELSEWHERE = (*MARKS, "unknown", "not known", "other", "outside england")
_CODE = r"^[A-Z0-9]{3,9}$"
_UTLA = r"^[ENSW][0-9]{8}$"


def matched(table: TextTable) -> Placed:
    """Each column by its meaning. Raises RefusedFile naming those that are not known."""
    return place(table, COLUMNS, OPTIONAL)


def rows(placed: Placed) -> pl.DataFrame:
    """One row a published value: row, period, level, code, name, place_code, place_name, region, measure,
    published_measure, text and value (Float64, null for a mark). Raises RefusedFile.
    """
    read = [placed.cell(name) for name in COLUMNS if name in placed.places]
    text = placed.table.cells.select("row", *read)
    levels = _told(
        placed, text, "data_type", {name: LEVELS.get(key(name)) for name in text["data_type"].unique()}
    )
    found = text.select(
        "row",
        months(placed.file, placed.header("period"), text["period"], text["row"]).alias("period"),
        levels.alias("level"),
        pl.col("code").str.to_uppercase(),
        "name",
        pl.col("utla_code").str.to_uppercase().alias("place_code"),
        pl.col("utla_name").alias("place_name"),
        "region",
        pl.col("measure").alias("published_measure"),
        pl.col("measure").replace_strict(_measures(text), return_dtype=pl.String),
        pl.col("value").alias("text"),
        number(pl.col("value")).alias("value"),
    )
    return _organised(placed, _numbers(placed, found))


def _told(placed: Placed, text: pl.DataFrame, column: str, meant: dict[str, str | None]) -> pl.Series:
    unknown = sorted(word for word, meaning in meant.items() if meaning is None)
    if unknown:
        first = text.filter(pl.col(column) == unknown[0])["row"][0]
        raise RefusedFile(
            f"{placed.file}: row {first}, column '{placed.header(column)}': "
            f"'{unknown[0]}' is not known in this publication."
        )
    return text[column].replace_strict(meant, return_dtype=pl.String)


def _measures(text: pl.DataFrame) -> dict[str, str]:
    """Our short name of a measure, or the published one where it has none here."""
    return {name: MEANINGS.get(key(name), name) for name in text["measure"].unique()}


def _numbers(placed: Placed, found: pl.DataFrame) -> pl.DataFrame:
    """Only numbers and marks; counts whole and not negative; shares between 0 and 1."""
    header, shown = placed.header("value"), pl.col("text")
    value, measure = pl.col("value"), pl.col("measure")
    odd = ~is_mark(shown) & ~(shown.str.contains(NUMBER) & value.is_finite() & (value >= 0))
    refuse_cells(
        placed.file, header, found.filter(odd.fill_null(True)).select("row", "text"), "a number or a mark"
    )
    counted = measure.is_in(WHOLE_NUMBERS) & ((value != value.round()) | (value > 1e9))
    refuse_cells(placed.file, header, found.filter(counted).select("row", "text"), "a count")
    shares = measure.str.starts_with("share_") | pl.col("published_measure").str.starts_with("%")
    refuse_cells(
        placed.file, header, found.filter(shares & (value > 1)).select("row", "text"), "a fraction of 1"
    )
    return found


def _organised(placed: Placed, found: pl.DataFrame) -> pl.DataFrame:
    """`code` as the organisation's at its level, and `place_code` only where residents are meant."""
    level, code, where = pl.col("level"), pl.col("code"), pl.col("place_code")
    at_place = level.is_in(["place", "provider_in_place"])
    known_regions = {
        text: regions.region_code(text)
        for name in ("code", "name", "region")
        for text in found[name].unique()
    }
    region = pl.coalesce(
        pl.col(name).replace_strict(known_regions, default=None, return_dtype=pl.String)
        for name in ("code", "name")
    )
    elsewhere = where.str.to_lowercase().is_in(_ELSEWHERE)
    placed_at = pl.when(at_place & elsewhere).then(pl.lit(UNATTRIBUTED)).when(at_place).then(where)
    organised = found.with_columns(
        code=pl.when(level == "england")
        .then(pl.lit(regions.ENGLAND))
        .when(level == "region")
        .then(region)
        .when(level == "place")
        .then(placed_at)
        .otherwise(code),
        name=pl.when(level == "place").then(pl.col("place_name")).otherwise(pl.col("name")),
        place_code=placed_at.otherwise(pl.lit(EVERYWHERE)),
        region_code=pl.when(level.is_in(["provider", "provider_in_place"])).then(
            pl.col("region").replace_strict(known_regions, default=None, return_dtype=pl.String)
        ),
        written=pl.when(level == "place").then(where).otherwise(code),
    )
    fits = (
        pl.when(level == "place")
        .then(pl.col("code").str.contains(_UTLA) | (pl.col("code") == UNATTRIBUTED))
        .otherwise(pl.col("code").str.contains(_CODE))
    )
    faulty = organised.filter(~fits.fill_null(False)).select("row", "written")
    refuse_cells(placed.file, placed.header("code"), faulty, "an organisation's code at its level")
    at = (pl.col("level") == "provider_in_place") & ~(
        pl.col("place_code").str.contains(_UTLA) | (pl.col("place_code") == UNATTRIBUTED)
    )
    refuse_cells(
        placed.file,
        placed.header("utla_code"),
        organised.filter(at).select("row", "place_code"),
        "a local authority",
    )
    return organised.drop("written")
