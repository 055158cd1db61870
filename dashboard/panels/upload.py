"""Loading a file from the browser: what it is, what is wrong with it, then accept or cancel."""

import time
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from dashboard import uploads, wording
from dashboard.panels.quiet import note
from dashboard.uploads import Batch, UploadError, Work

BATCH, CHECKED, REPORT, ROUND = "upload batch", "upload checked", "upload report", "upload round"
FOUND = "what-was-found"
EFFECTS = {
    "accepted": "✔ Would be accepted",
    "accepted_with_quarantine": "◐ Would be accepted, some rows set aside",
    "refused": "✖ Would be refused",
}
SEVERITIES = {"critical": "Refuses the file", "warning": "Sets rows aside", "info": "Noted"}


def show() -> None:
    """Show the page that loads files."""
    st.title("Load a file", anchor=False)
    if not uploads.allowed():
        st.markdown(
            "Loading from the browser is switched off on this server. Whoever looks after it can load files "
            "with this command, or switch loading on with `TARGETS_UPLOADS=on`:"
        )
        st.code("targets load FILE...", language=None)
        return
    st.markdown(
        "Choose files, see what is in them and what is wrong, then accept or cancel. "
        "**Nothing is stored until you accept.**"
    )
    report: list[dict[str, Any]] | None = st.session_state.get(REPORT)
    if report is not None:
        _done(report)
        return
    batch: Batch | None = st.session_state.get(BATCH)
    if batch is None:
        _ask()
    else:
        _decide(batch, st.session_state[CHECKED])


def _ask() -> None:
    sent = st.file_uploader(
        "Files to look at",
        type=list(uploads.KINDS),
        accept_multiple_files=True,
        key=f"upload files {st.session_state.get(ROUND, 0)}",
        help="The ten feeds as Parquet or CSV, and published files as they are.",
    )
    note(
        "Files with names, NHS numbers or dates of birth are refused. Feeds are described on the Definitions "
        "page and in the contracts."
    )
    if not st.button("Look at the files", type="primary", disabled=not sent):
        return
    batch = Batch.begin()
    try:
        with st.status(f"Looking at {_files(len(sent))}…", expanded=False) as status:
            for one in sent:
                batch.keep(one.name, one)
            checked = batch.check()
            status.update(label="Looked at", state="complete")
    except UploadError as fault:
        batch.forget()
        st.error(str(fault), icon=":material/error:")
        return
    st.session_state[BATCH], st.session_state[CHECKED] = batch, checked
    st.rerun()


def _decide(batch: Batch, checked: list[dict[str, Any]]) -> None:
    st.header("What was found", anchor=FOUND)
    good = [one for one in checked if one["outcome"] != "refused"]
    st.table(
        pl.DataFrame(
            {
                "File": [one["file"] for one in checked],
                "Recognised as": [one["title"] or "Not recognised" for one in checked],
                "Months": [_months(one["periods"]) for one in checked],
                "Rows": [wording.number(one["rows"], 0) for one in checked],
                "To accept": [wording.number(one["accepted"], 0) for one in checked],
                "To set aside": [wording.number(one["quarantined"], 0) for one in checked],
                f"[What would happen](#{FOUND})": [EFFECTS[one["outcome"]] for one in checked],
            }
        ),
        border="horizontal",
        hide_index=True,
        alt="Files that were sent and what would become of each",
    )
    for one in checked:
        _one(one)
    with st.container(horizontal=True):
        accept = st.button(
            f"Accept and load {_files(len({one['file'] for one in good}))}", type="primary", disabled=not good
        )
        cancel = st.button("Cancel: store nothing")
    if cancel:
        batch.forget()
        _begin_again()
    if accept:
        _load(batch, sorted({one["file"] for one in good}))


def _one(one: dict[str, Any]) -> None:
    """Say what is wrong with one file, by rule, with rows to look at."""
    said = [] if one["outcome"] != "refused" else list(one["kept_reasons"])
    if one["loaded_before"]:
        said.append("This very file was loaded before: loading it again changes nothing.")
    elif one["replaces"]:
        said.append(f"It would replace {_months(one['replaces'])}, which is held already.")
    faults = one["faults"]
    if not said and not faults:
        return
    st.subheader(one["file"], anchor=False)
    if said:
        st.markdown("\n".join(f"- {sentence}" for sentence in said))
    if faults:
        st.table(
            pl.DataFrame(
                {
                    f"[Rule](#{FOUND})": [fault["rule"] for fault in faults],
                    "What is wrong": [fault["reason"] for fault in faults],
                    "Rows": [wording.number(fault["rows"], 0) for fault in faults],
                    "It": [SEVERITIES.get(fault["severity"], fault["severity"]) for fault in faults],
                    "For example": [_examples(fault["examples"]) for fault in faults],
                }
            ),
            border="horizontal",
            hide_index=True,
            alt=f"Rules that {one['file']} breaks, with example rows",
        )


def _examples(rows: list[dict[str, Any]]) -> str:
    told = []
    for row in rows:
        values = [f"{name} {value}" for name, value in row.items() if name != "row_number"]
        told.append(f"row {row['row_number']:,}" + (f" ({', '.join(values)})" if values else ""))
    return "; ".join(told) or "–"


def _load(batch: Batch, names: list[str]) -> None:
    with st.status(f"Loading {_files(len(names))}…", expanded=True) as status:
        try:
            loading = batch.load(names)
            _watch(loading, "Loading")
            report = loading.answer()
            if any(one["outcome"].startswith("accepted") for one in report):
                st.write("Working out the figures. You may leave this page: it goes on.")
                _watch(batch.refresh(), "Working out the figures")
            status.update(label="Done", state="complete")
        except UploadError as fault:
            status.update(label=str(fault), state="error")
            return
    batch.forget()
    st.session_state[REPORT] = report
    st.rerun()


def _watch(work: Work, words: str) -> None:
    """Show for how long a command has been at work, until it ends."""
    began, slot = time.monotonic(), st.empty()
    while not work.done():
        slot.write(f"{words}: {time.monotonic() - began:.0f} seconds")
        time.sleep(0.5)
    slot.write(f"{words}: done in {time.monotonic() - began:.0f} seconds")


def _done(report: list[dict[str, Any]]) -> None:
    st.header("What became of the files", anchor=FOUND)
    st.table(
        pl.DataFrame(
            {
                "File": [one["file"] for one in report],
                "Accepted": [wording.number(one["accepted"], 0) for one in report],
                "Set aside": [wording.number(one["quarantined"], 0) for one in report],
                f"[Outcome](#{FOUND})": [
                    wording.OUTCOMES.get(one["outcome"], one["outcome"].capitalize()) for one in report
                ],
            }
        ),
        border="horizontal",
        hide_index=True,
        alt="Files and what became of each",
    )
    st.markdown("The figures on every page now rest on these files. Data quality keeps the record of them.")
    if st.button("Load more files"):
        _begin_again()


def _begin_again() -> None:
    for key in (BATCH, CHECKED, REPORT):
        st.session_state.pop(key, None)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.rerun()


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _months(months: list[str]) -> str:
    if not months:
        return "–"
    first, last = (wording.month(date.fromisoformat(text)) for text in (min(months), max(months)))
    return first if first == last else f"{first} to {last}"
