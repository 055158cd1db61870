"""What a measure means, briefly, under its chart."""

import streamlit as st

from dashboard import wording
from metrics.indicator import Indicator

ANCHOR = "about-this-measure"
"""Tables link here: one wider than a phone must hold something that a keyboard can reach."""


def show(one: Indicator) -> None:
    """Say what the measure is, how settled its definition is, and what to be careful of."""
    words, meaning = wording.DEFINITION_STATUSES[one.definition_status]
    st.header("About this measure", anchor=ANCHOR)
    st.markdown(one.meaning)
    lines = [f"**{words}** (version {one.version}). {meaning}"]
    if any(target.change is not None for target in one.targets):
        lines.append(
            "Change is measured from April 2025 to March 2026. No national source states this baseline."
        )
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
