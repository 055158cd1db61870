"""The receipt of one figure: everything it was made from, walked back to the files."""

from datetime import date, datetime

import polars as pl
import streamlit as st

from dashboard import glossary, queries, receipts, wording
from dashboard.names import readable
from dashboard.panels import address, choices
from dashboard.panels.quiet import note
from dashboard.receipts import MONTH
from metrics.indicator import Indicator
from warehouse.receipts import Receipt

BREAKDOWN, CATEGORY = "breakdown", "category"
OUTCOMES = {"passed": "✔ Passed", "set aside": "◐ Rows set aside", "noted": "– Noted"}
FILES = "the-files"


def show() -> None:
    """Show the receipt page."""
    edition = choices.edition()
    held = queries.organisations(edition)
    heading = st.container()
    boxes = st.columns([3, 5, 5, 3, 3])
    with boxes[0]:
        level = choices.level(held)
    with boxes[1]:
        chosen = choices.organisation(held, level)
    if chosen is None:
        heading.title("Where a figure comes from", anchor=False)
        st.markdown("There are no figures at this level yet.")
        return
    code = chosen["code"]
    with boxes[2]:
        one = choices.indicator(queries.indicators_with_figures(edition, level))
    # Last, for it is not always there and would leave a hole.
    with boxes[4]:
        basis = choices.basis(queries.bases(edition, level, code, one.id))
    body = st.container()
    known = choices.known_on()
    split, category = _part(one)
    lines = queries.history(edition, one.id, level, (code,), split, basis, known)
    lines = lines.filter(pl.col("category") == category)
    title = f"Receipt: {one.short_title}, {chosen['name']}"
    if lines.is_empty():
        heading.title(title, anchor=False)
        with body:
            st.markdown("There is no such figure. Choose another organisation, measure or day.")
        return
    with boxes[3]:
        months = {
            f"{period:%Y-%m}": wording.month(period) for period in lines["period"].sort(descending=True)
        }
        period = date.fromisoformat(f"{choices.choose('Month', months, MONTH)}-01")
    receipt = receipts.read(edition, one.id, level, code, basis, period, split, category, known)
    if receipt is None:
        heading.title(title, anchor=False)
        body.markdown("There is no such figure. Choose another month or day.")
        return
    # The name its own basis gives it: the published England is not the synthetic one.
    name = pl.select(readable(pl.lit(receipt.organisation_name))).item()
    named = f"Receipt: {one.short_title}, {name}, {wording.month(period)}"
    heading.title(named, anchor=False, help=glossary.explain("receipt", "numerator", "run"))
    with body:
        _figure(one, receipt, level in wording.PLACES_OF_CARE)
        _parts(one, receipt)
        _definition(one, receipt)
        _files(receipt)
        _rules(receipt)
        _issues(one, receipt)
        st.download_button(
            "Download this receipt as JSON",
            receipts.as_json(receipt),
            file_name=f"receipt-{one.id}-{code}-{period:%Y-%m}.json",
            mime="application/json",
            on_click="ignore",
        )


def _part(one: Indicator) -> tuple[str, str]:
    """Give the breakdown and category that the address asks for; the whole without them."""
    asked = address.view().get(BREAKDOWN, "all")
    known = {each.name: each for each in one.breakdowns}
    if asked not in known:
        address.settle(BREAKDOWN, None)
        address.settle(CATEGORY, None)
        return "all", "all"
    labels = dict(known[asked].labels)
    return asked, choices.choose(known[asked].title, labels, CATEGORY)


def _figure(one: Indicator, receipt: Receipt, counted: bool) -> None:
    figure = receipt.figure
    value = wording.value(one, figure["value"], counted, unit=True)
    top, bottom = wording.number(figure["numerator"], 0), wording.number(figure["denominator"], 0)
    status = wording.OBSERVATION_STATUSES.get(figure["status"], figure["status"])
    if figure["value"] is None:
        held = [
            f"{title.lower()} {text}"
            for title, text in ((one.numerator_title, top), (one.denominator_title, bottom))
            if text != wording.NO_VALUE
        ]
        said = f"**There is no value: {status.lower()}.**" + (f" Held: {', '.join(held)}." if held else "")
    elif figure["denominator"] is None:
        said = f"**{value}** is a count of {top}: {one.numerator_title.lower()}."
    else:
        per = f", for each {one.per:,}" if one.kind == "rate" else ""
        under = one.denominator_title.lower()
        said = f"**{value}** is {top} ({one.numerator_title.lower()}) divided by {bottom} ({under}){per}."
    if figure["value"] is not None:
        said += f" Unrounded: {figure['value']!r}."
    st.markdown(said)
    part = "" if receipt.point.breakdown == "all" else f" Part: {receipt.point.category}."
    detail = f", {figure['run_detail']}" if figure["run_detail"] else ""
    note(
        f"{wording.BASES[receipt.point.basis]}. {status}.{part} Known since {_moment(figure['known_from'])}. "
        f"Written by run {figure['run_id']} (`targets {figure['run']}`){detail}."
    )


