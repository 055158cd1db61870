"""Small charts on one scale: an organisation's children or neighbours, or a breakdown's parts."""

from datetime import date

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from dashboard import sentences, wording
from dashboard.charts import marks
from dashboard.charts import trajectory as charts
from dashboard.kept import kept
from dashboard.palette import Palette
from dashboard.panels import figures, series_table
from dashboard.panels.quiet import note
from dashboard.panels.view import View
from dashboard.sentences import Reading
from metrics.indicators import all_indicators

CHILD = {"england": "region", "region": "system", "system": "place", "place": "neighbourhood"}
MOST = 12
"""Charts drawn at most; a reader compares no more at once, and the table holds the rest."""


def others(held: pl.DataFrame, level: str, code: str) -> str:
    """Name the organisations that an organisation's page compares with."""
    if _has_inside(held, level, code):
        return f"Its {wording.LEVELS[CHILD[level]][1].lower()}"
    return f"{wording.LEVELS[level][1]} nearby"


def _has_inside(held: pl.DataFrame, level: str, code: str) -> bool:
    """Say whether there are organisations of the next level down; published figures often have none."""
    child = pl.lit(CHILD.get(level), dtype=pl.String)
    inside = held.filter(pl.col("level") == child, pl.col("parent") == code)
    return level == "england" or not inside.is_empty()


def organisations(view: View, held: pl.DataFrame) -> None:
    """Draw a place's neighbourhoods, or the chosen organisation among those under the same parent."""
    inside = _has_inside(held, view.level, view.code)
    level = CHILD[view.level] if inside else view.level
    parent = pl.lit(view.code if inside else view.parent, dtype=pl.String)
    rows = held.filter(pl.col("level") == level, pl.col("parent") == parent)
    if rows.height < (1 if inside else 2):
        return
    names = dict(zip(rows["code"], rows["name"], strict=True))
    plural = wording.LEVELS[level][1]
    title = f"{plural} in {view.name}" if inside else f"{plural} side by side"
    _draw(view, title, view.history(level, tuple(names)), "organisation", names)


def parts(view: View, split: str) -> None:
    """Draw one breakdown of the chosen organisation, in its declared order."""
    declared = next(each for each in view.indicator.breakdowns if each.name == split)
    lines = view.history(breakdown=split)
    held = set(lines["category"])
    known = [code for code in declared.labels if code in held]
    unknown = sorted(held - set(known))
    names = {code: declared.labels.get(code, wording.category(code)) for code in [*known, *unknown]}
    _draw(view, f"{view.name} by {declared.title.lower()}", lines, "category", names)
    if declared.note:
        note(declared.note)


def _draw(view: View, title: str, lines: pl.DataFrame, by: str, names: dict[str, str]) -> None:
    st.header(title, anchor=False)
    split = {str(part[by][0]): part for part in lines.partition_by(by)}
    readings = view.readings(lines, by, names)
    held = [code for code in names if code in split]
    known = set(lines.drop_nulls("value")[by])
    if not known:
        st.markdown("There are no figures to compare.")
        return
    newest = max((one.period for one in readings.values() if one.period), default=None)
    # Its own first; those that have stopped last; what never had a figure is in the table alone.
    shown = sorted(
        (code for code in held if code in known),
        key=lambda code: (code != view.code, _is_older(readings[code], newest)),
    )
    some = lines.filter(pl.col(by).is_in(shown[:MOST]))
    # For what it says of each month, the first part's level decides, as for the axis.
    counted = readings[shown[0]].counted
    drawn = _charts(view.indicator.id, view.to_deadline(some), by, counted, figures.palette())
    note(f"Every chart has the same scale: {wording.axis_title(view.indicator, counted)}.")
    grid = st.grid(max(2, min(4, len(drawn))), min_column_width=230, gap="small")
    for code in shown[:MOST]:
        reading, (figure, series) = readings[code], drawn[code]
        with grid.cell():
            badge = wording.standing(reading.status_words).badge
            st.markdown(f"**{names[code]}** {_latest(view, reading, series, newest)} {badge}")
            figures.chart(figure, sentences.alt_text(reading, series), key=f"small-{by}-{code}")
    listed = [*shown, *(code for code in held if code not in known)]
    series_table.compare(view, title, [readings[code] for code in listed], len(listed) - len(drawn))


def _is_older(reading: Reading, newest: date | None) -> bool:
    return newest is not None and (reading.period is None or reading.period < newest)


def _latest(view: View, reading: Reading, series: pl.DataFrame, newest: date | None) -> str:
    """Say the latest figure and of how many it is, with its month where others have a newer one."""
    parts = [wording.value(view.indicator, reading.value, reading.counted)]
    of = series.filter(pl.col("period") == reading.period)["denominator"].drop_nulls()
    if of.len():
        parts.append(f":small[n = {wording.number(of[0], 0)}]".replace(" ", "\N{NO-BREAK SPACE}"))
    if reading.period and _is_older(reading, newest):
        parts.append(f":small[in {wording.month(reading.period, short=True)}]")
    return " ".join(parts)


@kept(64)
def _charts(
    indicator: str, lines: pl.DataFrame, by: str, counted: bool, palette: Palette
) -> dict[str, tuple[go.Figure, pl.DataFrame]]:
    """Build the small charts of several series on one scale: by code, the figure and the months it shows."""
    one = all_indicators()[indicator]
    series = {str(part[by][0]): _until_newest(part) for part in lines.partition_by(by)}
    proportion = one.kind == "proportion"
    shared = {
        "proportion": proportion,
        "bounds": marks.scale(list(series.values()), proportion),
        "span": charts.span_of(pl.concat([part.select("period") for part in series.values()])),
    }
    return {
        code: (charts.small_chart(part, palette, texts=sentences.points(one, part, counted), **shared), part)
        for code, part in series.items()
    }


def _until_newest(series: pl.DataFrame) -> pl.DataFrame:
    """Leave out the months ahead, so that small charts give their width to what happened."""
    newest = series.drop_nulls("value")["period"].max()
    return series if newest is None else series.filter(pl.col("period") <= newest)
