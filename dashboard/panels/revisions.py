"""What later issues of a month changed: for whom, by how much, from which file, and what it turned."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard import glossary, queries, receipts, revised, wording
from dashboard.charts import revisions as charts
from dashboard.panels import address, choices, figures
from dashboard.panels.quiet import note
from dashboard.panels.view import View
from metrics.indicator import Indicator

SHOWN = 40
BESIDE = 3
WORDS = "what-the-words-mean"
ALL, LARGE, TURNED = "all", "large", "turned"


def show() -> None:
    """Show the revisions page."""
    edition = choices.edition()
    held = queries.organisations(edition)
    heading = st.container()
    first, second, third, fourth = st.columns([2, 4, 3, 3])
    with first:
        level = choices.level(held)
    ids = queries.indicators_with_figures(edition, level)
    if not ids:
        heading.title("Revisions", anchor=False)
        st.markdown("There are no figures at this level yet.")
        return
    with second:
        one = choices.indicator(ids)
    # Last, for it is not always there and would leave a hole.
    with fourth:
        basis = choices.basis(queries.bases_of(edition, level, one.id))
    with third:
        kind = choices.choose(
            "Show",
            {ALL: "Every revision", LARGE: "Large ones", TURNED: "Those that turned a signal"},
            "revised",
        )
    heading.title(f"Revisions: {one.short_title}", anchor=False, help=glossary.explain("revision"))
    body = st.container()
    found = revised.read(edition, one.id, level, basis, known_on=choices.known_on())
    with body:
        st.markdown(opening(one, level, found))
        shown = found.filter({ALL: pl.lit(True), LARGE: pl.col("flagged"), TURNED: pl.col("turned")}[kind])
        if not shown.is_empty():
            _chart(one, level, shown)
            _table(one, level, shown)
            _files(shown)
        elif not found.is_empty():
            st.markdown("None of them is of the kind chosen.")
        _words()


def opening(one: Indicator, level: str, found: pl.DataFrame) -> str:
    """Say how many figures were revised, how many by much, and how many turned a signal."""
    whose = wording.LEVELS[level][1] if level != "england" else "England"
    if found.is_empty():
        return (
            f"No figure of {one.short_title} has been revised at this level ({whose}). A month that "
            "comes for the first time is not a revision."
        )
    large, turned = int(found["flagged"].sum()), int(found["turned"].sum())
    count = found.height
    return (
        f"**{count} figure{'s' * (count != 1)} of {one.short_title} ({whose}) "
        f"{'was' if count == 1 else 'were'} changed by a later file**: {large} by much ({revised.FLAG}), and "
        f"{turned} turned a signal. Large means {revised.DECLARED}."
    )


def beside(view: View) -> None:
    """Say beside a figure which of its months were revised by much; nothing where none was."""
    found = revised.read(view.edition, view.indicator.id, view.level, view.basis, view.code, view.known_on)
    large = found.filter("flagged")
    if large.is_empty():
        return
    counted = view.level in wording.PLACES_OF_CARE
    said = [revised.sentence(view.indicator, row, counted) for row in large.head(BESIDE).to_dicts()]
    more = large.height - BESIDE
    if more > 0:
        said.append(f"{more} more on the page Revisions")
    note(f":orange-badge[{revised.FLAG} revision] " + ". ".join(said) + ".")


def _chart(one: Indicator, level: str, shown: pl.DataFrame) -> None:
    proportion = one.kind == "proportion"
    moved = shown.with_columns(moved=100 * pl.col("change" if proportion else "share")).drop_nulls("moved")
    if moved.is_empty():
        return
    unit = "points" if proportion else "% of the figure before"
    counted = level in wording.PLACES_OF_CARE
    texts = [
        f"<b>{row['organisation_name'] or row['organisation']}</b><br>" + revised.sentence(one, row, counted)
        for row in moved.to_dicts()
    ]
    texts = [text.replace(": ", ":<br>", 1).replace("; ", ";<br>", 1) for text in texts]
    least, most = moved["moved"].min(), moved["moved"].max()
    figures.key(
        *((symbol, words, "orange" if flagged else "blue") for flagged, symbol, words in charts.SHAPES)
    )
    figures.chart(
        charts.moved(moved, texts, f"Change, {unit}", figures.palette()),
        f"How far {moved.height} revisions moved their month's figure, from {least:.2f} to {most:.2f} "
        f"{unit}; {int(moved['flagged'].sum())} are large. The table below says the same.",
        key="revisions",
    )


def _table(one: Indicator, level: str, shown: pl.DataFrame) -> None:
    st.header("What changed, the newest first", anchor=False)
    counted = level in wording.PLACES_OF_CARE
    rows = shown.head(SHOWN).to_dicts()
    here = address.kept()
    table = pl.DataFrame(
        {
            "Month": [
                receipts.link(
                    wording.month(row["period"], short=True),
                    row["period"],
                    here | {address.ORGANISATION: row["organisation"]},
                )
                for row in rows
            ],
            "Organisation": [row["organisation_name"] or row["organisation"] for row in rows],
            "Before": [revised.figure(one, row["value_before"], counted) for row in rows],
            "After": [revised.figure(one, row["value_after"], counted) for row in rows],
            "Change": [revised.change(one, row) for row in rows],
            "Count behind it": [revised.behind(row) for row in rows],
            f"[Flag](#{WORDS})": [revised.FLAG if row["flagged"] else "–" for row in rows],
            f"[What it turned](#{WORDS})": [revised.turned(row) for row in rows],
            "Known from": [wording.day(row["known_at"]) for row in rows],
            "File": [_file(row) for row in rows],
        }
    )
    st.table(table, border="horizontal", hide_index=True, alt="Revisions, the newest first")
    note("Each month opens its receipt: every issue of the figure, and the files behind it.")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Download every revision as CSV",
            shown.write_csv().encode("utf-8-sig"),
            file_name=f"revisions-{one.id}-{level}.csv",
            mime="text/csv",
            on_click="ignore",
        )
        if shown.height > SHOWN:
            note(f"{shown.height - SHOWN:,} earlier revisions are in the download.")


def _file(row: dict[str, Any]) -> str:
    if row["file_name"] is None:
        return "Counted again, no new file"
    return row["file_name"] + (f" and {row['files'] - 1} more" if row["files"] > 1 else "")


def _files(shown: pl.DataFrame) -> None:
    files = (
        shown.drop_nulls("submission_id")
        .group_by("submission_id", "file_name", "sha256", "received_at", "feed")
        .agg(pl.len().alias("figures"), pl.col("flagged").sum(), pl.col("turned").sum())
        .sort("received_at", descending=True)
        .head(SHOWN)
    )
    if files.is_empty():
        return
    st.header("The files that brought them", anchor=False)
    rows = files.to_dicts()
    table = pl.DataFrame(
        {
            "File": [row["file_name"] for row in rows],
            "Feed": [wording.feed_title(row["feed"]) for row in rows],
            "Received": [wording.day(row["received_at"]) for row in rows],
            "Figures changed": [f"{row['figures']:,}" for row in rows],
            f"[Large](#{WORDS})": [f"{row['flagged']:,}" for row in rows],
            "Turned a signal": [f"{row['turned']:,}" for row in rows],
            "Hash (SHA-256, first 12)": [row["sha256"][:12] for row in rows],
        }
    )
    st.table(
        table, border="horizontal", hide_index=True, alt="Files that brought revisions, the newest first"
    )


def _words() -> None:
    st.header("What the words mean", anchor=WORDS)
    meanings = {
        "Revision": "a figure that was known already and that a later file changed. A first arrival is none, "
        "and neither is a change of the target or the path alone.",
        "Large": f"{revised.DECLARED}. Half a point is half of what England's four-hour figure usually moves "
        "from one month to the next.",
        "What it turned": "the month's own point, the two icons and the verdict, read from the series as it "
        "stood just before the file came and from then on, with today's plans and recalculations in both.",
        "Known from": "the day from which the figure after was known. “As known on” an earlier day gives the "
        "one before.",
    }
    st.markdown("\n".join(f"- **{word}**: {meaning}" for word, meaning in meanings.items()))
