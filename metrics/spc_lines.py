"""XmR arithmetic for many series at once: which part of its chart a point is in, its mean and its limits.

Rows are laid out series by series in date order, so that neighbours are rows apart and every step is one pass
over a column; what belongs to a part of a chart is worked out once a part and looked up by its number.
"""

from collections.abc import Sequence

import polars as pl

from metrics.spc_profiles import Profile

LIMIT = 2.66
"""Limits lie this many mean moving ranges from the mean: 3 / 1.128, as the NHS tools round it."""
OUTLIER = 3.267
SLACK = 1e-12
"""A value this close to a line, relative to the size of the mean and limits, is on it.

Sums of a few hundred doubles go astray by parts in 10^14; no real measure is told apart at parts in 10^12.
Without it the mean of thirty-six 0.1s lies above 0.1, and a flat line becomes a shift.
"""

PLACE = pl.int_range(pl.len(), dtype=pl.UInt32)
"""The number of each row of a frame, as an expression; inside `over` it would start anew."""


def arrange(frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The rows series by series in date order: row, place, series, part, date, x and, with baselines, basis.

    `row` is the row as given, `place` the row here; `series` and `part` count from 0 down the frame. `x` is
    the value, null where it is missing or no finite number. `basis` marks the rows that limits are taken
    from: all; those from the first to the last of several baseline marks; or, with a lone mark, the points up
    to it. A baseline overrides recalculation: its series is one part. One without a value is none.
    """
    marks = [name for name in ("recalculate", "baseline") if name in frame.columns]
    keys = [f"by {key}" for key in by]
    value = pl.col("value").cast(pl.Float64)
    rows = frame.select(
        *(pl.col(key).alias(f"by {key}") for key in by),
        *(pl.col(mark).cast(pl.Boolean).fill_null(value=False) for mark in marks),
        "date",
        x=pl.when(value.is_finite()).then(value),
        row=PLACE,
    ).with_columns(_starts(keys).alias("new"))
    forward = (pl.col("date") >= pl.col("date").shift(1)) | pl.col("new")
    if not rows.select(forward.all()).item() or rows.filter("new").select(keys).is_duplicated().any():
        rows = rows.sort(*keys, "date", maintain_order=True).with_columns(_starts(keys).alias("new"))
    rows = rows.with_columns(series=pl.col("new").cum_sum().cast(pl.UInt32) - 1, place=PLACE).drop(keys)
    rows = rows.with_columns(pl.col("series").set_sorted())
    again = pl.col("recalculate") if "recalculate" in marks else pl.lit(value=False)
    if "baseline" in marks:
        marked = pl.when("baseline").then("place")
        first_mark, last_mark = marked.min().over("series"), marked.max().over("series")
        inside = pl.col("place").is_between(first_mark, last_mark)
        lone = (first_mark == last_mark) & (pl.col("place") <= last_mark)
        rows = rows.with_columns(basis=(inside | lone).fill_null(value=False))
        given = (pl.col("basis") & pl.col("x").is_not_null()).any().over("series")
        rows = rows.with_columns(given=given).with_columns(basis=pl.col("basis") | ~pl.col("given"))
        again = again & ~pl.col("given")
    rows = rows.with_columns(part=(pl.col("new") | again).cum_sum().cast(pl.UInt32) - 1)
    return rows.drop("new", "given", *marks, strict=False).with_columns(pl.col("part").set_sorted())


def lines(rows: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """One row a part, in order: `mean`, `reach` (from mean to limit), `slack`, the series' `points`.

    Missing months are left out, so a moving range may span one. `reach` is null where there is no moving
    range or the whole series has fewer than the profile's fewest points; `slack` is then infinite for the
    second: no point of a series too short to judge can stand out from anything.
    """
    present = rows.filter(pl.col("x").is_not_null())
    basis = present.filter("basis") if "basis" in rows.columns else present
    first = (pl.col("part") != pl.col("part").shift(1)).fill_null(value=True)
    basis = basis.with_columns(range=pl.when(~first).then((pl.col("x") - pl.col("x").shift(1)).abs()))
    if profile.drop_outliers:
        mean_range = pl.col("range").mean().over("part")
        basis = basis.with_columns(
            range=pl.when((pl.col("range") < OUTLIER * mean_range) | (mean_range == 0)).then("range")
        )
    measured = basis.group_by("part", maintain_order=True).agg(
        pl.col("x").mean().alias("mean"),
        pl.col("x").min().alias("least"),
        pl.col("x").max().alias("most"),
        pl.col("range").mean(),
    )
    points = present.group_by("series", maintain_order=True).agg(pl.len().alias("points"))
    reach = LIMIT * pl.col("range")
    enough = pl.col("points") >= profile.fewest_points
    scale = pl.col("mean").abs() + reach.fill_null(0)
    return (
        rows.group_by("part", maintain_order=True)
        .agg(pl.col("series").first())
        .join(measured, on="part", how="left", maintain_order="left")
        .join(points, on="series", how="left", maintain_order="left")
        .select(
            mean=pl.when(pl.col("least") == pl.col("most")).then("least").otherwise("mean"),
            reach=pl.when(enough).then(reach),
            slack=pl.when(enough).then(SLACK * scale).otherwise(float("inf")),
            points=pl.col("points").fill_null(0),
        )
    )


def _starts(keys: Sequence[str]) -> pl.Expr:
    """True on the first row, and where a row's keys differ from those above it."""
    return pl.any_horizontal(PLACE == 0, *(pl.col(key).ne_missing(pl.col(key).shift(1)) for key in keys))
