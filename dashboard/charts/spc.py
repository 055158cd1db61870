"""The SPC layer of a chart: mean, limits and signal points, each a shape as well as a colour."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from dashboard.charts.drawing import Part, Trace, scatter
from dashboard.charts.notes import PLOT_WIDTH
from dashboard.palette import Palette
from dashboard.spc import LINES

NAME_PIXELS = 70
"""About how wide the longest name of a line is."""
Level = tuple[float, float]
"""A level that something stands at, and how far from it the middle of a name has to be."""
COLOURS = {
    "improvement": "#00B0F0",
    "concern": "#E46C0A",
    "neither": "#490092",
    "common_cause": "#A6A6A6",
}
"""Making Data Count's own; an outline in the text colour makes each stand out from either theme's ground."""


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
                    "size": 7 if ordinary else 11,
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
    taken: Sequence[Level],
    crowd: Sequence[Level],
    lift: float,
) -> list[Part]:
    """Name the mean and the limits at an end, small, just above or below the line.

    A name goes to the right-hand end on its own side of the line, else to the left, else to the other side of
    the line: where it is clear of the levels `taken` on the right or of the `crowd` on the left, and of names
    already there. `lift` is half a name's height. With no room anywhere it goes to the left-hand end.
    """
    if points.is_empty():
        return []
    start, end = points.row(0, named=True), points.row(-1, named=True)
    names = (
        ("upper_limit", "Upper limit", "bottom"),
        ("mean", "Mean", "bottom"),
        ("lower_limit", "Lower limit", "top"),
    )
    # Of what stands at each end: the row its line ends in, and the levels to keep clear of.
    sides = {"right": (end, list(taken)), "left": (start, list(crowd))}
    named = []
    for column, text, own in names:
        if end[column] is None:
            continue
        places = [
            (side, anchor)
            for anchor in (own, "top" if own == "bottom" else "bottom")
            for side, (row, _) in sides.items()
            if row[column] is not None
        ]
        free = [place for place in places if _is_clear(*place, column, sides, lift)]
        usual = ("left" if start[column] is not None else "right", own)
        side, anchor = free[0] if free else usual
        row, levels = sides[side]
        levels.append((_middle(row[column], anchor, lift), 2 * lift))
        named.append(
            {
                "x": row["period"],
                "y": row[column],
                "text": text,
                "showarrow": False,
                "xanchor": "left",
                "yanchor": anchor,
                "xshift": 0 if side == "left" else 6,
                "font": {"color": palette.quiet, "size": 12},
            }
        )
    return named


def beside_the_left_end(series: pl.DataFrame, points: pl.DataFrame, span: Sequence[date]) -> list[float]:
    """Give the values that a line's name at its left-hand end would stand over, on a phone."""
    width = (span[1] - span[0]) * NAME_PIXELS / PLOT_WIDTH
    start = points["period"].min()
    return series.filter(pl.col("period").is_between(start, start + width))["value"].drop_nulls().to_list()


def _is_clear(
    side: str, anchor: str, column: str, sides: dict[str, tuple[dict[str, Any], list[Level]]], lift: float
) -> bool:
    row, levels = sides[side]
    middle = _middle(row[column], anchor, lift)
    return all(abs(middle - level) >= room for level, room in levels)


def _middle(level: float, anchor: str, lift: float) -> float:
    return level + (lift if anchor == "bottom" else -lift)
