"""What chance alone gives: how many charts of a page would signal if nothing had changed anywhere."""

import numpy as np
import polars as pl

from metrics.spc_profiles import Profile

POINTS = (13, 18, 24, 36, 48, 60, 120)
CHANCE = {
    "mdc": (0.0204, 0.0244, 0.0269, 0.0311, 0.0325, 0.0330, 0.0346),
    "mdc_sql": (0.0205, 0.0245, 0.0271, 0.0311, 0.0326, 0.0331, 0.0346),
    "nhsr": (0.0138, 0.0155, 0.0161, 0.0175, 0.0187, 0.0183, 0.0188),
}
"""Share of series whose last point breaks a rule though all values come from one normal distribution.

By the number of points, from 60,000 simulated series each (standard error 0.0008 at most). Values that hang
together from month to month, or with the seasons, signal more often: the figure is a floor, not a forecast.
"""


def expected_signals(summary: pl.DataFrame, profile: Profile) -> float:
    """The number of special-cause variation icons that chance alone would put on a page of these charts.

    `summary` is `spc.summary`'s frame of the charts on the page; those without icons count for nothing. Set
    it beside the number seen. Raises `ValueError` for a profile it has not been worked out for.
    """
    if profile.name not in CHANCE:
        raise ValueError(f"the chance of a signal has not been worked out for the profile {profile.name}")
    points = summary.filter(pl.col("points") >= max(profile.fewest_points, POINTS[0]))["points"].to_numpy()
    return float(np.interp(points, POINTS, CHANCE[profile.name]).sum())