def _parts(one: Indicator, receipt: Receipt) -> None:
    parts = receipt.parts
    if parts.is_empty():
        return
    level = parts["level"][0]
    st.header("What it sums", anchor=False)
    total, whole = parts["numerator"].sum(), receipt.figure["numerator"] or 0.0
    under, over = parts["denominator"].sum(), receipt.figure["denominator"] or 0.0
    told = f"{parts.height} {wording.LEVELS[level][0 if parts.height == 1 else 1].lower()}"
    if total == whole and under == over:
        st.markdown(f"The sum of {told}, exactly. Both sides are summed, and divided once.")
    elif receipt.point.basis == "published":
        st.markdown(
            f"Published at this level. The {told} published beneath it sum to {wording.number(total, 0)} of "
            f"{wording.number(under, 0)}: organisations that did not report, or are published nowhere else, "
            "make the difference."
        )
    else:
        st.markdown(
            f"Its {told} sum to {wording.number(total, 0)} of {wording.number(under, 0)}. What is not theirs "
            "belongs to people registered elsewhere."
        )
    counted = level in wording.PLACES_OF_CARE
    st.table(
        pl.DataFrame(
            {
                wording.LEVELS[level][0]: parts.select(
                    readable(pl.col("organisation_name")).fill_null("–")
                ).to_series(),
                "Code": parts["organisation"],
                one.numerator_title: [wording.number(v, 0) for v in parts["numerator"]],
                one.denominator_title or "Denominator": [wording.number(v, 0) for v in parts["denominator"]],
                "Value": [wording.value(one, v, counted) for v in parts["value"]],
                f"[Status](#{FILES})": [wording.OBSERVATION_STATUSES.get(s, s) for s in parts["status"]],
            }
        ),
        border="horizontal",
        hide_index=True,
        alt="The organisations summed, with both sides of each",
    )


def _definition(one: Indicator, receipt: Receipt) -> None:
    st.header("What it means", anchor=False)
    held = receipt.definition
    words, meaning = wording.DEFINITION_STATUSES[held.get("definition_status", one.definition_status)]
    st.markdown(
        f"{one.meaning}\n\n**{words}**, version {held.get('version', one.version)}. {meaning} "
        f"Source: {held.get('source', one.source)}. Owner: {held.get('owner', one.owner)}. "
        f"{held.get('checked_by', one.checked_by)}."
    )


def _files(receipt: Receipt) -> None:
    st.header("The files", anchor=FILES)
    files = receipt.files
    if files.is_empty():
        st.markdown("No file of this month is on record.")
        return
    st.markdown("The newest accepted file of each feed, and what was kept of it.")
    st.table(
        pl.DataFrame(
            {
                "Feed": [wording.feed_title(feed) for feed in files["feed"]],
                "File": files["file_name"],
                "Month": [wording.month(one) if one else "–" for one in files["period"]],
                "Received": [_moment(one) for one in files["received_at"]],
                "Rows": [wording.number(n, 0) for n in files["rows"]],
                "Accepted": [wording.number(n, 0) for n in files["accepted"]],
                "[Set aside](#the-rules)": [wording.number(n, 0) for n in files["quarantined"]],
            }
        ),
        border="horizontal",
        hide_index=True,
        alt="Files behind the figure, with their rows",
    )
    fetched = files.drop_nulls("fetched_from").unique("sha256", maintain_order=True)
    if fetched.height:
        st.markdown(
            "Fetched from:\n\n"
            + "\n".join(f"- <{row['fetched_from']}> ({row['file_name']})" for row in fetched.to_dicts())
        )
    # In the open, and not in a column: what is folded away or cut off at the side is not on paper.
    st.markdown("Their hashes (SHA-256), to check a file that you hold:")
    st.code(
        "\n".join(f"{row['sha256']}  {row['file_name']}" for row in files.iter_rows(named=True)),
        language=None,
        wrap_lines=True,
    )


def _rules(receipt: Receipt) -> None:
    st.header("The rules", anchor="the-rules")
    held = receipts.rules(receipt)
    if held.is_empty():
        st.markdown("No rules are on record: they are those of the files.")
        return
    passed = held.filter(pl.col("outcome") == "passed")
    aside = held.filter(pl.col("outcome") == "set aside")
    count = aside["rows"].sum()
    st.markdown(
        f"{passed.height} rules passed. "
        + (
            f"{aside.height} set {wording.number(count, 0)} rows of these files aside: they are in no figure."
            if aside.height
            else "No row of these files was set aside."
        )
    )
    broken = held.filter(pl.col("outcome") != "passed")
    if broken.height:
        _table_of(broken, "Rules that found something")
    if passed.height:
        with st.expander(f"Rules that passed ({passed.height})"):
            _table_of(passed, "Rules that passed")


def _table_of(rows: pl.DataFrame, title: str) -> None:
    st.table(
        pl.DataFrame(
            {
                "Feed": [wording.feed_title(feed) for feed in rows["feed"]],
                f"[Rule](#{FILES})": rows["rule"],
                "What it asks": rows["reason"],
                "Rows": [wording.number(n, 0) for n in rows["rows"]],
                "Outcome": [OUTCOMES[outcome] for outcome in rows["outcome"]],
            }
        ),
        border="horizontal",
        hide_index=True,
        alt=title,
    )


def _issues(one: Indicator, receipt: Receipt) -> None:
    st.header("What it said before", anchor=False)
    issues = receipt.issues
    if issues.height == 1:
        st.markdown("Nothing else: this figure has not changed since it was first known.")
        return
    st.markdown("Every issue of this figure, the newest first.")
    newest = issues.sort("known_from", descending=True)
    st.table(
        pl.DataFrame(
            {
                "Known from": [_moment(m) for m in newest["known_from"]],
                "Until": [_moment(m) if m else "now" for m in newest["known_to"]],
                "Value": [wording.value(one, v, False) for v in newest["value"]],
                one.numerator_title: [wording.number(v, 0) for v in newest["numerator"]],
                one.denominator_title or "Denominator": [wording.number(v, 0) for v in newest["denominator"]],
                f"[Run](#{FILES})": newest["run_id"].cast(pl.String),
            }
        ),
        border="horizontal",
        hide_index=True,
        alt="Every issue of this figure",
    )


def _moment(moment: datetime) -> str:
    return f"{wording.day(moment)}, {moment:%H:%M} UTC"
