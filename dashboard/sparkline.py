"""A small line as an SVG picture: where a measure has been, and its path. It prints in its row."""

import polars as pl

from dashboard.palette import Palette

WIDTH, HEIGHT, EDGE = 120, 44, 6


def svg(series: pl.DataFrame, palette: Palette) -> str:
    """Draw period, value, path and status as an SVG element; "" without a single value.

    The line breaks where a month is missing; the last month is a dot, hollow while it is provisional.
    """
    known = series.drop_nulls("value")
    if known.is_empty():
        return ""
    placed = _placed(series)
    last = placed.drop_nulls("y").row(-1, named=True)
    fill = palette.ground if last["status"] == "provisional" else palette.actual
    dashed = placed.drop_nulls("path_y")
    path = (
        f'<polyline points="{_points(dashed, "path_y")}" fill="none" stroke="{palette.path}" '
        'stroke-width="1.5" stroke-dasharray="6 4"/>'
        if dashed.height > 1
        else ""
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}">{path}{_lines(placed, palette)}'
        f'<circle cx="{last["x"]}" cy="{last["y"]}" r="3.5" fill="{fill}" stroke="{palette.actual}" '
        'stroke-width="2"/></svg>'
    )


def _placed(series: pl.DataFrame) -> pl.DataFrame:
    """Add x, y and path_y in pixels; one scale for values and path."""
    both = pl.concat([series["value"], series["path"]]).drop_nulls()
    low, high = float(both.min()), float(both.max())  # type: ignore[arg-type]
    span = (high - low) or 1.0
    day = pl.col("period").dt.epoch("d")
    width = pl.max_horizontal(day.max() - day.min(), 1)

    def height(name: str) -> pl.Expr:
        return (HEIGHT - EDGE - (pl.col(name) - low) / span * (HEIGHT - 2 * EDGE)).round(1)

    return series.sort("period").with_columns(
        (EDGE + (day - day.min()) / width * (WIDTH - 2 * EDGE)).round(1).alias("x"),
        height("value").alias("y"),
        height("path").alias("path_y"),
    )


def _lines(placed: pl.DataFrame, palette: Palette) -> str:
    """Draw one line for each run of months without a gap."""
    whole = placed.filter(pl.col("period") <= placed.drop_nulls("y")["period"].max())
    runs = whole.with_columns(pl.col("y").is_null().cum_sum().alias("run")).drop_nulls("y")
    return "".join(
        f'<polyline points="{_points(run, "y")}" fill="none" stroke="{palette.actual}" stroke-width="2" '
        'stroke-linejoin="round"/>'
        for run in runs.partition_by("run")
        if run.height > 1
    )


def _points(placed: pl.DataFrame, column: str) -> str:
    return str(placed.select(pl.format("{},{}", "x", column).str.join(" ")).item())
