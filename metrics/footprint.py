"""Published history on today's footprint: each organisation with all that became part of it.

As it was, an observation stands at the organisation that gave it. On today's footprint, a merged trust's
history is the sum of the trusts it was made of, and a divided one's is shared out by fractions.
"""

import polars as pl

from metrics.baseline import SERIES
from metrics.indicator import Indicator
from metrics.observations import divided
from metrics.succession import carried, doubted

TODAY, AS_WAS = "today", "as_was"
FOOTPRINTS = (TODAY, AS_WAS)
ABSENT = "absent"
"""Status of a point that is on today's footprint alone: as it was, there was no such organisation then."""

POINT = [*SERIES, "period"]
WHERE = ["level", "organisation", "period"]
_UNKNOWN = ("not_reported", "suppressed")
_DOUBTFUL = ("insufficient_data", "provisional")
"""Statuses that a whole takes from a part, worst first; without and with a value."""


def on_todays_footprint(
    indicator: Indicator, as_was: pl.DataFrame, successions: pl.DataFrame
) -> pl.DataFrame:
    """Published observations of one indicator (`metrics.observations.COLUMNS`) with history carried over.

    `as_was` holds every month there is; `successions` are in `metrics.succession.SCHEMA`. Numerators and
    denominators are summed, times their fractions, and divided once. Where a part did not report, the whole
    did not; where a part that reported before and after has no row, the whole is `insufficient_data`. Both
    have no value, for a part of the sum is not the sum. With nothing to carry, `as_was` comes back as it is.
    Raises ValueError as `metrics.succession.carried`, and for the kind pace, whose days cannot be summed.
    """
    carries = carried(successions, at_work(as_was))
    if carries.is_empty():
        return as_was
    if indicator.kind == "pace":
        raise ValueError(f"{indicator.id}: a pace is set against working days, which are not summed")
    # What a code hands on comes first to what its heir has of its own.
    moves = carries.select("code", "heir", "fraction")
    heirs = moves.select(code="heir").unique().with_columns(heir="code", fraction=pl.lit(1.0))
    moves = pl.concat([moves, heirs])
    expected = _expected(as_was, moves)
    touched = expected.filter(pl.col("code") != pl.col("heir")).select("level", "heir", "period").unique()
    there = as_was.select("level", "period", code="organisation").unique()
    missing = expected.join(there, on=["level", "code", "period"], how="anti")
    parts = (
        as_was.join(moves, left_on="organisation", right_on="code")
        .join(touched, on=["level", "heir", "period"], how="semi")
        .with_columns(pl.col("numerator", "denominator") * pl.col("fraction"))
        .sort("organisation", "period")
        .drop("organisation")
        .rename({"heir": "organisation"})
    )
    gone = missing.select("level", "period", organisation="heir").unique().with_columns(partial=True)
    merged = _merged(indicator, parts.join(gone, on=WHERE, how="left"), as_was.columns)
    untouched = as_was.filter(~pl.col("organisation").is_in(carries["code"].implode())).join(
        touched.rename({"heir": "organisation"}), on=WHERE, how="anti"
    )
    return pl.concat([untouched, merged]).sort(POINT)


def at_work(observations: pl.DataFrame) -> pl.DataFrame:
    """`code` and `last`: the last month in which each organisation has a row."""
    return observations.group_by(code="organisation").agg(last=pl.col("period").max())


def going_on(as_was: pl.DataFrame, successions: pl.DataFrame) -> pl.DataFrame:
    """Codes that went on reporting after another took over, so that nothing is carried: `doubted`."""
    return doubted(successions, at_work(as_was))


def apart(as_was: pl.DataFrame, today: pl.DataFrame) -> pl.DataFrame:
    """The points at which the two footprints differ, as they were; ABSENT, and empty, where they were not."""
    measures = [name for name in as_was.columns if name not in POINT]
    same = [pl.col(name).eq_missing(pl.col(f"{name}_today")) for name in measures]
    alike = today.join(as_was, on=POINT, suffix="_today").filter(pl.all_horizontal(same)).select(POINT)
    only_today = today.join(as_was, on=POINT, how="anti").with_columns(
        pl.lit(ABSENT if name == "status" else None, as_was.schema[name]).alias(name) for name in measures
    )
    return pl.concat(
        [as_was.join(alike, on=POINT, how="anti"), only_today.select(as_was.columns)], how="vertical_relaxed"
    )


def as_it_was(today: pl.DataFrame, differing: pl.DataFrame) -> pl.DataFrame:
    """Observations as they were: today's, but what `apart` gave (`differing`) wherever it says something."""
    rest = today.join(differing, on=POINT, how="anti", nulls_equal=True)
    return pl.concat([rest, differing.filter(pl.col("status") != ABSENT).select(rest.columns)])


def _expected(as_was: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    """The months in which each part of an heir was at work: level, code, heir, period.

    A code is at work from the first month that it reports to the last, in every month that anyone reports.
    """
    lives = (
        as_was.join(moves, left_on="organisation", right_on="code", how="semi")
        .group_by("level", code="organisation")
        .agg(first=pl.col("period").min(), last=pl.col("period").max())
    )
    months = as_was.select("level", "period").unique()
    lived = lives.join(months, on="level").filter(pl.col("period").is_between("first", "last"))
    return lived.join(moves, on="code").select("level", "code", "heir", "period")


def _merged(indicator: Indicator, parts: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """The sums of parts, in `columns`, with the worst of their statuses."""
    partial = pl.col("partial").fill_null(value=False).any()
    whole = [
        pl.when((pl.col(name).null_count() == 0) & ~partial).then(pl.col(name).sum()).alias(name)
        for name in ("numerator", "denominator")
    ]
    of_parts = [(pl.col("status") == one).any().alias(one) for one in (*_UNKNOWN, *_DOUBTFUL)]
    sums = parts.group_by(POINT, maintain_order=True).agg(*whole, *of_parts, partial=partial)
    lacking = pl.col("partial") | pl.col(_DOUBTFUL[0])
    status = (
        pl.when(_UNKNOWN[0]).then(pl.lit(_UNKNOWN[0]))
        .when(_UNKNOWN[1]).then(pl.lit(_UNKNOWN[1]))
        .when(lacking).then(pl.lit(_DOUBTFUL[0]))
        .when(pl.col("numerator").is_null()).then(pl.lit(_UNKNOWN[0]))
        .when(pl.col("value").is_null()).then(pl.lit("no_denominator"))
        .when(_DOUBTFUL[1]).then(pl.lit(_DOUBTFUL[1]))
        .otherwise(pl.lit("final"))
    )  # fmt: skip
    found = sums.with_columns(divided(indicator).alias("value")).with_columns(status=status)
    return found.with_columns(
        pl.lit(None, parts.schema[name]).alias(name) for name in columns if name not in found.columns
    ).select(columns)
