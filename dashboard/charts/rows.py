"""A grid of marks, a row for each feed or organisation: its name stands over its marks, at any width."""

from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go

from dashboard.charts.trajectory import FONT
from dashboard.palette import Palette

PITCH = 46
"""Pixels from one row to the next: a line of words and a line of marks."""
TOP = 62
"""Pixels above the first row: the button that saves the picture, then the months."""
SIDE = 12
"""Pixels beside the marks: half a year's figures, without which the first month would lose its own."""
MOST_LETTERS = 48
"""Letters of a name that a phone has room for."""
LINES = ("x-thin", "line-ew")
"""Marks that are lines alone, and are seen by their outline."""


def marker(symbol: str, colour: str, size: int) -> dict[str, object]:
    """Give a mark as Plotly takes it: what is a line alone or hollow is seen by its outline."""
    return {
        "symbol": symbol,
        "size": size,
        "color": colour,
        "line": {"width": 2 if symbol in LINES or symbol.endswith("-open") else 0, "color": colour},
    }


def lay_out(figure: go.Figure, names: Sequence[str], months: Sequence[date], palette: Palette) -> None:
    """Name the rows (at 0, 1, 2 … from the top) above their marks, and the months above them all."""
    for row, name in enumerate(names):
        figure.add_annotation(
            text=_short(name), showarrow=False, x=0, xref="paper", xanchor="left", xshift=-SIDE,
            y=row, yanchor="bottom", yshift=7, font={"size": 14, "color": palette.ink},
        )  # fmt: skip
    figure.update_layout(
        height=TOP + PITCH * len(names),
        margin={"l": SIDE, "r": SIDE, "t": TOP, "b": 0},
        paper_bgcolor=palette.ground,
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 14, "color": palette.ink},
        showlegend=False,
        dragmode=False,
    )
    axis = {"showgrid": False, "zeroline": False, "fixedrange": True}
    figure.update_xaxes(
        **axis, side="top", type="date", range=_ends(months), tickangle=0,
        tickvals=list(months), ticktext=[_initial(month, months) for month in months],
    )  # fmt: skip
    figure.update_yaxes(**axis, showticklabels=False, range=[len(names) - 0.7, -0.7])


def _short(name: str) -> str:
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1].rstrip()}…"


def _ends(months: Sequence[date]) -> list[float]:
    """Give an axis of dates half a month's air on both sides, in milliseconds since 1970."""
    first, last = (1000.0 * 86_400 * (month - date(1970, 1, 1)).days for month in (months[0], months[-1]))
    air = (last - first) / max(len(months) - 1, 1) / 2 or 15 * 1000.0 * 86_400
    return [first - air, last + air]


def _initial(month: date, months: Sequence[date]) -> str:
    """Write a month as its first letter, with the year over the first of each year."""
    begins = month == months[0] or (month.month == 1 and month != months[-1])
    return (f"{month:%Y}<br>" if begins else "<br>") + f"{month:%b}"[0]
