"""The SPC layer of a chart: mean, limits and signal points, each a shape as well as a colour."""

import polars as pl

from dashboard.charts.drawing import Part, Trace, scatter
from dashboard.palette import Palette
from dashboard.spc import LINES

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
    points: pl.DataFrame, palette: Palette, taken: list[tuple[float, float]], lift: float
) -> list[Part]:
    """Name the mean and the limits at their right-hand ends, small, just above or below the line.

    A name too near a level that is `taken` (the level, and the room it needs) goes to the left-hand end.
    `lift` is half a name's height.
    """
    if points.is_empty():
        return []
    start, end = points.row(0, named=True), points.row(-1, named=True)
    names = (
        ("upper_limit", "Upper limit", "bottom"),
        ("mean", "Mean", "bottom"),
        ("lower_limit", "Lower limit", "top"),
    )
    named = []
    for column, text, anchor in names:
        if end[column] is None:
            continue
        middle = end[column] + (lift if anchor == "bottom" else -lift)
        left = start[column] is not None and any(abs(middle - level) < room for level, room in taken)
        at = start if left else end
        named.append(
            {
                "x": at["period"],
                "y": at[column],
                "text": text,
                "showarrow": False,
                "xanchor": "left",
                "yanchor": anchor,
                "xshift": 0 if left else 6,
                "font": {"color": palette.quiet, "size": 12},
            }
        )
    return named
