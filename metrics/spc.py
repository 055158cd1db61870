"""Statistical process control: XmR charts as Making Data Count draws them, for many series at once.

`signals` says of every point where the lines lie, which rules it breaks and what that means; `summary` gives
each series its two icons, variation and assurance, with the reason in words.
"""

from collections.abc import Sequence

import polars as pl

from metrics.spc_lines import PLACE, arrange, lines
from metrics.spc_profiles import MDC, Profile
from metrics.spc_rules import rules
from metrics.spc_states import NO_ICON, Direction, assurance, meets, state
from metrics.spc_words import reason

FLAGS = ("outside_limits", "shift", "trend", "two_of_three")
LONGEST_MONTH = 31
DIRECTIONS = ("higher", "lower", "neither")


def signals(
    frame: pl.DataFrame,
    profile: Profile = MDC,
    *,
    by: Sequence[str] = ("series",),
    better: Direction = "neither",
) -> pl.DataFrame:
    """The same rows in the same order, each with its lines, the rules it breaks and its state.

    `frame` has the columns `by` (what makes a series), `date` and `value`, and may have `better` (a
    direction; where it is null or absent the argument holds), `target`, `recalculate` (1 on the first point
    of a new part) and `baseline` (1 on the points that limits are taken from and extended to all; a lone 1
    is the last of the first points).

    Adds mean, lower_limit, upper_limit, lower_two_sigma, upper_two_sigma (in the value's unit, null where
    there are no limits), outside_limits, shift, trend, two_of_three (True or False) and state (`STATES`; null
    where there is no value); then after_gap (True on the first point after missing months, which the moving
    range spans), meets_target (against the row's own target; with a `target` column), and side_run and
    step_run (`spc_rules`).

    A missing or infinite value is no point: it is dropped, its lines are drawn on and nothing is flagged
    there. A series with fewer points than the profile's fewest has a mean, no limits, and common cause
    throughout. Raises `ValueError` for a `better` that is no direction.
    """
    rows = arrange(frame, by)
    parts = lines(rows, profile)
    part = rows["part"]
    rows = rows.with_columns(parts[name].gather(part) for name in ("mean", "reach", "slack"))
    points = rows.filter(pl.col("x").is_not_null()) if rows["x"].null_count() else rows
    found = points.select("row", "mean", "reach", _after_gap(frame)).hstack(rules(points, profile))
    if points.height < rows.height:
        found = _with_missing(rows, found)
    elif not rows["row"].is_sorted():
        found = found.sort("row")
    direction = _direction(frame, better)
    is_point = pl.col("missing").not_() if "missing" in found.columns else pl.lit(value=True)
    mean, reach = pl.col("mean"), pl.col("reach")
    has_target = "target" in frame.columns
    known = found.with_columns(
        *(frame[name] for name in ("target", "better", "value") if name in frame.columns)
    )
    return frame.hstack(
        known.lazy()
        .select(
            "mean",
            (mean - reach).alias("lower_limit"),
            (mean + reach).alias("upper_limit"),
            (mean - reach * 2 / 3).alias("lower_two_sigma"),
            (mean + reach * 2 / 3).alias("upper_two_sigma"),
            *FLAGS,
            pl.when(is_point).then(state(profile, direction)).alias("state"),
            "after_gap",
            *([meets(direction).alias("meets_target")] if has_target else []),
            "side_run",
            "step_run",
        )
        .collect()
    )


