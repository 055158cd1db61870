"""The SPC layer of a chart: mean, limits and signal points, each a shape as well as a colour."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from dashboard.charts.drawing import Part, Trace, scatter
from dashboard.palette import Palette
from dashboard.spc import LINES

NAME_HEIGHT, FURTHEST = 15, 60
"""Pixels of a line's name, and how far from its line it may stand at most."""
Room = tuple[float, float]
"""Where the middle of a name stands, and the pixels it takes above and below."""
COLOURS = {
    "improvement": "#00B0F0",
    "concern": "#E46C0A",
    "neither": "#490092",
    "common_cause": "#A6A6A6",
}
"""Making Data Count's own; an outline in the text colour makes each stand out from either theme's ground."""

SIZES = ((30, (11, 7)), (60, (9, 6)), (1_000_000, (7, 5)))
"""Up to how many months: the pixels of a signal and of an ordinary month. Neighbours are to be told apart."""


def lines(points: pl.DataFrame, palette: Palette) -> list[Trace]:
    """Draw the mean thin and solid and the limits dotted, broken where limits start afresh.

    `points` has period, `spc.LINES` and recalculate (True on the first month of new limits).
    """
    # A row without lines before the new ones keeps a slope from joining old limits to new.
    breaks = points.filter("recalculate").with_columns(pl.lit(None).alias(name) for name in LINES)
    points = pl.concat([breaks, points], how="vertical_relaxed").sort("period", maintain_order=True)
    drawn = {"mean": ("Mean", "solid"), "lower_limit": ("Limit", "dot"), "upper_limit": ("Limit", "dot")}
    return [
        scatter(
            x=points["period"].to_list(),
            y=points[column].to_list(),
            mode="lines",
            name=name,
            line={"color": palette.quiet, "width": 1.2, "dash": dash},
            hoverinfo="skip",
            connectgaps=False,
        )
        for column, (name, dash) in drawn.items()
        if points[column].null_count() < points.height
    ]


def signals(
    series: pl.DataFrame, points: pl.DataFrame, symbols: dict[str, str], palette: Palette
) -> list[Trace]:
    """Draw a mark over each final month, by kind of state; `symbols` gives each kind's shape."""
    known = points.drop_nulls("state").join(series.select("period", "value"), on="period")
    large, small = next(sizes for most, sizes in SIZES if known.height <= most)
    kinds = known["state"].str.extract("^(improvement|concern|neither|common_cause)")
    traces = []
    for kind, symbol in symbols.items():
        mine = known.filter(kinds == kind)
        if mine.is_empty():
            continue
        ordinary = kind == "common_cause"
        traces.append(
            scatter(
                x=mine["period"].to_list(),
                y=mine["value"].to_list(),
                mode="markers",
                name=kind,
                marker={
                    "symbol": symbol,
                    "size": small if ordinary else large,
                    "color": COLOURS[kind],
                    "opacity": 1,
                    "line": {"color": palette.quiet if ordinary else palette.ink, "width": 1},
                },
                hoverinfo="skip",
            )
        )
    return traces


def name_lines(
    points: pl.DataFrame,
    palette: Palette,
    at: date,
    names: Sequence[Room],
    lines: Sequence[float],
    pixel: float,
) -> list[Part]:
    """Name the mean and the limits after `at`, the last month drawn, each level with its line if it can be.

    A name moves up or down until it is clear of `names` already there, and if there is room for that of the
    levels of `lines` that run on to the right. `pixel` is the height of one.
    """
    if points.is_empty():
        return []
    end = points.row(-1, named=True)
    taken, named = list(names), []
    for column, text in (("upper_limit", "Upper limit"), ("lower_limit", "Lower limit"), ("mean", "Mean")):
        level = end[column]
        if level is None:
            continue
        apart = _shift(level / pixel, [(y / pixel, room) for y, room in taken], [y / pixel for y in lines])
        taken.append((level + apart * pixel, NAME_HEIGHT / 2))
        named.append(
            {
                "x": at,
                "y": level,
                "text": text,
                "showarrow": False,
                "xanchor": "left",
                "yanchor": "middle",
                "xshift": 9,
                "yshift": apart,
                "bgcolor": palette.ground,
                "borderpad": 0,
                "font": {"color": palette.quiet, "size": 12},
            }
        )
    return named


def _shift(level: float, names: Sequence[Room], lines: Sequence[float]) -> int:
    """Give how many pixels up (or down) a name must move to be clear of the names, and best of the lines."""
    ways = sorted(range(-FURTHEST, FURTHEST + 1), key=abs)
    half = NAME_HEIGHT / 2
    free = [way for way in ways if all(abs(level + way - y) >= room + half for y, room in names)]
    clear = [way for way in free if all(abs(level + way - y) >= half for y in lines)]
    return next(iter([*clear, *free]), 0)
