"""One box that stands in the address by its code: what every other choice is made with."""

from collections.abc import Mapping

import streamlit as st

from dashboard.panels import address


def edition() -> str:
    """Give the edition of the figures this page view was opened with."""
    return str(st.session_state["edition"])


def choose(title: str, options: Mapping[str, str], key: str, help: str | None = None) -> str:
    """Choose one of `options` (code -> words; the first is the usual one) and give its code.

    `key` is the name in the address. A key of one page alone is left out of it while the choice is the usual.
    """
    usual = next(iter(options))
    asked = address.view().get(key)
    code = asked if asked in options else usual
    if asked is not None and asked != code:
        address.remark(
            f"{title}: {address.as_asked(asked)} is not among the choices here. This shows {options[code]}."
        )
    address.settle(key, code if key in address.SHARED or code != usual else None)
    # Always: a box of the same key on the page before would answer for this one, which begins empty.
    st.session_state[key] = code
    st.selectbox(
        title,
        list(options),
        format_func=lambda one: options.get(one, one),
        key=key,
        help=help,
        on_change=lambda: address.chose(key, st.session_state[key]),
    )
    return code
