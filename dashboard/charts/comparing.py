"""Organisations beside each other: a funnel, ranked intervals, and their spread over time."""

from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.trajectory import FONT
from dashboard.palette import Palette

SYMBOLS = {
    "above_998": "triangle-up",
    "above_95": "triangle-up-open",
    "within": "circle-open",
    "below_95": "triangle-down-open",
    "below_998": "triangle-down",
}
"""Filled triangles are beyond the 99.8% limits, open ones beyond the 95%: colour only repeats it."""

LABELS = 4
"""Marks beyond the limits are named where there are no more than this: names would cover each other."""


def funnel(
    rows: pl.DataFrame,
    palette: Palette,
    *,
    unit: str,
    size: str,
    proportion: bool,
    chosen: Sequence[str] = (),
) -> go.Figure:
    """Draw each organisation by its size and value, between its limits.

    `rows` has organisation_name, denominator, value, average, limits, z and position (null: not drawn).
    `size` names the horizontal axis; the codes in `chosen` are ringed and named.
    """
    rows = rows.drop_nulls(["position", "denominator"]).sort("denominator")
    figure = go.Figure()
    for name, dash, words in (("998", "solid", "99.8% limits"), ("95", "dot", "95% limits")):
        for side in ("upper", "lower"):
            figure.add_trace(
                go.Scatter(
                    x=rows["denominator"],
                    y=rows[f"{side}_{name}"],
                    mode="lines",
                    line={"color": palette.path, "width": 1.5, "dash": dash},
                    name=words,
                    showlegend=side == "upper",
                    hoverinfo="skip",
                )
            )
    figure.add_trace(
        go.Scatter(
            x=rows["denominator"],
            y=rows["average"],
            mode="lines",
            line={"color": palette.target, "width": 1.5},
            name="Average",
            hoverinfo="skip",
        )
    )
    outer = rows.filter(pl.col("position").is_in(["above_998", "below_998"]))
    named = {*chosen, *(outer["organisation"] if outer.height <= LABELS else ())}
    percent = ".1%" if proportion else ",.4~g"
    for position, symbol in SYMBOLS.items():
        mine = rows.filter(pl.col("position") == position)
        figure.add_trace(
            go.Scatter(
                x=mine["denominator"],
                y=mine["value"],
                mode="markers+text",
                marker={
                    "symbol": symbol,
                    "size": [13 if code in chosen else 9 for code in mine["organisation"]],
                    "color": palette.actual if position == "within" else palette.concern,
                    "line": {"width": 1.5},
                },
                text=[
                    name if code in named else ""
                    for code, name in mine.select("organisation", "organisation_name").iter_rows()
                ],
                customdata=mine["organisation_name"],
                textposition="top center",
                textfont={"color": palette.ink, "size": 12},
                hovertemplate="<b>%{customdata}</b><br>%{y:" + percent + "} of %{x:,}<extra></extra>",
                showlegend=False,
            )
        )
    _frame(figure, palette, 440)
    figure.update_xaxes(
        title=size, range=_sizes(rows["denominator"]), tickformat=",", nticks=6, **_axis(palette)
    )
    held = rows.select(pl.concat_list("value", "lower_998", "upper_998").explode()).to_series().drop_nulls()
    if held.len():
        # A mark on the edge would be cut in half.
        air = 0.05 * (float(held.max()) - float(held.min()) or 1.0)
        figure.update_yaxes(range=[float(held.min()) - air, float(held.max()) + air])
    figure.update_yaxes(title=unit, tickformat=".0%" if proportion else "", **_axis(palette))
    return figure


def _sizes(held: pl.Series) -> list[float] | None:
    """Give an axis of sizes from nought; from the smallest where all are alike, or they make one column."""
    if held.is_empty():
        return None
    low, high = float(held.min()), float(held.max())
    alike = low > high / 2
    air = 0.05 * ((high - low) or high) if alike else 0.05 * high
    return [low - air if alike else 0.0, high + air]


