"""The words at the ends of the main chart's lines, kept apart from each other and from the lines."""

from datetime import date, timedelta
from typing import Any

import polars as pl

from dashboard.charts.drawing import Part
from dashboard.palette import Palette

PLOT_PIXELS = 290
"""About how tall the main chart's plot is, for keeping labels apart."""

ALONG, TOUCHING = 14, 28
"""Pixels from the path to the middle of its name, and between that and the actual's where they touch."""
BESIDE = timedelta(days=610)
"""As many days as the actual line's name takes on a phone."""


def direct_labels(
    series: pl.DataFrame,
    palette: Palette,
    labels: dict[str, str],
    bounds: tuple[float, float] | None,
    expected: list[float],
) -> tuple[list[Part], float | None]:
    """Write each line's name beside its end; the path's along the line where it ends on the target.

    `expected`: a forecast's first months. Gives the level at which the actual line's name stands.
    """
    if bounds is None:
        return [], None
    named: list[Part] = []
    ends = {
        key: known.row(-1, named=True)
        for key, column in (("actual", "value"), ("path", "path"), ("target", "target"))
        if labels.get(key) and not (known := series.drop_nulls(column)).is_empty()
    }
    room = (bounds[1] - bounds[0]) * 0.08
    path, aim, actual = ends.get("path"), ends.get("target"), ends.get("actual")
    spot = _free_spot(series, actual, bounds, expected) if actual else 0
    if path and aim and abs(path["path"] - aim["target"]) < room:
        ahead = series.drop_nulls("path")
        middle = ahead.row(ahead.height * 3 // 4, named=True)
        # Between the path and a target above it there is no room for a word.
        where = "below" if middle["target"] is not None and middle["target"] > middle["path"] else "above"
        if actual and _would_touch(actual, spot, middle, where, bounds):
            where = "above" if where == "below" else "below"
        named.append(_label(middle["period"], middle["path"], labels["path"], palette.path, where))
    elif path:
        named.append(_label(path["period"], path["path"], labels["path"], palette.path, "beside"))
    if aim:
        named.append(_label(aim["period"], aim["target"], labels["target"], palette.target, "beside"))
    if actual:
        at = actual["period"], actual["value"]
        label = _label(*at, labels["actual"], palette.actual, "beside", spot)
        # Over the fan's tint the words need the page's own ground.
        named.append(label | {"bgcolor": palette.ground} if expected else label)
        return named, float(actual["value"] + spot * (bounds[1] - bounds[0]) / PLOT_PIXELS)
    return named, None


def _would_touch(
    actual: dict[str, Any], spot: int, middle: dict[str, Any], where: str, bounds: tuple[float, float]
) -> bool:
    """Tell whether the path's name would run into the actual line's, moved up by `spot`, on a phone."""
    scale = PLOT_PIXELS / (bounds[1] - bounds[0])
    apart = (middle["path"] - actual["value"]) * scale + (ALONG if where == "above" else -ALONG) - spot
    return bool(middle["period"] - actual["period"] < BESIDE and abs(apart) < TOUCHING)


def _free_spot(
    series: pl.DataFrame, end: dict[str, Any], bounds: tuple[float, float], expected: list[float]
) -> int:
    """Give how many pixels up the actual line's label must move to keep clear of path and target."""
    soon = end["period"] + timedelta(days=420)
    lines = series.filter(pl.col("period").is_between(end["period"], soon))
    levels = expected + [v for column in ("path", "target") for v in lines[column].drop_nulls().to_list()]
    scale = PLOT_PIXELS / (bounds[1] - bounds[0])

    def clearance(shift: int) -> float:
        return min((abs((level - end["value"]) * scale - shift) for level in levels), default=99.0)

    enough = [shift for shift in (0, -22, 22, -34, 34) if clearance(shift) >= 20]
    return enough[0] if enough else -34


def _label(x: date, y: float, text: str, colour: str, where: str, shift: int = 0) -> Part:
    beside = where == "beside"
    return {
        "x": x,
        "y": y,
        "text": f"<b>{text.replace(' ', '<br>', 1) if beside else text}</b>",
        "showarrow": False,
        "align": "left",
        "xanchor": "left" if beside else "center",
        "yanchor": {"beside": "middle", "above": "bottom", "below": "top"}[where],
        "xshift": 9 if beside else 0,
        "yshift": {"beside": shift, "above": 6, "below": -6}[where],
        "font": {"color": colour, "size": 14},
    }
