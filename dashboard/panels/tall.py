"""How tall a long table stands: whole, as far as a page can bear it."""

from typing import Literal

WHOLE = 45
"""Rows shown whole. On paper a table that scrolls is cut off: England's 42 systems are not."""
WINDOW = 720
"""Pixels of a table that scrolls in itself."""


def height(rows: int) -> int | Literal["content"]:
    """Give the height of a table of so many rows: all of it, or a window on it."""
    return WINDOW if rows > WHOLE else "content"
