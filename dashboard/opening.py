"""Which home the pages read, and whether there is anything in it to show."""

import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from warehouse import tables
from warehouse.errors import WarehouseError
from warehouse.home import Home

Kind = Literal["ready", "empty", "problem"]
MISSING = "There is no data folder yet."
EMPTY = "No figures have been worked out yet."
DAMAGED = "The results database could not be read."
CACHE_KIB = 32_768
"""Pages of the database that each connection keeps; what is read often is kept as frames already."""
AT_WORK = 4
"""Newest runs that may still be writing."""


@dataclass(frozen=True, slots=True)
class State:
    """Whether pages can be shown, with the reason in one sentence when they cannot.

    `edition` changes with every transaction of a run and with every submission: cached reads carry it, so a
    refresh shows at once, and what is kept was all read of one state of the figures.
    """

    kind: Kind
    sentence: str = ""
    edition: str = ""


def address() -> tuple[str, str]:
    """Give the home's folder and the database's URL ("" for the file in the home) from the environment."""
    folder = os.environ.get("TARGETS_HOME") or ".targets"
    return str(Path(folder).expanduser().absolute()), os.environ.get("TARGETS_DATABASE_URL") or ""


def home() -> Home:
    """Open the home, once for each database file. Raises WarehouseError in a sentence fit for a reader.

    A folder that is not there is not made: looking at a page must leave nothing behind.
    """
    folder, url = address()
    if not Path(folder).is_dir() and not url:
        raise WarehouseError(MISSING)
    return _opened(folder, url, _file_number(Path(folder)))


def _file_number(folder: Path) -> int:
    """Tell one database file from another at the same address, as after the demo is made again."""
    try:
        return (folder / "results.sqlite").stat().st_ino
    except OSError:
        return 0


@st.cache_resource(max_entries=4, show_spinner=False)
def _opened(folder: str, url: str, file_number: int) -> Home:
    return Home.open(folder, url or None, cache_kib=CACHE_KIB)


@contextmanager
def moment(hold: bool = True) -> Iterator[State]:
    """Give what can be shown; all that is read inside is of that one moment, whatever is written meanwhile.

    Without `hold`, for what takes long and reads little, each read sees its own moment.
    """
    with ExitStack() as stack:
        if hold:
            # What is wrong with the home, `state` says.
            with suppress(WarehouseError, SQLAlchemyError):
                stack.enter_context(home().moment())
        yield state()


def _for_readers(sentence: str) -> str:
    """Keep where things rest out of what strangers read; it goes to the server's log."""
    if address()[0] not in sentence and "://" not in sentence:
        return sentence
    logging.getLogger(__name__).warning("%s", sentence)
    return DAMAGED


def state() -> State:
    """Say what can be shown now. Two short queries; never raises."""
    try:
        with home().reading() as connection:
            newest = select(
                select(func.max(tables.submission.c.received_at)).scalar_subquery(),
                select(func.max(tables.standing.c.series_id)).scalar_subquery(),
            )
            received, any_standing = connection.execute(newest).one()
            told = select(tables.run.c.id, tables.run.c.finished_at, tables.run.c.detail)
            runs = connection.execute(told.order_by(tables.run.c.id.desc()).limit(AT_WORK)).all()
    except WarehouseError as error:
        return State("empty" if str(error) == MISSING else "problem", _for_readers(str(error)))
    except SQLAlchemyError:
        return State("problem", DAMAGED)
    edition = f"{address()} {received} {'; '.join(f'{run} {end} {detail}' for run, end, detail in runs)}"
    return State("ready", "", edition) if any_standing is not None else State("empty", EMPTY, edition)
