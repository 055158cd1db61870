"""Whom a summary page is about: one organisation on one basis; and what its charts signal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from streamlit.delta_generator import DeltaGenerator

from dashboard import queries
from dashboard.panels import choices
from dashboard.spc import Spc
from metrics.indicators import all_indicators

WIDTHS = (6, 2, 2, 4)
"""Of the columns of a page's head: its name, then the boxes; the one that is often empty beside the name."""

Signals = dict[str, dict[str, Any]]
"""The fields of a stored signal by indicator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One organisation, on one basis, as known on one day (None: now)."""

    level: str
    code: str
    name: str
    basis: str
    known: date | None = None


def choose(edition: str, boxes: Sequence[DeltaGenerator], usual: str | None = None) -> Subject | None:
    """Choose basis, level and organisation in three boxes; None where the level has no figures.

    `usual` is the level to begin with.
    """
    held = queries.organisations(edition)
    with boxes[1]:
        level = choices.level(held, usual=usual)
    with boxes[2]:
        chosen = choices.organisation(held, level)
    if chosen is None:
        return None
    with boxes[0]:
        basis = choices.basis(queries.bases(edition, level, chosen["code"]))
    return Subject(level=level, code=chosen["code"], name=called(chosen, basis), basis=basis)


def called(organisation: Mapping[str, Any], basis: str) -> str:
    """Name one of `queries.organisations` as a basis does: a made-up England is not the published one."""
    published = organisation["published_name"] if basis == "published" else None
    return str(published or organisation["name"])


def signals(subject: Subject, lines: pl.DataFrame) -> Signals:
    """Read the headline signals as stored; as known on an earlier day, work them out from its figures."""
    if subject.known is None:
        return queries.signals(choices.edition(), subject.level, subject.code, subject.basis)
    found = {}
    for mine in lines.partition_by("indicator"):
        one = all_indicators().get(mine["indicator"][0])
        if one is not None:
            found[one.id] = Spc.of(one, mine, queries.recalculations(one.id, subject.known)).row
    return found
