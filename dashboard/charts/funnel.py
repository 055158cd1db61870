"""Organisations by size and value, between the limits that chance and ordinary differences give."""

from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.comparing import apart, axis, cut, frame, percent, wrapped
from dashboard.palette import Palette

SYMBOLS = {
    "above_998": "triangle-up",
    "above_95": "triangle-up-open",
    "within": "circle-open",
    "below_95": "triangle-down-open",
    "below_998": "triangle-down",
}
"""Filled triangles are beyond the 99.8% limits, open ones beyond the 95%: colour only repeats it."""

LINES = (("upper_998", "solid", "99.8% limits"), ("upper_95", "dot", "95% limits"),
         ("lower_95", "dot", ""), ("lower_998", "solid", ""))  # fmt: skip
HEIGHT = 460
PLOT = (620, 370)
"""About how many pixels the plot is wide and high at least, for keeping names apart."""
LETTER, LINE = 7, 15
"""About how many pixels a letter of a name is wide, and how far apart lines of words must be."""
Box = tuple[float, float, float]
"""The room a name takes, in pixels: from, to, and how high its middle is."""
NAMED = 32
LABELS = 12
"""Names at most, whatever room there is: more could not be read, and none of a crowd beyond the limits."""


def draw(
    rows: pl.DataFrame,
    palette: Palette,
    *,
    unit: str,
    size: str,
    proportion: bool,
    average: str = "Average",
    chosen: Sequence[str] = (),
) -> go.Figure:
    """Draw each organisation by its size and value, between its limits.

    `rows` has organisation_name, denominator, value, average, limits, z and position (null: not drawn).
    `size` names the horizontal axis, `average` the line in the middle. Named, as far as there is room: the
    codes in `chosen`, then those beyond the limits, then the rest.
    """
    rows = rows.drop_nulls(["position", "denominator"]).sort("denominator")
    figure = go.Figure()
    for column, dash, _ in LINES:
        figure.add_trace(_line(rows, column, {"color": palette.path, "width": 1.5, "dash": dash}))
    figure.add_trace(_line(rows, "average", {"color": palette.target, "width": 1.5}))
    for position, symbol in SYMBOLS.items():
        mine = rows.filter(pl.col("position") == position)
        colour = palette.actual if position == "within" else palette.concern
        figure.add_trace(
            go.Scatter(
                x=mine["denominator"],
                y=mine["value"],
                mode="markers",
                marker={
                    "symbol": symbol,
                    "size": [14 if code in chosen else 9 for code in mine["organisation"]],
                    "color": colour,
                    "line": {"width": 1.5, "color": colour},
                    "opacity": 1,
                },
                customdata=mine["organisation_name"],
                hovertemplate="<b>%{customdata}</b><br>%{y:"
                + percent(proportion)
                + "} of %{x:,}<extra></extra>",
                showlegend=False,
            )
        )
    frame(figure, palette, HEIGHT)
    across, up = _sizes(rows["denominator"]), _levels(rows)
    figure.update_xaxes(title=wrapped(size), range=across, tickformat=",", nticks=6, **axis(palette))
    figure.update_yaxes(
        title=wrapped(unit), range=up, tickformat=".0%" if proportion else "", **axis(palette)
    )
    if rows.height and across and up:
        lines = _name_lines(figure, rows, palette, average, across, up)
        _name_marks(figure, rows, palette, chosen, across, up, lines)
    return figure


def _line(rows: pl.DataFrame, column: str, line: dict[str, object]) -> go.Scatter:
    return go.Scatter(
        x=rows["denominator"], y=rows[column], mode="lines", line=line, showlegend=False, hoverinfo="skip"
    )


