"""Published figures of systems: each provider's, summed under the board that it belongs to.

As it was, a provider is under the board in force in the month; on today's footprint under its newest. One
that no list places is under `unattributed`, so that systems and unattributed add up to England.
"""

import polars as pl

from metrics.footprint import at_work
from metrics.geography import UNATTRIBUTED
from metrics.indicator import Indicator
from metrics.observations import finished
from metrics.succession import SLACK, carried

LISTED: dict[str, pl.DataType] = {
    "code": pl.String(),
    "system": pl.String(),
    "listed": pl.Date(),
    "since": pl.Date(),
}
"""Columns of lists: a provider, its board, the month of the list, and the board's first day (null: before all
figures). One row for each provider and month."""

PLACED: dict[str, pl.DataType] = LISTED | {"heir": pl.String(), "ends": pl.Date()}
"""`LISTED`, with the board that took over from the one listed, from the day it `ends`; null where it goes on.

A divided board goes on until there is a list of after its division: whom that does not place is unattributed.
"""

_CELL = ("indicator", "definition_version", "basis", "period", "breakdown", "category")


def with_heirs(listed: pl.DataFrame, successions: pl.DataFrame) -> pl.DataFrame:
    """Lists of providers' boards (LISTED) in PLACED; `successions` in `metrics.succession.SCHEMA`.

    Boards follow `decided` successions alone, though later lists still name them for units long closed.
    Raises ValueError as `metrics.succession.carried`.
    """
    boards = listed.select(code="system", last=pl.lit(None, pl.Date)).unique()
    decided = successions.filter("decided").join(boards, on="code", how="semi")
    divided = decided.group_by(system="code").agg(pl.col("heir").n_unique(), ends=pl.col("since").max())
    divided = divided.filter((pl.col("heir") > 1) & (pl.col("ends") <= listed["listed"].max()))
    whole = carried(successions.filter("decided"), boards).filter((pl.col("fraction") - 1).abs() <= SLACK)
    heirs = pl.concat(
        [
            whole.select("heir", system="code", ends="since"),
            divided.select(pl.lit(UNATTRIBUTED).alias("heir"), "system", "ends"),
        ]
    )
    return listed.join(heirs, on="system", how="left").select(*PLACED).sort("code", "listed")


def by_system(
    indicator: Indicator, as_was: pl.DataFrame, placed: pl.DataFrame, successions: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Systems as they were and on today's footprint, from providers' observations as they were.

    `placed` is in PLACED. Both come in the columns of `as_was`. Numerators and denominators are summed, and
    divided once; a provider that did not report is left out of both, and counts in `expected` alone. Where
    no provider is placed, there is no system: not even `unattributed`.
    """
    providers = as_was.filter(pl.col("level") == "provider")
    known = providers.select("period", code="organisation").unique()
    was = providers.join(_in_force(known, placed), on=["organisation", "period"], how="left")
    today = providers.join(_newest(providers, placed, successions), on="organisation", how="left")
    if today["system"].null_count() == today.height:
        return as_was.clear(), as_was.clear()
    was, today = (_summed(indicator, one).select(as_was.columns) for one in (was, today))
    return was, today


def _in_force(known: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """Each provider's board in each month: by the newest list until then, else by the first list after.

    A later list places nobody under a board that was not there yet.
    """
    lists = placed.sort("listed")
    months = known.sort("period")
    by_then, after = (
        months.join_asof(
            lists, left_on="period", right_on="listed", by="code", strategy=way, check_sortedness=False
        ).with_columns(
            system=pl.when(pl.col("ends") <= pl.col("period"))
            .then("heir")
            .when(pl.col("since").is_null() | (pl.col("since") <= pl.col("period")))
            .then("system")
        )
        for way in ("backward", "forward")
    )
    both = by_then.join(after, on=["code", "period"], suffix="_after")
    system = pl.coalesce("system", "system_after")
    return both.select("period", organisation="code", system=system, fraction=pl.lit(1.0))


def _newest(providers: pl.DataFrame, placed: pl.DataFrame, successions: pl.DataFrame) -> pl.DataFrame:
    """Each provider's newest board, or that of whoever took over from it, with what fraction goes there."""
    newest = placed.sort("listed").unique("code", keep="last")
    boards = newest.select("code", board=pl.coalesce("heir", "system"))
    moves = carried(successions, at_work(providers)).select("code", "heir", "fraction")
    itself = providers.select(code="organisation").unique().join(moves, on="code", how="anti")
    itself = itself.with_columns(heir="code", fraction=pl.lit(1.0))
    return (
        pl.concat([moves, itself])
        .join(boards.rename({"code": "heir", "board": "of_heir"}), on="heir", how="left")
        .join(boards, on="code", how="left")
        .select("fraction", organisation="code", system=pl.coalesce("of_heir", "board"))
    )


def _summed(indicator: Indicator, providers: pl.DataFrame) -> pl.DataFrame:
    """Providers' observations, each with its `system` and `fraction`, as observations of systems."""
    there = pl.col("numerator").is_not_null()
    parts = {name: (pl.col(name) * pl.col("fraction")).filter(there) for name in ("numerator", "denominator")}
    sums = (
        providers.group_by(*_CELL, organisation=pl.col("system").fill_null(UNATTRIBUTED))
        .agg(
            *(pl.when(part.count() > 0).then(part.sum()).alias(name) for name, part in parts.items()),
            reporting=pl.col("organisation").filter(there).n_unique().cast(pl.Float64),
            expected=pl.col("organisation").n_unique().cast(pl.Float64),
        )
        .filter(pl.col("reporting") > 0)
        .with_columns(
            pl.lit("system").alias("level"), *(pl.lit(None, pl.Float64).alias(name) for name in _CHECKED)
        )
    )
    return finished(indicator, sums, "published", None)


_CHECKED = ("valid", "eligible")
"""Completeness of local records, which published figures have none of."""
