"""What charts that compare organisations share: axes, frame, and names that stand clear of each other."""

from collections.abc import Sequence
from textwrap import wrap

import plotly.graph_objects as go

from dashboard.charts.trajectory import FONT
from dashboard.palette import Palette


def axis(palette: Palette) -> dict[str, object]:
    """Give what every axis has: a quiet grid, and a title that says the unit."""
    return {
        "gridcolor": palette.grid,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
        "title_font": {"size": 14, "color": palette.quiet},
    }


def frame(figure: go.Figure, palette: Palette, height: int, right: int = 16) -> None:
    """Set size, type and margins, `right` in pixels; nothing moves or zooms."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": right, "t": 40, "b": 8},
        paper_bgcolor=palette.ground,
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 14, "color": palette.ink},
        legend={
            "orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom",
            "itemclick": False, "itemdoubleclick": False,
        },
        dragmode=False,
    )  # fmt: skip


def apart(levels: Sequence[float], least: float) -> list[float]:
    """Move levels up until each is at least `least` above the one below it; their order stays."""
    moved = [0.0] * len(levels)
    floor = float("-inf")
    for at in sorted(range(len(levels)), key=lambda at: levels[at]):
        moved[at] = max(levels[at], floor)
        floor = moved[at] + least
    return moved


def cut(name: str, most: int) -> str:
    """Cut a name for a chart; the table has it whole."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip(' ,')}…"


def wrapped(title: str, most: int = 30) -> str:
    """Break an axis title into lines that fit a phone."""
    return "<br>".join(wrap(title, most))


def percent(proportion: bool) -> str:
    """Give how Plotly writes a value where it is pointed at."""
    return ".1%" if proportion else ",.4~g"
