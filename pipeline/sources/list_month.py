"""The month of a list that does not say one itself."""

from __future__ import annotations

import re
from datetime import date

_IN_NAME = re.compile(r"(?<![0-9])(20[0-9]{2})[-_](0[1-9]|1[0-2])(?![0-9])")


def month_in_name(file: str) -> date | None:
    """The month that a file's name says as 2026-05 or 2026_05; None where it says none, or several."""
    said = {(int(year), int(month)) for year, month in _IN_NAME.findall(file)}
    return date(*said.pop(), 1) if len(said) == 1 else None
