"""The four XmR rules, as expressions over points laid out series by series in date order, gaps dropped.

A run is found without leaving the columns: its first row is the running maximum of the rows where a run
begins, its last row the running minimum, from below, of the rows where one ends.
"""

import polars as pl

from metrics.spc_lines import PLACE
from metrics.spc_profiles import Profile, Rule

FAR = pl.lit(2**32 - 1, pl.UInt32)


def rules(points: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """Each point's flags, from `series`, `part`, `x` and its part's `mean`, `reach` and `slack`.

    Gives outside_limits, shift, trend, two_of_three; `side` of the mean (+1, 0, -1); `rising` and `falling`,
    which trend a point belongs to; `heading` (+1, 0, -1), the trend it goes on in, since a turning point
    belongs to both; and how long the run on this side (`side_run`) and the climb or fall (`step_run`) have
    lasted up to this point, in points.
    """
    away, slack = pl.col("x") - pl.col("mean"), pl.col("slack")
    beyond = away.abs() > pl.col("reach") + slack
    outer = away.abs() > pl.col("reach") * 2 / 3 + slack
    step = pl.when(~_new_block(profile, "trend")).then(pl.col("x") - pl.col("x").shift(1))
    long_climb = (pl.col("step") > 0) & (pl.col("step_end") - pl.col("step_begin") + 2 >= profile.trend)
    long_fall = (pl.col("step") < 0) & (pl.col("step_end") - pl.col("step_begin") + 2 >= profile.trend)
    # No profile lets one of these two rules cross a recalculation and not the other, but one's own may.
    apart = ("shift" in profile.crosses) != ("two_of_three" in profile.crosses)
    threes = (
        [_begin(_new_block(profile, "two_of_three") | _changes("side")).alias("three_begin")] if apart else []
    )
    window = _three_on_one_side_with_two_outer("three_begin" if apart else "side_begin")
    return (
        points.lazy()
        .select(
            "series",
            "part",
            side=_sign(away, slack),
            step=_sign(step, slack),
            outside_limits=beyond.fill_null(value=False),
            outer=(outer if profile.outside_counts else outer & ~beyond).fill_null(value=False),
        )
        .with_columns(
            side_turn=_new_block(profile, "shift") | _changes("side"),
            step_turn=_new_block(profile, "trend") | _changes("step"),
        )
        .with_columns(
            *threes,
            side_begin=_begin(pl.col("side_turn")),
            side_end=_end("side_turn"),
            step_begin=_begin(pl.col("step_turn")),
            step_end=_end("step_turn"),
        )
        .with_columns(
            # The point a climb starts from belongs to it, one row before its first step.
            rising=long_climb | long_climb.shift(-1, fill_value=False),
            falling=long_fall | long_fall.shift(-1, fill_value=False),
            window=window.fill_null(value=False),
        )
        .select(
            "outside_limits",
            "side",
            "rising",
            "falling",
            heading=pl.when(pl.col("rising") & pl.col("falling"))
            .then(-pl.col("step"))
            .otherwise(pl.col("rising").cast(pl.Int8) - pl.col("falling").cast(pl.Int8)),
            shift=(pl.col("side") != 0) & (pl.col("side_end") - pl.col("side_begin") + 1 >= profile.shift),
            trend=pl.col("rising") | pl.col("falling"),
            two_of_three=pl.col("outer")
            & pl.any_horizontal(pl.col("window").shift(ago, fill_value=False) for ago in range(3)),
            side_run=pl.when(pl.col("side") != 0).then(PLACE - pl.col("side_begin") + 1).otherwise(0),
            step_run=pl.when(pl.col("step") != 0).then(PLACE - pl.col("step_begin") + 2).otherwise(1),
        )
        .collect()
    )


def _new_block(profile: Profile, rule: Rule) -> pl.Expr:
    """True where a rule has to start afresh: at a new series, or at a recalculation it may not cross."""
    return _changes("series" if rule in profile.crosses else "part")


def _changes(column: str) -> pl.Expr:
    return (pl.col(column) != pl.col(column).shift(1)).fill_null(value=True)


def _sign(difference: pl.Expr, slack: pl.Expr) -> pl.Expr:
    """+1, 0 or -1: above, on (within the slack) or below. Unknown counts as on."""
    return (difference > slack).fill_null(value=False).cast(pl.Int8) - (difference < -slack).fill_null(
        value=False
    ).cast(pl.Int8)


def _begin(turn: pl.Expr) -> pl.Expr:
    return pl.when(turn).then(PLACE).otherwise(pl.lit(0, pl.UInt32)).cum_max()


def _end(turn: str) -> pl.Expr:
    return pl.when(pl.col(turn).shift(-1, fill_value=True)).then(PLACE).otherwise(FAR).cum_min(reverse=True)


def _three_on_one_side_with_two_outer(run: str) -> pl.Expr:
    """True on the first of three neighbours on one side of the mean, two or three of them outer points."""
    together = pl.col(run) == pl.col(run).shift(-2)
    outer = pl.sum_horizontal(pl.col("outer").shift(-ahead).cast(pl.Int8) for ahead in range(3))
    return (pl.col("side") != 0) & together & (outer >= 2)