def _name_lines(
    figure: go.Figure,
    rows: pl.DataFrame,
    palette: Palette,
    average: str,
    across: list[float],
    up: list[float],
) -> list[Box]:
    """Write what each line is above its right end; give the room that is taken."""
    last = rows.row(-1, named=True)
    told = [(last[column], words) for column, _, words in LINES if words] + [(last["average"], average)]
    levels = apart([level for level, _ in told], (up[1] - up[0]) * 17 / PLOT[1])
    for level, (_, words) in zip(levels, told, strict=True):
        figure.add_annotation(
            x=last["denominator"], y=level, text=words, showarrow=False, xanchor="right", yanchor="bottom",
            font={"color": palette.quiet, "size": 13},
        )  # fmt: skip
    end = _across(last["denominator"], across)
    return [
        (end - LETTER * len(words), end, _up(level, up) + LINE / 2)
        for level, (_, words) in zip(levels, told, strict=True)
    ]


def _name_marks(
    figure: go.Figure,
    rows: pl.DataFrame,
    palette: Palette,
    chosen: Sequence[str],
    across: list[float],
    up: list[float],
    lines: list[Box],
) -> None:
    """Name marks beside them, the chosen first, then the furthest out; none over another name."""
    ordered = rows.sort(
        ~pl.col("organisation").is_in(chosen), pl.col("position") == "within", -pl.col("z").abs()
    )
    taken: list[Box] = []
    few = rows.height <= LABELS
    outside = _outside(rows)
    for row in ordered.iter_rows(named=True):
        if len(taken) == max(LABELS, len(chosen)):
            break
        pointed = row["organisation"] in chosen
        if not (pointed or few or row["position"] in outside):
            continue
        name = cut(row["organisation_name"], NAMED)
        spots = _spots(_across(row["denominator"], across), _up(row["value"], up), LETTER * len(name))
        # A name makes way for the name of a line; for another mark's it would only seem to be that one's.
        right, shift, box = next((spot for spot in spots if not _covers(spot[2], lines)), spots[0])
        if not pointed and _covers(box, taken):
            continue
        taken.append(box)
        figure.add_annotation(
            x=row["denominator"], y=row["value"], text=f"<b>{name}</b>" if pointed else name, showarrow=False,
            xanchor="left" if right else "right", xshift=9 if right else -9, yanchor="middle", yshift=shift,
            font={"color": palette.ink, "size": 12},
        )  # fmt: skip


def _spots(x: float, y: float, width: float) -> list[tuple[bool, int, Box]]:
    """Give where a mark's name may stand, best first: whether on its right, pixels up, and the room it takes.

    Towards the middle of the plot, where a name has room; level with the mark, or a little above or below.
    """
    right = x < PLOT[0] / 2
    start = x + 8 if right else x - 8 - width
    return [(right, shift, (start, start + width, y + shift)) for shift in (0, LINE, -LINE)]


def _across(size: float, across: list[float]) -> float:
    return (size - across[0]) / (across[1] - across[0]) * PLOT[0]


def _up(value: float, up: list[float]) -> float:
    return (value - up[0]) / (up[1] - up[0]) * PLOT[1]


def _outside(rows: pl.DataFrame) -> list[str]:
    """Give the positions to name: beyond a limit; where those are many, beyond the outer; none of a crowd."""
    for outside in ([at for at in SYMBOLS if at != "within"], ["above_998", "below_998"]):
        if rows.filter(pl.col("position").is_in(outside)).height <= LABELS:
            return outside
    return []


def _covers(one: Box, others: Sequence[Box]) -> bool:
    return any(one[0] < to and start < one[1] and abs(one[2] - middle) < LINE for start, to, middle in others)


def _levels(rows: pl.DataFrame) -> list[float] | None:
    """Give an axis of values that holds marks and limits: a mark on the edge would be cut in half."""
    held = rows.select(pl.concat_list("value", "lower_998", "upper_998").explode()).to_series().drop_nulls()
    if held.is_empty():
        return None
    low, high = float(held.min()), float(held.max())
    air = 0.06 * ((high - low) or 1.0)
    return [low - air, high + air]


def _sizes(held: pl.Series) -> list[float] | None:
    """Give an axis of sizes: from nought where some are small beside others, else from the smallest."""
    if held.is_empty():
        return None
    low, high = float(held.min()), float(held.max())
    alike = low > high / 4
    air = 0.05 * ((high - low) or high) if alike else 0.05 * high
    return [low - air if alike else 0.0, high + air]
