"""Numbered badges above a chart, each with a line down through its month: the notes listed under it."""

from collections.abc import Sequence
from datetime import date

from dashboard.charts.drawing import Part
from dashboard.noted import Badge
from dashboard.palette import Palette

ROW_PIXELS = 23
PLOT_WIDTH = 250
"""The plot on a phone: badges that keep clear of each other there do so everywhere."""
LETTER_PIXELS, PADDING_PIXELS = 7, 14


def rows(badges: Sequence[Badge], span: Sequence[date]) -> list[int]:
    """Give each badge its row above the plot, the lowest where it is clear of those before it.

    `badges` oldest first; `span` is the first and last day drawn.
    """
    days = max((span[1] - span[0]).days, 1)
    ends: list[float] = []
    placed = []
    for badge in badges:
        half = (LETTER_PIXELS * len(badge.text) + PADDING_PIXELS) / 2
        middle = (badge.period - span[0]).days / days * PLOT_WIDTH
        row = next((row for row, end in enumerate(ends) if end <= middle - half), len(ends))
        ends[row : row + 1] = [middle + half]
        placed.append(row)
    return placed


def draw(
    badges: Sequence[Badge], span: Sequence[date], palette: Palette
) -> tuple[list[Part], list[Part], int]:
    """Draw the badges of the months in `span`: shapes, annotations, and the pixels they take above the plot.

    Where limits start afresh the badge says so, its frame is thicker and its line is dashed, not dotted.
    """
    shown = [badge for badge in badges if span[0] <= badge.period <= span[1]]
    placed = rows(shown, span)
    shapes: list[Part] = []
    annotations: list[Part] = []
    # From the top down, so that a line on its way down passes behind the badges of lower rows.
    for badge, row in sorted(zip(shown, placed, strict=True), key=lambda each: -each[1]):
        shapes.append(
            {
                "type": "line",
                "x0": badge.period,
                "x1": badge.period,
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "layer": "below",
                "line": {"color": palette.quiet, "width": 1.5, "dash": "dash" if badge.restarts else "dot"},
            }
        )
        annotations.append(
            {
                "x": badge.period,
                "y": 1,
                "yref": "paper",
                # The arrow, without a head, leads from the badge down to its line.
                "showarrow": True,
                "arrowhead": 0,
                "arrowwidth": 1.5,
                "arrowcolor": palette.quiet,
                "ax": 0,
                "ay": -(ROW_PIXELS / 2 + row * ROW_PIXELS),
                "text": f"<b>{badge.text}</b>",
                "hovertext": badge.said,
                "bgcolor": palette.ground,
                "bordercolor": palette.ink,
                "borderwidth": 2 if badge.restarts else 1,
                "borderpad": 2,
                "font": {"color": palette.ink, "size": 12},
            }
        )
    return shapes, annotations, ROW_PIXELS * (max(placed) + 1) if placed else 0
