"""What a measure means, briefly, under its chart."""

import streamlit as st

from dashboard import glossary, wording
from metrics.baseline import DEFAULT_BASELINE
from metrics.indicator import Indicator

ANCHOR = "about-this-measure"
"""Tables link here: one wider than a phone must hold something that a keyboard can reach."""


def show(one: Indicator) -> None:
    """Say what the measure is, how settled its definition is, and what to be careful of."""
    status, meaning = wording.DEFINITION_STATUSES[one.definition_status]
    words = ["numerator", "provisional", *(["cohort", "person-month"] if "cohort" in one.unit else [])]
    st.header("About this measure", anchor=ANCHOR, help=glossary.explain(*words))
    st.markdown(one.meaning)
    lines = [f"**{status}** (version {one.version}). {meaning}"]
    if any(target.change is not None for target in one.targets):
        start, end = (wording.month(day) for day in (DEFAULT_BASELINE.start, DEFAULT_BASELINE.end))
        lines.append(f"Change is measured from the baseline, {start} to {end}.")
    if one.target_note:
        lines.append(one.target_note)
    lines.extend(one.cautions)
    if one.provisional_months:
        lines.append(
            f"The last {one.provisional_months} months are provisional: hollow, and given no verdict."
        )
    lines.append(
        "A month is final, provisional (it may still change) or not reported. Verdicts rest on final months."
    )
    st.markdown("\n".join(f"- {line}" for line in lines))
