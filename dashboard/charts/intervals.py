"""Values beside each other, each with its 95% interval and its number."""

from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.comparing import axis, cut, frame, percent, wrapped
from dashboard.palette import Palette

ROW = 24
"""Pixels a row."""
NAMED = 24
"""Letters of a name beside its row: more would leave a phone no room for the chart."""


def draw(
    rows: pl.DataFrame,
    palette: Palette,
    *,
    unit: str,
    proportion: bool,
    texts: Sequence[str],
    chosen: Sequence[str] = (),
    average: tuple[float, str] | None = None,
    span: tuple[float, float] | None = None,
) -> go.Figure:
    """Draw rows from the top down: a mark, the line of its interval, and the value in figures.

    `rows` has organisation, organisation_name, value, lower and upper, every value known; `texts` are the
    values in words; the codes in `chosen` are filled diamonds. `average`: where a dashed line stands, and its
    name. `span`: the ends of the axis, where several charts are to share it.
    """
    names = _told_apart([cut(name, NAMED) for name in rows["organisation_name"]])
    marked = [code in chosen for code in rows["organisation"]]
    spans = rows.select(
        up=(pl.col("upper") - pl.col("value")).fill_null(0),
        down=(pl.col("value") - pl.col("lower")).fill_null(0),
    )
    figure = go.Figure(
        go.Scatter(
            x=rows["value"],
            y=names,
            mode="markers",
            # A mark at the end of the axis would be cut in half.
            cliponaxis=False,
            error_x={
                "type": "data",
                "array": spans["up"],
                "arrayminus": spans["down"],
                "color": palette.path,
                "thickness": 1.5,
                "width": 0,
            },
            marker={
                "symbol": ["diamond" if one else "circle-open" for one in marked],
                "size": [12 if one else 8 for one in marked],
                "color": [palette.concern if one else palette.actual for one in marked],
                "line": {"width": 2},
                "opacity": 1,
            },
            customdata=rows["organisation_name"],
            hovertemplate="<b>%{customdata}</b>: %{x:" + percent(proportion) + "}<extra></extra>",
            showlegend=False,
        )
    )
    low, high = span or ends(rows, proportion, [average[0]] if average else [])
    for name, text in zip(names, texts, strict=True):
        figure.add_annotation(
            x=1, xref="paper", y=name, text=text, showarrow=False, xanchor="left", xshift=6,
            font={"color": palette.ink, "size": 13},
        )  # fmt: skip
    if average:
        figure.add_vline(x=average[0], line={"color": palette.target, "width": 1.5, "dash": "dash"})
        left = (average[0] - low) < (high - low) / 2
        figure.add_annotation(
            x=average[0], y=1, yref="paper", yanchor="bottom", text=average[1], showarrow=False,
            xanchor="left" if left else "right", font={"color": palette.ink, "size": 13},
        )  # fmt: skip
    lines = wrapped(unit).count("<br>")
    frame(
        figure, palette, 84 + 18 * lines + ROW * rows.height, right=14 + 8 * max(map(len, texts), default=0)
    )
    figure.update_xaxes(
        title=wrapped(unit),
        tickformat=".0%" if proportion else "",
        range=[low, high],
        nticks=5,
        tickangle=0,
        **axis(palette),
    )
    figure.update_yaxes(
        **{**axis(palette), "showgrid": False},
        categoryorder="array", categoryarray=names, type="category",
        range=[rows.height - 0.5, -0.5],
    )  # fmt: skip
    return figure


def ends(rows: pl.DataFrame, proportion: bool, also: Sequence[float] = ()) -> tuple[float, float]:
    """Give an axis that holds every value and interval with a little air; shares stay within 0 and 1."""
    held = [
        *also,
        *(at for name in ("value", "lower", "upper") for at in rows[name].drop_nulls().to_list()),
    ] or [0.0, 1.0]
    low, high = min(held), max(held)
    air = 0.03 * ((high - low) or abs(high) or 1.0)
    return (max(low - air, 0.0), min(high + air, 1.0)) if proportion else (low - air, high + air)


def _told_apart(names: list[str]) -> list[str]:
    """Keep rows of the same name apart, and a name that is a number from being read as a place on the axis.

    A space without width does both.
    """
    seen: dict[str, int] = {}
    apart = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        apart.append(name + "\u200b" * seen[name])
    return apart
