"""Every measure as declared: meaning, targets, source, owner, who checked it, when it is looked at next."""

import polars as pl
import streamlit as st

from dashboard import wording
from dashboard.panels import choices, reliability
from metrics.indicator import Indicator, Target
from metrics.indicators import all_indicators

EVERY = "every"


def show() -> None:
    """Show one declaration in full, or all of them."""
    st.title("Definitions", anchor=False)
    st.markdown(
        "What each figure means, how it is counted and how sure we are that this is what was meant. "
        "A definition changes by a new version, never in silence."
    )
    declared = all_indicators()
    titles = {one.id: choices.measure_label(one) for one in choices.in_order(declared)}
    chosen = choices.choose("Measure", {EVERY: "Every measure", **titles}, "definition")
    if chosen in declared:
        _sheet(declared[chosen])
        if declared[chosen].role == "target":
            reliability.show(declared[chosen])
        return
    _statuses()
    for role, title in wording.ROLES.items():
        ones = [one for one in choices.in_order(declared) if one.role == role]
        if ones:
            st.header(f"{title}s", anchor=False)
            st.markdown("\n".join(_line(one) for one in ones))
    reliability.show()


def _statuses() -> None:
    st.markdown(
        "\n".join(f"- **{words}**: {meaning}" for words, meaning in wording.DEFINITION_STATUSES.values())
    )


def _line(one: Indicator) -> str:
    """Say a measure in one line that leads to its declaration; a table of them is too wide for a phone."""
    settled = wording.DEFINITION_STATUSES[one.definition_status][0]
    link = f"[{one.short_title}](definitions?definition={one.id})"
    return f"- **{link}.** {one.meaning} Better is {one.better}. *{settled}.*"


def _sheet(one: Indicator) -> None:
    st.header(one.title, anchor=False)
    words, meaning = wording.DEFINITION_STATUSES[one.definition_status]
    st.markdown(f":blue-badge[{words}] {meaning}")
    st.table(
        pl.DataFrame({"": list(rows := _rows(one)), "As declared": list(rows.values())}),
        border="horizontal",
        hide_index=True,
        hide_header=True,
        alt=f"The declaration of {one.short_title}",
    )
    if one.cautions:
        st.subheader("Be careful", anchor=False)
        st.markdown("\n".join(f"- {caution}" for caution in one.cautions))
    if one.breakdowns:
        st.subheader("Ways to split it", anchor=False)
        st.markdown("\n".join(_split_lines(one)))


def _rows(one: Indicator) -> dict[str, str]:
    rows = {
        "What it is": one.meaning,
        "Why it matters": one.why,
        "Counted (numerator)": one.numerator_title,
        "Out of (denominator)": one.denominator_title,
        "Unit": one.unit,
        "Better is": one.better,
        "Targets": "; ".join(target_in_words(one, target) for target in one.targets) or "No size is set",
        "Note on the target": one.target_note,
        "Needs all of": _k_of_n(one),
        "Feeds": wording.listing(wording.feed_title(feed) for feed in (*one.feeds, *one.published_feeds)),
        "Provisional months": str(one.provisional_months) if one.provisional_months else "None",
        "No verdict below": f"{wording.percent(one.least_complete)} complete" if one.least_complete else "",
        "Known breaks": " ".join(f"{wording.month(each.period)}: {each.text}" for each in one.breaks),
        "Source": one.source,
        "Owner": one.owner,
        "Checked by": one.checked_by,
        "Next review": wording.day(one.next_review),
        "Version": one.version,
        "Name in data": f"`{one.id}`",
    }
    return {title: text for title, text in rows.items() if text}


def target_in_words(one: Indicator, target: Target) -> str:
    """Say one target: "82% by March 2027 (NHS England)", or "10% lower than the baseline by March 2029"."""
    if target.level is not None:
        amount = wording.target_value(one, target.level)
    else:
        change = target.change or 0.0
        amount = f"{wording.percent(abs(change))} {'lower' if change < 0 else 'higher'} than the baseline"
    return f"{amount} by {wording.month(target.due)} ({target.set_by})"


def _k_of_n(one: Indicator) -> str:
    rule = one.k_of_n
    if rule is None:
        return ""
    split = next((each for each in one.breakdowns if each.name == rule.breakdown), None)
    labels = split.labels if split else {}
    names = wording.listing(labels.get(code, code) for code in rule.categories)
    return f"At least {rule.least} of these each reach the target: {names}"


def _split_lines(one: Indicator) -> list[str]:
    return [
        f"- **{split.title}**: {wording.listing(split.labels.values()) or 'as recorded'}."
        + (f" {split.note}" if split.note else "")
        for split in one.breakdowns
    ]
