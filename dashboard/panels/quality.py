"""How good the data are: what arrived, what was set aside and why, and which months are missing."""

import json
from datetime import UTC, date, datetime

import polars as pl
import streamlit as st

from dashboard import glossary, provenance, reconciled, soundness, wording
from dashboard.charts import freshness
from dashboard.panels import choices, figures, reconciliation
from dashboard.panels.quiet import note

SHOWN = 15
MONTHS = 18
WORDS = "what-the-words-mean"
FRESH, OLD = f"[Fresh](#{WORDS})", "⚠ Older than expected"
KEY = (
    ("square", "All rows accepted", "blue"),
    ("diamond", "Some rows set aside", "orange"),
    ("x-thin", "Not received", "gray"),
)


def show() -> None:
    """Show the data quality page."""
    edition = choices.edition()
    st.title("Data quality", anchor=False, help=glossary.explain("feed", "quarantine", "stale"))
    submissions = provenance.submissions(edition)
    if submissions.is_empty():
        st.markdown("No file has been loaded yet. `targets load FILE...` loads one.")
        return
    st.markdown(_opening(submissions))
    held = provenance.months_held(edition)
    _freshness(held)
    found = provenance.findings(edition).filter(~pl.col("rule").is_in(reconciled.RULES))
    # A published file is taken whole or not at all: what is noticed in it sets no row aside.
    feeds = submissions.filter(pl.col("quarantined") > 0)["feed"].unique().to_list()
    aside = (pl.col("severity") != "info") & pl.col("feed").is_in(feeds)
    _set_aside(found.filter(aside))
    reconciliation.checks(edition, WORDS)
    reconciliation.differences(edition, WORDS)
    reconciliation.revisions(edition, WORDS)
    _noted(found.filter(~aside))
    _submissions(submissions)
    _words()


def _opening(submissions: pl.DataFrame) -> str:
    stored = submissions.filter(pl.col("outcome") != "refused")
    aside, rows = int(stored["quarantined"].sum()), int(stored["rows"].sum())
    refused = submissions.height - stored.height
    share = f" ({100 * aside / rows:.2f}%)" if rows else ""
    files = "file was" if refused == 1 else "files were"
    return (
        f"{submissions.height:,} files have arrived with {rows:,} rows that were checked and stored. "
        f"**{aside:,} rows{share} were set aside** because they broke a rule, and "
        f"**{refused:,} {files} refused** whole."
    )


def _freshness(held: pl.DataFrame) -> None:
    st.header("How fresh it is", anchor=False)
    if held.is_empty():
        st.markdown("No file that covers a month has been accepted.")
        return
    newest: date = held["period"].max()  # type: ignore[assignment]
    months = [months_before(newest, ago) for ago in reversed(range(MONTHS))]
    # Lookups and mappings come when they change: no month of theirs is missing.
    today = datetime.now(UTC).date()
    due = {feed: day for feed in set(held["feed"]) if (day := soundness.due([feed], today))}
    if not due:
        st.markdown("No feed that is expected each month has been accepted.")
        return
    rows = {feed: _feed_row(held, feed, months, due[feed]) for feed in due}
    feeds = {
        feed: row["Feed"]
        for feed, row in sorted(rows.items(), key=lambda one: (one[1][FRESH] != OLD, one[1]["Feed"]))
    }
    late = [title for feed, title in feeds.items() if rows[feed][FRESH] == OLD]
    old = f"**Older than expected:** {wording.listing(late)}." if late else "No feed is older than expected."
    st.markdown(f"The newest month is {wording.month(newest)}. {old}")
    figures.key(*KEY)
    figures.chart(
        freshness.grid(held, feeds, months, figures.palette()),
        f"Grid of {len(feeds)} feeds by the {len(months)} months to {wording.month(newest)}: "
        + ("older than expected are " + wording.listing(late) if late else "none is older than expected")
        + ". The table below says the same.",
        key="freshness",
        width=760,
    )
    st.table(
        pl.DataFrame([rows[feed] for feed in feeds]),
        border="horizontal",
        hide_index=True,
        alt="Newest month and missing months of each feed",
    )