def summary(
    signalled: pl.DataFrame,
    profile: Profile = MDC,
    *,
    by: Sequence[str] = ("series",),
    better: Direction = "neither",
) -> pl.DataFrame:
    """One row for each series of a frame from `signals`, in order of appearance; same arguments as there.

    `variation`: the state of the last point. `assurance`: consistently_passing, consistently_failing or
    hit_or_miss, by the last point's limits and the target of the latest month that has both a value and a
    target (months still to come draw the target on, and do not decide). Both are "none" where the series has
    no icon. Then points, mean, lower_limit and upper_limit (at the last point) and the `reason` in words; and
    latest_date, latest_value, target, and `gaps`, how many times months are missing between points.
    """
    rows = arrange(signalled, by)
    points = rows.filter(pl.col("x").is_not_null()).with_columns(place=PLACE)
    row = points["row"]
    target = _column(signalled, "target", pl.Float64)
    points = points.with_columns(target.gather(row), signalled["after_gap"].gather(row))
    last = points.group_by("series", maintain_order=True).agg(
        pl.len().alias("points"),
        pl.col("place").last(),
        pl.col("target").drop_nulls().last(),
        pl.col("after_gap").sum().alias("gaps"),
    )
    place, date, x = last["place"], points["date"], points["x"]
    lines_and_flags = ("mean", "lower_limit", "upper_limit", *FLAGS, "state", "side_run", "step_run")
    last = last.hstack(signalled.select(lines_and_flags)[row.gather(place)]).hstack(
        [date.gather(place).alias("date"), x.gather(place).alias("latest_value")]
    )
    runs = last.select(
        before=pl.when(pl.col("points") > 1).then(pl.col("place") - 1),
        side=pl.col("place") + 1 - pl.max_horizontal("side_run", 1),
        step=pl.col("place") + 1 - pl.col("step_run"),
    )
    last = last.hstack(
        [
            (last["latest_value"] > last["mean"]).alias("above"),
            (last["latest_value"] > x.gather(runs["before"])).alias("climbing"),
            date.gather(runs["side"]).alias("side_since"),
            date.gather(runs["step"]).alias("step_since"),
        ]
    )
    series = rows.group_by("series", maintain_order=True).agg(head=pl.col("row").first())
    keys = {key: f"by {key}" for key in by}
    heads = signalled.select(*by, direction=_direction(signalled, better))[series["head"]].rename(keys)
    judged = pl.col("points") >= profile.fewest_points
    return (
        series.hstack(heads)
        .join(last, on="series", how="left", maintain_order="left")
        .sort("head")
        .lazy()
        .with_columns(pl.col("points").fill_null(0), pl.col("gaps").fill_null(0))
        .with_columns(
            variation=pl.when(judged).then(pl.col("state").cast(pl.String)).otherwise(pl.lit(NO_ICON)),
            assurance=assurance(pl.col("direction")),
        )
        .select(
            *(pl.col(hidden).alias(key) for key, hidden in keys.items()),
            "variation",
            "assurance",
            "points",
            "mean",
            "lower_limit",
            "upper_limit",
            reason(profile, monthly=_is_monthly(last["date"])).alias("reason"),
            pl.col("date").alias("latest_date"),
            "latest_value",
            "target",
            "gaps",
        )
        .collect()
    )


def _direction(frame: pl.DataFrame, better: Direction) -> pl.Expr:
    """Which way is better, row by row. Raises `ValueError` for a word that is no direction."""
    words = {better} | set(_column(frame, "better", pl.String).unique().drop_nulls())
    unknown = sorted(words.difference(DIRECTIONS))
    if unknown:
        raise ValueError(f"better is {', '.join(DIRECTIONS)}: not {', '.join(unknown)}")
    return pl.col("better").fill_null(better) if "better" in frame.columns else pl.lit(better)


def _column(frame: pl.DataFrame, name: str, dtype: type[pl.DataType]) -> pl.Series:
    """A column, or nulls in its place."""
    if name in frame.columns:
        return frame[name].cast(dtype)
    return pl.Series(name, [None], dtype).new_from_index(0, frame.height)


def _is_monthly(dates: pl.Series) -> bool:
    """Whether every date is the first of a month, so that a month left out can be told."""
    return dates.dtype == pl.Date and bool((dates.unique().dt.day() == 1).all())


def _after_gap(frame: pl.DataFrame) -> pl.Expr:
    """True on a point with a missing value, or with monthly dates a missing month, just before it."""
    follows = pl.col("series") == pl.col("series").shift(1)
    gap = pl.col("place") - pl.col("place").shift(1) > 1
    if _is_monthly(frame["date"]):
        day = pl.col("date").to_physical()
        gap = gap | (day - day.shift(1) > LONGEST_MONTH)
    return (follows & gap).fill_null(value=False).alias("after_gap")


def _with_missing(rows: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The points put back among all rows, in the order given; a missing value keeps its lines only."""
    everyone = rows.select("row", "mean", "reach", missing=pl.col("x").is_null())
    flags = found.drop("mean", "reach")
    return (
        everyone.join(flags, on="row", how="left")
        .sort("row")
        .with_columns(
            pl.col(*FLAGS, "after_gap", "rising", "falling").fill_null(value=False),
            pl.col("side", "heading", "side_run", "step_run").fill_null(0),
        )
    )
