"""Acute discharge situation report, monthly (NHS England, long CSV) -> the feed `discharge_sitrep`.

One published row is a metric of one organisation: England, a region, a system or a provider. Numbers of
patients are in `frame`; percentages and averages, which are never added up, in the companion
`discharge_sitrep_rates`. Two layouts: eight columns to May 2024, ten after (`Metric Type`, `Metric Group`).
Metrics are kept under their published names, which change; their spaces are made ordinary ones.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipeline.delimited import TextTable
from pipeline.holdings import PART
from pipeline.reading import RefusedFile
from pipeline.sources import regions
from pipeline.sources.headers import Placed, key, known, place
from pipeline.sources.months import months
from pipeline.sources.newest_names import newest_names
from pipeline.sources.published import Notice, Published
from pipeline.sources.values import FAULTS_NAMED, NUMBER, is_mark, number, refuse_cells

__all__ = ["FEED", "RATES", "claims", "organisations", "read"]

FEED = "discharge_sitrep"
RATES = "discharge_sitrep_rates"
COLUMNS: dict[str, tuple[str, ...]] = {
    "period": ("period", "date", "month"),
    "level": ("level",),
    "region": ("region",),
    "system": ("icb",),
    "code": ("org code", "organisation code"),
    "name": ("org name", "organisation name"),
    "metric": ("metric",),
    "metric_type": ("metric type",),
    "metric_group": ("metric group",),
    "value": ("value",),
}
OPTIONAL = ("metric_type", "metric_group")
LEVELS = {
    "national": "england",
    "england": "england",
    "region": "region",
    "regional": "region",
    "icb": "system",
    "provider": "provider",
    "trust": "provider",
}
# A level that adds up to less than this share of England has lost rows.
LEAST = 0.9
_CODE = r"^[A-Z0-9]{3,9}$"
# What is counted is added up; a share, a mean or a median is not.
_COUNTED = r"(?i)^(total )?number of "
_NOT_COUNTED = r"(?i)average|median|mean|percent|proportion|per 1"


def claims(columns: Sequence[str]) -> bool:
    """Whether a file with these headers means to be this publication (it may still be refused)."""
    found = known(columns, COLUMNS)
    return len(found) >= 6 and bool(found & {"metric", "metric_group"})


def read(table: TextTable) -> Published:
    """The file as tidy frames. Raises RefusedFile with a sentence for each fault."""
    placed = place(table, COLUMNS, OPTIONAL)
    rows = _rows(placed)
    _once(placed.file, rows)
    counted = pl.col("metric").str.contains(_COUNTED) & ~pl.col("metric").str.contains(_NOT_COUNTED)
    part = rows.filter(counted & (pl.col("value") != pl.col("value").round())).select("row", "text")
    refuse_cells(placed.file, placed.header("value"), part, "a count")
    index = (
        "period", "level", "organisation_code", "organisation_name", "region_code", "metric", "metric_group",
    )  # fmt: skip
    frame = rows.filter(counted).select(*index, pl.col("value").cast(pl.Int64))
    if frame.is_empty():
        raise RefusedFile(f"{placed.file}: it has no metric that is a number of patients.")
    rates = rows.filter(~counted).select(*index, "value")
    periods = tuple(sorted(frame["period"].unique()))
    notices = _sums(frame)
    return Published(
        FEED,
        periods,
        frame.sort("period", "metric", "level", "organisation_code"),
        companions={RATES: rates},
        notices=(*placed.notices, *notices),
        part=any(notice.rule == PART for notice in notices),
    )


def organisations(held: pl.DataFrame) -> pl.DataFrame:
    """Every region, system and provider, each by its newest name, as the feed `organisations`."""
    above = pl.when(pl.col("level") == "region").then(pl.lit(regions.ENGLAND)).otherwise("region_code")
    named = held.filter(pl.col("level") != "england")
    return newest_names(named, above.fill_null(regions.ENGLAND))


def _rows(placed: Placed) -> pl.DataFrame:
    text = placed.table.cells.select("row", *(placed.cell(name) for name in placed.places))
    if "metric_group" not in text.columns:
        text = text.with_columns(metric_group=pl.lit(None, dtype=pl.String))
    levels = {name: LEVELS.get(key(name)) for name in text["level"].unique()}
    where = {name: regions.region_code(name) for name in {*text["region"], *text["code"]}}
    level, code = pl.col("level"), pl.col("code").str.to_uppercase()
    odd = text.filter(level.is_in([name for name, meant in levels.items() if meant is None]))
    refuse_cells(
        placed.file, placed.header("level"), odd.select("row", "level"), "a level of this publication"
    )
    rows = text.with_columns(
        months(placed.file, placed.header("period"), text["period"], text["row"]),
        level.replace_strict(levels, return_dtype=pl.String),
    ).with_columns(
        organisation_code=pl.when(level == "england")
        .then(pl.lit(regions.ENGLAND))
        .when(level == "region")
        .then(pl.col("code").replace_strict(where, return_dtype=pl.String))
        .otherwise(code),
        organisation_name=pl.when(level == "england").then(pl.lit("England")).otherwise("name"),
        region_code=pl.when(level != "england").then(
            pl.col("region").replace_strict(where, return_dtype=pl.String)
        ),
        text="value",
        value=number(pl.col("value")),
    )
    fits = pl.col("organisation_code").str.contains(_CODE).fill_null(False)
    refuse_cells(
        placed.file, placed.header("code"), rows.filter(~fits).select("row", "code"), "a code at its level"
    )
    shown, value = pl.col("text"), pl.col("value")
    odd_value = ~is_mark(shown) & ~(
        shown.str.contains(NUMBER) & value.is_finite() & (value >= 0) & (value < 1e12)
    )
    faulty = rows.filter(odd_value.fill_null(True)).select("row", "text")
    refuse_cells(placed.file, placed.header("value"), faulty, "a number or a mark")
    blank = rows.filter(pl.col("metric") == "").select("row", "metric")
    refuse_cells(placed.file, placed.header("metric"), blank, "a metric")
    return rows


def _once(file: str, rows: pl.DataFrame) -> None:
    key_of = ["period", "level", "organisation_code", "metric"]
    doubled = rows.group_by(key_of, maintain_order=True).agg("row").filter(pl.col("row").list.len() > 1)
    faults = [
        f"{file}: '{metric}' of {code} stands in rows {' and '.join(map(str, where))}, not once."
        for _, _, code, metric, where in doubled.iter_rows()
    ]
    if faults:
        raise RefusedFile(*faults[:FAULTS_NAMED])


def _sums(frame: pl.DataFrame) -> list[Notice]:
    """Whether each level adds up to England, where all of it is published."""
    national = frame.filter(level="england").select("period", "metric", england="value")
    sums = (
        frame.filter(pl.col("level") != "england")
        .group_by("period", "level", "metric")
        .agg(pl.col("value").sum(), whole=pl.col("value").null_count() == 0)
        .join(national, on=["period", "metric"], how="left")
        .sort("period", "level", "metric")
    )
    notices = []
    for (period, level), metrics in sums.group_by("period", "level", maintain_order=True):
        wrong = metrics.filter(pl.col("whole") & (pl.col("value") != pl.col("england")).fill_null(True))
        if wrong.is_empty():
            notices.append(
                Notice(f"{level}_sum_holds", f"{period:%B %Y}: {level} figures add up.", metrics.height)
            )
            continue
        metric, ours, said = wrong.select("metric", "value", "england").row(0)
        england = "nothing" if said is None else f"{said:,}"
        reason = (
            f"{period:%B %Y}: {level} figures of {wrong.height} metric(s) do not add up to England's, as "
            f"where rows are missing: '{metric}' is {ours:,} in all where England has {england}."
        )
        notices.append(Notice(f"{level}_sum_differs", reason, wrong.height, "Value", "warning"))
    absent = {"system", "provider"} - set(frame["level"])
    short = sums.filter(pl.col("whole") & (pl.col("value") < LEAST * pl.col("england")))
    if absent or short.height:
        lacks = sorted(absent) or ["every " + " and ".join(short["level"].unique().sort())]
        reason = f"It has no figures by {' or '.join(lacks)}: it may be a part of a file."
        notices.append(Notice(PART, reason, frame.height, "Level", "warning"))
    return notices
