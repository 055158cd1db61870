"""What an adapter hands on: a published file made tidy, with what was noticed on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import polars as pl


@dataclass(frozen=True)
class Notice:
    """Something about a published file worth keeping beside it; it refuses nothing."""

    rule: str
    reason: str
    rows: int
    column: str | None = None
    severity: Literal["info", "warning"] = "info"


@dataclass(frozen=True)
class Published:
    """One published file, tidy. `frame` is the feed's; `companions` are further tables of the same months.

    A companion is stored under its name as `frame` is under `feed`: month by month, by its column `period`.
    `part`: only some of the publication's rows were sent. It may fill a month nobody sent, and never takes
    the place of a whole one (docs/decisions/0028).
    """

    feed: str
    periods: tuple[date, ...]
    frame: pl.DataFrame
    companions: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    part: bool = False