def months_before(month: date, ago: int) -> date:
    """Give the first day of the month that was `ago` months earlier."""
    number = month.year * 12 + month.month - 1 - ago
    return date(number // 12, number % 12 + 1, 1)


def runs(months: list[date]) -> list[str]:
    """Say months in order, those that follow one another as a span: "Jul 2025 to Sep 2026"."""
    starts = [m for m in months if months_before(m, 1) not in months]
    ends = [m for m in months if months_before(m, -1) not in months]
    return [
        wording.month(a, short=True) + (f" to {wording.month(b, short=True)}" if a != b else "")
        for a, b in zip(starts, ends, strict=True)
    ]


def _feed_row(held: pl.DataFrame, feed: str, months: list[date], due: date) -> dict[str, str]:
    mine = held.filter(pl.col("feed") == feed)
    first = mine["period"].min()
    got = set(mine["period"])
    newest: date = mine["period"].max()  # type: ignore[assignment]
    gaps = [m for m in months if m not in got and m > first]  # type: ignore[operator]
    return {
        "Feed": wording.feed_title(feed),
        FRESH: OLD if newest < due else "✔ As expected",
        "Newest month": wording.month(newest, short=True),
        f"Missing in {MONTHS} months": wording.listing(runs(gaps)) or "None",
        "Months held": f"{mine.height}",
        "Received": wording.day(mine["received_at"].max()),  # type: ignore[arg-type]
    }


def _set_aside(found: pl.DataFrame) -> None:
    st.header("Rows set aside", anchor=False)
    if found.is_empty():
        st.markdown("No row has broken a rule.")
        return
    st.markdown("Each row below broke a rule. It is kept and counted, but it is in no figure.")
    _rules(found, "rows-set-aside", "Rows set aside by rule, most first")


def _noted(found: pl.DataFrame) -> None:
    if found.is_empty():
        return
    st.header("Noted, and still counted", anchor=False)
    st.markdown("What is worth knowing of the rows that are in the figures. None of it set a row aside.")
    with st.expander(f"{found.height:,} notes, those on most rows first"):
        _rules(found, "rows-noted", "Notes by rule, those on most rows first")


def _rules(found: pl.DataFrame, name: str, alt: str) -> None:
    table = pl.DataFrame(
        {
            "Feed": [wording.feed_title(feed) for feed in found["feed"]],
            "Why": [_sentence(reason) for reason in found["reason"]],
            "Rows": [f"{rows:,}" for rows in found["rows"]],
            "Files": [f"{files:,}" for files in found["files"]],
            f"[Rule](#{WORDS})": [f"`{rule}`" for rule in found["rule"]],
        }
    )
    st.table(table, border="horizontal", hide_index=True, alt=alt)
    st.download_button(
        "Download as CSV",
        found.write_csv().encode("utf-8-sig"),
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
        key=name,
    )


def _sentence(reason: str) -> str:
    """Begin a reason with a capital; the name of a column, which has none, stands as code."""
    first, space, rest = reason.partition(" ")
    return f"`{first}`{space}{rest}" if "_" in first else f"{reason[:1].upper()}{reason[1:]}"


def _submissions(submissions: pl.DataFrame) -> None:
    st.header("Files received", anchor=False)
    newest = submissions.head(SHOWN)
    table = pl.DataFrame(
        {
            "File": newest["file_name"],
            "Feed": [wording.feed_title(feed) if feed else "Not recognised" for feed in newest["feed"]],
            "Received": [wording.day(moment) for moment in newest["received_at"]],
            "Rows": [f"{rows:,}" for rows in newest["rows"]],
            "Set aside": [f"{rows:,}" for rows in newest["quarantined"]],
            f"[Outcome](#{WORDS})": [wording.OUTCOMES.get(one, one) for one in newest["outcome"]],
            "Reasons": [reasons_in_words(text) for text in newest["reasons"]],
        }
    )
    st.table(table, border="horizontal", hide_index=True, alt="Files received, newest first")
    older = submissions.height - newest.height
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Download every file's record as CSV",
            submissions.write_csv().encode("utf-8-sig"),
            file_name="files-received.csv",
            mime="text/csv",
            on_click="ignore",
        )
        if older > 0:
            note(f"{older:,} earlier files are in the download.")


def reasons_in_words(text: str | None) -> str:
    """Join the gate's reasons, kept as a JSON list of sentences; "–" with none."""
    try:
        reasons = json.loads(text or "[]")
    except json.JSONDecodeError:
        return str(text)
    return " ".join(map(str, reasons)) if reasons else "–"


def _words() -> None:
    """Say what the words above mean; wide tables link here, so that a keyboard reaches them."""
    st.header("What the words mean", anchor=WORDS)
    st.markdown("\n".join(f"- **{word}**: {meaning}" for word, meaning in wording.ARRIVALS.items()))
