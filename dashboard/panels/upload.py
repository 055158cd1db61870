"""Loading a file from the browser: what it is, what is wrong with it, then accept or cancel."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from dashboard import uploads, wording
from dashboard.uploads import COUNTING, DONE, LOADING, Batch, TakingIn, UploadError, Work

BATCH, LOOKING, CHECKED = "upload batch", "upload looking", "upload checked"
TAKING, ROUND = "upload taking in", "upload round"
NONE_YET = "No file has arrived yet. Choose one above, and wait until it has been sent whole."
STAGES = {LOADING: "Loading", COUNTING: "Loaded. Working out the figures"}
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
    # What is under way is kept in the session: leaving the page and coming back finds it where it is.
    held = st.session_state
    if TAKING in held:
        _take_in(held[TAKING])
    elif CHECKED in held:
        _decide(held[BATCH], held[CHECKED])
    elif LOOKING in held:
        _look(held[BATCH], held[LOOKING])
    else:
        _ask()


def _ask() -> None:
    st.header("Choose files", anchor=False)
    st.markdown(
        f"Up to {uploads.MOST_FILES} files at once: your own feeds as CSV, Parquet or Excel workbook, and "
        "published files as they are. The [definitions](definitions) say which feeds each measure needs. A "
        "file with names, NHS numbers or dates of birth is refused."
    )
    # With a label of its own the chooser would be marked as decoration and as a named region at once
    # (axe-core: presentation-role-conflict). The heading and the sentence above name it.
    sent = st.file_uploader(
        " ",
        type=list(uploads.KINDS),
        accept_multiple_files=True,
        key=f"upload files {st.session_state.get(ROUND, 0)}",
        label_visibility="collapsed",
    )
    if not st.button("Look at the files", type="primary"):
        return
    if not sent:
        st.error(NONE_YET, icon=":material/error:")
        return
    batch: Batch | None = None
    try:
        batch = Batch.begin()
        for one in sent:
            batch.keep(one.name, one)
    except UploadError as fault:
        if batch:
            batch.forget()
        st.error(str(fault), icon=":material/error:")
        return
    st.session_state[BATCH], st.session_state[LOOKING] = batch, batch.check()
    st.rerun()


def _look(batch: Batch, work: Work) -> None:
    """Wait for what the files are, with the time it has taken and a way out."""
    if st.button("Cancel: store nothing"):
        work.stop()
        batch.forget()
        _begin_again()
    _watch(work.done, lambda: f"Looking at {_files(len(batch.files))}", work.began)
    try:
        st.session_state[CHECKED] = work.answer()
    except UploadError as fault:
        batch.forget()
        st.error(f"{fault} Nothing was stored.", icon=":material/error:")
        if st.button("Choose other files"):
            _begin_again()
        return
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
    if not good:
        st.markdown(
            "**None of it can be accepted, and nothing was stored.** Mend what is wrong and send it again."
        )
        if st.button("Choose other files"):
            batch.forget()
            _begin_again()
        return
    names = sorted({one["file"] for one in good})
    with st.container(horizontal=True):
        accept = st.button(f"Accept and load {_files(len(names))}", type="primary")
        cancel = st.button("Cancel: store nothing")
    if cancel:
        batch.forget()
        _begin_again()
    if accept:
        st.session_state[TAKING] = batch.take_in(names)
        st.rerun()


def _one(one: dict[str, Any]) -> None:
    """Say what is wrong with one file, by rule, with rows to look at."""
    refused = list(one["kept_reasons"]) if one["outcome"] == "refused" else []
    said = [_sentence(reason, one["file"]) for reason in refused]
    if one["loaded_before"]:
        said.append("This very file was loaded before: loading it again changes nothing.")
    elif one["replaces"]:
        said.append(f"It would replace {_months(one['replaces'])}, which is held already.")
    # A rule that refuses the whole file is told above already.
    faults = [fault for fault in one["faults"] if fault["reason"] not in refused]
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
                    "Effect": [SEVERITIES.get(fault["severity"], fault["severity"]) for fault in faults],
                    "For example": [_examples(fault["examples"]) for fault in faults],
                }
            ),
            border="horizontal",
            hide_index=True,
            alt=f"Rules that {one['file']} breaks, with example rows",
        )


def _sentence(reason: str, file: str) -> str:
    """Write a reason as a sentence under the file's own heading."""
    plain = reason.removeprefix(f"{file}: ").rstrip(".")
    return f"{plain[:1].upper()}{plain[1:]}."


def _examples(rows: list[dict[str, Any]]) -> str:
    told = []
    for row in rows:
        values = [f"{name} {value}" for name, value in row.items() if name != "row_number"]
        told.append(f"row {row['row_number']:,}" + (f" ({', '.join(values)})" if values else ""))
    return "; ".join(told) or "–"


def _take_in(taking: TakingIn) -> None:
    if taking.stage != DONE:
        st.markdown("You may leave this page or close it: this goes on.")
        _watch(lambda: taking.stage == DONE, lambda: STAGES.get(taking.stage, ""), taking.began)
        st.rerun()
    if taking.report:
        _done(taking.report)
    if taking.fault:
        st.error(taking.fault, icon=":material/error:")
    elif any(one["outcome"].startswith("accepted") for one in taking.report):
        st.markdown(
            "The figures on every page now rest on these files. "
            "[Data quality](data-quality) keeps the record of them."
        )
    else:
        st.markdown("Nothing new was loaded: the figures are as they were.")
    if st.button("Load more files"):
        _begin_again()


def _watch(done: Callable[[], bool], words: Callable[[], str], began: float) -> None:
    """Say what is being done and for how long it has been, until it ends."""
    with st.status(words(), expanded=False) as status:
        while not done():
            status.update(label=f"{words()}: {time.monotonic() - began:.0f} seconds")
            time.sleep(0.5)


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


def _begin_again() -> None:
    for key in (BATCH, LOOKING, CHECKED, TAKING):
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
