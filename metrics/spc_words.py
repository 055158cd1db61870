"""The reason for a series' icons, in words a board can read out."""

import polars as pl

from metrics.spc_profiles import Profile
from metrics.spc_states import FAILING, HIT_OR_MISS, PASSING

TARGET_WORDS = {
    PASSING: "; the whole range between the limits is at or better than the target",
    FAILING: "; the whole range between the limits falls short of the target, or only just touches it",
    HIT_OR_MISS: "; the target lies between the limits, so which months reach it is down to chance",
}


STEADY = 13
"""METHODS: from so many points on limits are steady; a profile that draws them earlier says so."""


def reason(profile: Profile, *, monthly: bool) -> pl.Expr:
    """Why a series has its icons, from its last point.

    Reads the point's flags, `variation`, `assurance`, `points`, `date`, `above` (the mean) and `climbing`
    (since the point before), and the runs' lengths and first dates (side_run, side_since, step_run,
    step_since). Rules that point the other way are named after "but also": an icon shows one side only.
    """
    unit, on, named = ("months", "in", "%B %Y") if monthly else ("points", "on", "%-d %B %Y")
    when = pl.col("date").dt.strftime(named)
    side, above = _either("above", "below", "above"), pl.col("above")
    since_side, since_step = pl.col("side_since").dt.strftime(named), pl.col("step_since").dt.strftime(named)
    climb = _either("rising", "falling", "climbing")
    broken = [
        ("outside_limits", above, pl.format("{} the limits " + on + " {}", side, when)),
        (
            "shift",
            above,
            pl.format("{} " + unit + " running {} the mean, since {}", "side_run", side, since_side),
        ),
        (
            "trend",
            pl.col("climbing"),
            pl.format("{} " + unit + " {} in a row, since {}", "step_run", climb, since_step),
        ),
        ("two_of_three", above, pl.format("two of three " + unit + " or more far {} the mean", side)),
    ]
    shown_high = pl.col("variation").str.ends_with("_high")
    shown, other = (
        pl.concat_str(
            (pl.when(pl.col(flag) & (way == (shown_high == same))).then(text) for flag, way, text in broken),
            separator=", and ",
            ignore_nulls=True,
        )
        for same in (True, False)
    )
    special = pl.concat_str(
        shown, pl.when(other != "").then(pl.format("; but also {}", other)), ignore_nulls=True
    )
    return (
        pl.when(pl.col("points") == 0)
        .then(pl.lit("there are no values"))
        .when(pl.col("points") < profile.fewest_points)
        .then(
            pl.format(
                "{} of the {} " + unit + " that limits and icons need",
                "points",
                pl.lit(profile.fewest_points),
            )
        )
        .otherwise(
            pl.concat_str(
                pl.when(pl.col("variation") == "common_cause")
                .then(pl.format("no rule is broken " + on + " {}", when))
                .otherwise(special),
                pl.col("assurance").replace_strict(TARGET_WORDS, default="", return_dtype=pl.String),
                pl.when(pl.col("points") < STEADY)
                .then(
                    pl.format(
                        "; from only {} {}, so the limits are unsteady",
                        "points",
                        pl.when(pl.col("points") == 1).then(pl.lit(unit[:-1])).otherwise(pl.lit(unit)),
                    )
                )
                .otherwise(pl.lit("")),
            )
        )
    )


def _either(yes: str, no: str, column: str) -> pl.Expr:
    return pl.when(column).then(pl.lit(yes)).otherwise(pl.lit(no))
