"""How organisations are spread month by month: the middle half, the middle four fifths, and chosen ones."""

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.comparing import apart, axis, cut, frame, percent, wrapped
from dashboard.palette import Palette

HEIGHT = 440
DASHES = ("solid", "dot", "longdash", "dashdot")
BANDS = (("q10", "q90", 0.18, "Middle four fifths"), ("q25", "q75", 0.32, "Middle half"))
MIDDLE = "Median"
NAMED = 16
"""Letters at most of a name beside the end of its line; the margin is as wide as the longest."""


def draw(
    months: pl.DataFrame, lines: pl.DataFrame, palette: Palette, *, unit: str, proportion: bool
) -> go.Figure:
    """Draw the spread of organisations month by month, with chosen ones named at the ends of their lines.

    `months` has period, run and q10, q25, q50, q75, q90; `lines` the chosen organisations' observations, with
    organisation_name as it is to be written, and run.
    """
    figure = go.Figure()
    for low, high, shade, words in BANDS:
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
    value = percent(proportion)
    figure.add_trace(
        go.Scatter(
            **_broken(months, "q50"),
            mode="lines+markers",
            line={"color": palette.target, "width": 2, "dash": "dash"},
            # A month alone has no line: without a mark it would not be seen.
            marker={"color": palette.target, "size": _alone(months)},
            name=MIDDLE,
            showlegend=False,
            hovertemplate=f"{MIDDLE}, %{{x|%B %Y}}: %{{y:{value}}}<extra></extra>",
        )
    )
    ends = [(months["period"][-1], months["q50"][-1], MIDDLE, palette.target)]
    for at, mine in enumerate(lines.partition_by("organisation", maintain_order=True)):
        name = mine["organisation_name"][0]
        figure.add_trace(
            go.Scatter(
                **_broken(mine, "value"),
                mode="lines",
                line={"color": palette.concern, "width": 2.5, "dash": DASHES[at % len(DASHES)]},
                name=name,
                showlegend=False,
                connectgaps=False,
                hovertemplate=f"{name}, %{{x|%B %Y}}: %{{y:{value}}}<extra></extra>",
            )
        )
        known = mine.drop_nulls("value")
        if known.height:
            ends.append((known["period"][-1], known["value"][-1], name, palette.concern))
    frame(figure, palette, HEIGHT, right=12 + 7 * max(len(cut(name, NAMED)) for _, _, name, _ in ends))
    across = [months["period"].min(), months["period"].max()]
    figure.update_xaxes(**axis(palette), tickformat="%b\n%Y", range=across)
    figure.update_yaxes(title=wrapped(unit), tickformat=".0%" if proportion else "", **axis(palette))
    _named(figure, ends, months, lines)
    return figure


def _named(
    figure: go.Figure, ends: list[tuple[object, float, str, str]], months: pl.DataFrame, lines: pl.DataFrame
) -> None:
    """Write each line's name beside its end, moved up where two would touch."""
    held = [months["q10"], months["q90"], *([lines["value"]] if "value" in lines.columns else [])]
    drawn = pl.concat([each.drop_nulls().cast(pl.Float64).rename("at") for each in held])
    height = (float(drawn.max()) - float(drawn.min())) or 1.0
    levels = apart([level for _, level, *_ in ends], height * 17 / (HEIGHT - 110))
    for (period, _, name, colour), level in zip(ends, levels, strict=True):
        figure.add_annotation(
            x=period, y=level, text=cut(name, NAMED), showarrow=False, xanchor="left", xshift=6,
            yanchor="middle", font={"color": colour, "size": 13},
        )  # fmt: skip


def _alone(months: pl.DataFrame) -> list[int]:
    """Give the sizes of marks in the order of `_broken`: nought but for a month without neighbours."""
    sizes: list[int] = []
    for stretch in months.partition_by("run", maintain_order=True):
        sizes += [7 if stretch.height == 1 else 0] * stretch.height + [0]
    return sizes


def _broken(rows: pl.DataFrame, column: str) -> dict[str, list[object]]:
    """Give x and y of a line with a break wherever months are missing: it must not jump over them."""
    x: list[object] = []
    y: list[object] = []
    for stretch in rows.partition_by("run", maintain_order=True):
        x += [*stretch["period"], None]
        y += [*stretch[column], None]
    return {"x": x, "y": y}


def _see_through(colour: str, share: float) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"
