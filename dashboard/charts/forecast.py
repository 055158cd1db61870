"""The forecast layer of a chart: a fan of what current variation gives, and its middle."""

import polars as pl

from dashboard.charts.drawing import Trace, scatter
from dashboard.palette import Palette


def fan(months: pl.DataFrame, palette: Palette) -> list[Trace]:
    """Draw the 95% and 80% intervals as two tints, the 80% one with edges, and the middle dash-dotted.

    `months` has period, mean, lower_80, upper_80, lower_95 and upper_95, oldest first.
    """
    if months.is_empty():
        return []
    traces = []
    for share, tint, edge in (("95", 0.12, 0.0), ("80", 0.2, 0.8)):
        for side in ("lower", "upper"):
            traces.append(
                scatter(
                    x=months["period"].to_list(),
                    y=months[f"{side}_{share}"].to_list(),
                    mode="lines",
                    name=f"Forecast {share}%",
                    line={"color": palette.actual, "width": edge},
                    fill="tonexty" if side == "upper" else None,
                    fillcolor=_tint(palette.actual, tint),
                    hoverinfo="skip",
                )
            )
    middle = scatter(
        x=months["period"].to_list(),
        y=months["mean"].to_list(),
        mode="lines",
        name="Forecast",
        line={"color": palette.actual, "width": 2, "dash": "dashdot"},
        hoverinfo="skip",
    )
    return [*traces, middle]


def _tint(colour: str, share: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"
