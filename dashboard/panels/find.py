"""Find an organisation by name or code, wherever it stands, and open its page."""

from typing import Any

import streamlit as st

from dashboard import find, wording
from dashboard.panels import address, choices
from dashboard.panels.quiet import note

KEY = "find"
MOST = 30
LONGEST = 100
"""Signs of a name that are looked for."""
BOARD, TRAJECTORY = "pages/boards/board.py", "pages/trajectories/trajectory.py"


def show() -> None:
    """Show a box to type in, and what is found, the likeliest first."""
    st.title("Find an organisation", anchor=False)
    asked = address.view().get(KEY, "")[:LONGEST]
    address.settle(KEY, asked or None)
    st.session_state[KEY] = asked
    st.text_input(
        "Name or code",
        key=KEY,
        help="Part of a name, or the start of a code. Codes of trusts and boards that have merged work too.",
        width=480,
        max_chars=LONGEST,
        placeholder="Such as: manchester, RM3, E08000003",
        on_change=lambda: address.chose(KEY, st.session_state[KEY].strip() or None),
    )
    if not asked:
        note("Every organisation with figures here can be found: areas, trusts and ambulance services.")
        return
    found = find.organisations(choices.edition(), asked)
    if found.is_empty():
        st.markdown(
            f"Nothing with figures here has {address.as_asked(asked)} in its name "
            "or at the start of its code."
        )
        return
    count = "1 organisation" if found.height == 1 else f"{found.height} organisations"
    st.markdown(f"**{count}** found." + (f" The first {MOST} are shown." if found.height > MOST else ""))
    for row in found.head(MOST).iter_rows(named=True):
        _result(row)


def _result(row: dict[str, Any]) -> None:
    view = address.kept(level=row["level"], organisation=row["leads_to"])
    level = wording.LEVELS[row["level"]][0]
    # The name is text, not a link: a link is cut off where a phone has no room for it.
    with st.container(gap="xxsmall"):
        st.markdown(
            f"**{choices.label(row)}** :small[{level}{', ' + row['was'] if row['was'] else ''}]",
        )
        with st.container(horizontal=True, gap="small"):
            for page, title in ((BOARD, "Board page"), (TRAJECTORY, "Trajectory")):
                st.page_link(page, label=f":blue[:small[{title} of {row['code']}]]", query_params=view)