def ranked(
    rows: pl.DataFrame,
    palette: Palette,
    *,
    unit: str,
    proportion: bool,
    chosen: Sequence[str] = (),
    in_order: bool = True,
) -> go.Figure:
    """Draw each organisation's value with its 95% interval; chosen ones filled.

    From the bottom up in order of value, or as they come.

    `rows` has organisation, organisation_name, value, lower, upper and average.
    """
    rows = rows.drop_nulls("value")
    rows = rows.sort("value") if in_order else rows
    names = rows["organisation_name"].to_list()
    ring = [code in chosen for code in rows["organisation"]]
    spans = rows.select(
        up=(pl.col("upper") - pl.col("value")).fill_null(0),
        down=(pl.col("value") - pl.col("lower")).fill_null(0),
    )
    percent = ".1%" if proportion else ",.4~g"
    figure = go.Figure(
        go.Scatter(
            x=rows["value"],
            y=names,
            mode="markers",
            error_x={
                "type": "data",
                "array": spans["up"],
                "arrayminus": spans["down"],
                "color": palette.path,
                "thickness": 1.5,
                "width": 0,
            },
            marker={
                "symbol": ["diamond" if one else "circle-open" for one in ring],
                "size": [12 if one else 8 for one in ring],
                "color": [palette.concern if one else palette.actual for one in ring],
                "line": {"width": 2},
            },
            hovertemplate="<b>%{y}</b>: %{x:" + percent + "}<extra></extra>",
            showlegend=False,
        )
    )
    average = rows["average"].drop_nulls()
    if average.len():
        figure.add_vline(x=average[0], line={"color": palette.target, "width": 1.5, "dash": "dash"})
        figure.add_annotation(
            x=average[0], y=1, yref="paper", yanchor="bottom", text="Average", showarrow=False,
            font={"color": palette.ink, "size": 13},
        )  # fmt: skip
    _frame(figure, palette, 90 + 22 * rows.height)
    figure.update_xaxes(title=unit, tickformat=".0%" if proportion else "", **_axis(palette))
    figure.update_yaxes(
        **{**_axis(palette), "showgrid": False}, categoryorder="array", categoryarray=names, type="category"
    )
    return figure


def spread(
    months: pl.DataFrame, lines: pl.DataFrame, palette: Palette, *, unit: str, proportion: bool
) -> go.Figure:
    """Draw the middle half and the middle four fifths of organisations, month by month, with chosen ones.

    `months` has period and q10, q25, q50, q75, q90; `lines` the chosen organisations' observations.
    """
    figure = go.Figure()
    percent = ".1%" if proportion else ",.4~g"
    for low, high, shade, words in (
        ("q10", "q90", 0.18, "Middle four fifths"),
        ("q25", "q75", 0.32, "Middle half"),
    ):
        for first, stretch in enumerate(months.partition_by("run", maintain_order=True)):
            figure.add_trace(
                go.Scatter(
                    x=[*stretch["period"], *reversed(stretch["period"].to_list())],
                    y=[*stretch[high], *reversed(stretch[low].to_list())],
                    fill="toself",
                    fillcolor=_see_through(palette.actual, shade),
                    line={"color": palette.actual, "width": 0.8},
                    mode="lines",
                    name=words,
                    showlegend=first == 0,
                    hoverinfo="skip",
                )
            )
    figure.add_trace(
        go.Scatter(
            **_broken(months, "q50"),
            mode="lines",
            line={"color": palette.target, "width": 2, "dash": "dash"},
            name="Median organisation",
            hovertemplate="Median, %{x|%B %Y}: %{y:" + percent + "}<extra></extra>",
        )
    )
    dashes = ("solid", "dot", "longdash", "dashdot")
    for at, mine in enumerate(lines.partition_by("organisation", maintain_order=True)):
        name = mine["organisation_name"][0]
        figure.add_trace(
            go.Scatter(
                **_broken(mine, "value"),
                mode="lines",
                line={"color": palette.concern, "width": 2.5, "dash": dashes[at % len(dashes)]},
                name=name,
                connectgaps=False,
                hovertemplate=f"{name}, %{{x|%B %Y}}: %{{y:{percent}}}<extra></extra>",
            )
        )
    _frame(figure, palette, 420)
    figure.update_xaxes(**_axis(palette), tickformat="%b\n%Y")
    figure.update_yaxes(title=unit, tickformat=".0%" if proportion else "", **_axis(palette))
    return figure


def _broken(rows: pl.DataFrame, column: str) -> dict[str, list[object]]:
    """Give x and y of a line with a break wherever months are missing: it must not jump over them."""
    x: list[object] = []
    y: list[object] = []
    for stretch in rows.partition_by("run", maintain_order=True):
        x += [*stretch["period"], None]
        y += [*stretch[column], None]
    return {"x": x, "y": y}


def _axis(palette: Palette) -> dict[str, object]:
    return {
        "gridcolor": palette.grid,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
        "title_font": {"size": 14, "color": palette.quiet},
    }


def _frame(figure: go.Figure, palette: Palette, height: int) -> None:
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 16, "t": 44, "b": 8},
        paper_bgcolor=palette.ground,
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 14, "color": palette.ink},
        legend={
            "orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom",
            "itemclick": False, "itemdoubleclick": False,
        },
        dragmode=False,
    )  # fmt: skip


def _see_through(colour: str, share: float) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"
