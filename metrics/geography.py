"""Where a count belongs: practice -> neighbourhood by date, and each organisation's place on today's map."""

from datetime import date

import polars as pl

UNATTRIBUTED = "unattributed"
FEEDS = ("organisations", "neighbourhood_map")
"""Feeds that every local count is attributed by."""
LADDER = ("neighbourhood", "place", "system", "region")
"""Population levels below England, smallest first. A level between two of these is climbed through."""


def change_dates(neighbourhood_map: pl.DataFrame) -> list[date]:
    """Dates inside a month on which the practice map changes: counting splits those months there."""
    dates = pl.concat([neighbourhood_map["valid_from"], neighbourhood_map["valid_to"]])
    return sorted(one for one in dates.drop_nulls().unique() if one.day != 1)


def attribute(counts: pl.DataFrame, neighbourhood_map: pl.DataFrame) -> pl.DataFrame:
    """Counts by practice and segment -> counts by `neighbourhood_code`: the finest grain that is stored.

    A practice takes the neighbourhood whose interval (`valid_from` in, `valid_to` out) holds the segment's
    first day; where intervals overlap, the one that began last; where none holds, `unattributed`.
    """
    segments = counts.select("practice_code", "segment").unique()
    chosen = (
        segments.join(neighbourhood_map, on="practice_code")
        .filter(
            pl.col("valid_from") <= pl.col("segment"),
            pl.col("valid_to").is_null() | (pl.col("segment") < pl.col("valid_to")),
        )
        .sort("valid_from", "neighbourhood_code", descending=True)
        .unique(["practice_code", "segment"], keep="first", maintain_order=True)
        .select("practice_code", "segment", "neighbourhood_code")
    )
    placed = counts.join(chosen, on=["practice_code", "segment"], how="left").with_columns(
        pl.col("neighbourhood_code").fill_null(UNATTRIBUTED)
    )
    numbers = ("numerator", "denominator", "valid", "eligible")
    keys = [name for name in placed.columns if name not in (*numbers, "practice_code", "segment")]
    sums = [pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in numbers]
    people = pl.col("numerator").is_null()
    return placed.group_by(*keys, people.alias("people")).agg(sums).drop("people")


def successors(organisations: pl.DataFrame) -> dict[str, str]:
    """Each closed organisation's code -> the code that stands for it today, chains followed.

    Raises ValueError where a chain runs in a circle.
    """
    closed = _latest(organisations).filter(pl.col("successor").is_not_null())
    step: dict[str, str] = dict(closed.select("code", "successor").iter_rows())
    today: dict[str, str] = {}
    for code, first in step.items():
        seen, heir = {code}, first
        while heir in step:
            if heir in seen:
                raise ValueError(f"successions run in a circle at {heir}")
            seen.add(heir)
            heir = step[heir]
        today[code] = heir
    return today


def ladder(organisations: pl.DataFrame) -> pl.DataFrame:
    """One row for each organisation: `code`, and the code it stands under at each level of `LADDER`.

    History is shown on today's footprints: the open (else latest) row of each organisation, successors for
    closed ones. A rung that cannot be reached is `unattributed`.
    """
    latest = _latest(organisations).select("code", "level", "parent")
    known = {code: (level, parent) for code, level, parent in latest.iter_rows()}
    heirs = successors(organisations)
    rows = []
    for code in known:
        rungs = dict.fromkeys(LADDER, UNATTRIBUTED)
        at: str | None = heirs.get(code, code)
        for _ in range(len(known)):
            if at not in known:
                break
            level, parent = known[at]
            if at and level in rungs:
                rungs[level] = at
            at = heirs.get(parent, parent) if parent else None
        rows.append({"code": code, **rungs})
    return pl.DataFrame(rows, schema=dict.fromkeys(("code", *LADDER), pl.String))


def _latest(organisations: pl.DataFrame) -> pl.DataFrame:
    """One row for each code: the open one, else the one that closed last."""
    return organisations.sort(pl.col("valid_to").fill_null(date.max), "valid_from").unique(
        "code", keep="last", maintain_order=True
    )
