"""As known on which day: the figures as they stood then, or, left empty, as they are."""

from datetime import UTC, date, datetime

import streamlit as st

from dashboard import glossary, queries, wording
from dashboard.panels import address
from dashboard.panels.choosing import edition


def known_on() -> date | None:
    """Choose an earlier day to see the figures as they were known then; None is now."""
    first, today = queries.first_known(edition()), datetime.now(UTC).date()
    last = max(today, first) if first else today
    asked = address.view().get(address.KNOWN)
    day = _day(asked, first or last, last)
    if asked and day is None:
        since = f" between {wording.day(first)} and {wording.day(last)}" if first else ""
        address.remark(
            f"As known on: {address.as_asked(asked)} is not a day{since}. This shows the newest figures."
        )
    address.settle(address.KNOWN, day.isoformat() if day else None)
    st.session_state[address.KNOWN] = day
    with st.expander("See the figures as they were known on an earlier day"):
        st.date_input(
            "As known on",
            value=None,
            min_value=first,
            max_value=last,
            format="DD/MM/YYYY",
            help=f"{glossary.explain('as known on') or ''} Leave it empty for the newest figures.",
            key=address.KNOWN,
            on_change=_known_day,
        )
    if day:
        st.info(
            f"These are the figures as known at the end of {wording.day(day)}.", icon=":material/history:"
        )
    return day


def _known_day() -> None:
    day = st.session_state[address.KNOWN]
    address.chose(address.KNOWN, day.isoformat() if isinstance(day, date) else None)


def _day(written: str | None, first: date, last: date) -> date | None:
    try:
        day = date.fromisoformat(written or "")
    except ValueError:
        return None
    return day if first <= day <= last else None
