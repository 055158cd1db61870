"""The table twin of a chart, and its download exactly as held with the definition attached."""

import polars as pl
import streamlit as st

from dashboard import receipts, seasons, sentences, spc, wording
from dashboard.panels import about, address
from dashboard.panels.quiet import note
from dashboard.panels.view import View
from dashboard.sentences import Reading
from metrics.indicator import Indicator

SHOWN = 13


def show(
    view: View, lines: pl.DataFrame, points: pl.DataFrame | None = None, *, adjusted: bool = False
) -> None:
    """Show the newest 13 months of one series, and offer every month as CSV.

    `lines` as `dashboard.seasons.Seasons` has them. `points` (`dashboard.spc.COLUMNS`) adds what each month
    signals, and the mean and limits to the download; `adjusted` the values without seasons, to both.
    """
    one = view.indicator
    if lines.is_empty():
        return
    st.header("The figures", anchor=False)
    counted = view.level in wording.PLACES_OF_CARE
    newest = lines.sort("period", descending=True).head(SHOWN)
    here = address.kept()
    columns: dict[str, list[str]] = {
        "Month": [receipts.link(wording.month(p), p, here) for p in newest["period"]]
    }
    columns["Actual"] = [wording.value(one, v, counted) for v in newest["value"]]
    if adjusted:
        columns["Seasons taken out"] = [
            "–" if v is None else wording.value(one, v, counted) for v in newest["adjusted"]
        ]
    if newest["year_before"].null_count() < newest.height:
        steps = [seasons.change(one, row) for row in newest.iter_rows(named=True)]
        columns["On the same month last year"] = steps
    if newest["target"].null_count() < newest.height:
        columns["Path"] = ["–" if v is None else wording.value(one, v, counted) for v in newest["path"]]
        columns["Target"] = [_or_dash(one, v, counted) for v in newest["target"]]
    columns[one.numerator_title] = [wording.number(v, 0) for v in newest["numerator"]]
    if newest["denominator"].null_count() < newest.height:
        columns[one.denominator_title] = [wording.number(v, 0) for v in newest["denominator"]]
    columns[f"[Status](#{about.ANCHOR})"] = [wording.OBSERVATION_STATUSES.get(s, s) for s in newest["status"]]
    if not adjusted:
        lines = lines.drop("adjusted", "season", "season_years")
    if points is not None:
        lines = lines.join(points.select(spc.COLUMNS), on="period", how="left")
        states = dict(points.select("period", "state").iter_rows())
        columns["Signal"] = [spc.state_words(states.get(period)) for period in newest["period"]]
    st.table(
        pl.DataFrame(columns),
        border="horizontal",
        hide_index=True,
        alt=f"{one.short_title}, {view.name}, newest month first",
    )
    note("Each month opens its receipt: where the figure comes from.")
    older = lines.height - newest.height
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Download every month as CSV",
            lambda: as_csv(one, lines),
            file_name=f"{one.id}-{view.code}.csv",
            mime="text/csv",
            on_click="ignore",
        )
        if older > 0:
            note(f"{older} earlier months are in the download.")


def as_csv(one: Indicator, lines: pl.DataFrame) -> bytes:
    """Write observations as CSV in full precision, with the definition's status and source on each row."""
    attached = lines.with_columns(
        pl.lit(one.title).alias("measure"),
        pl.lit(one.definition_status).alias("definition_status"),
        pl.lit(one.source).alias("definition_source"),
    )
    return attached.write_csv().encode("utf-8-sig")


def compare(view: View, title: str, readings: list[Reading], left_out: int) -> None:
    """Show the small charts' figures as a table; those beyond the charts shown are only here."""
    one = view.indicator
    table = pl.DataFrame(
        {
            "Name": [each.organisation for each in readings],
            "Latest": [wording.value(one, each.value, each.counted) for each in readings],
            "Month": [wording.month(each.period) if each.period else "–" for each in readings],
            "Target": [_or_dash(one, each.target, each.counted) for each in readings],
            f"[Verdict](#{about.ANCHOR})": [wording.standing(each.status_words).plain for each in readings],
            "Gap to the path": [sentences.gap(each) or "–" for each in readings],
        }
    )
    with st.expander("The same as a table" + (f", with {left_out} more" if left_out > 0 else "")):
        st.table(table, border="horizontal", hide_index=True, alt=title)


def _or_dash(one: Indicator, amount: float | None, counted: bool) -> str:
    return "–" if amount is None else wording.target_value(one, amount, counted)
