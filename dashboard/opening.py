"""Which home the pages read, and whether there is anything in it to show."""

import os
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


@dataclass(frozen=True, slots=True)
class State:
    """Whether pages can be shown, with the reason in one sentence when they cannot.

    `edition` changes with every run and every submission: cached reads carry it, so a refresh shows at once.
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
    return Home.open(folder, url or None)


def state() -> State:
    """Say what can be shown now. One short query; never raises."""
    try:
        with home().reading() as connection:
            newest = select(
                select(func.max(tables.run.c.id)).scalar_subquery(),
                select(func.max(tables.run.c.finished_at)).scalar_subquery(),
                select(func.max(tables.submission.c.received_at)).scalar_subquery(),
                select(func.max(tables.standing.c.series_id)).scalar_subquery(),
            )
            run, finished, received, any_standing = connection.execute(newest).one()
    except WarehouseError as error:
        return State("empty" if str(error) == MISSING else "problem", str(error))
    except SQLAlchemyError:
        return State("problem", DAMAGED)
    edition = f"{address()} {run} {finished} {received}"
    return State("ready", "", edition) if any_standing is not None else State("empty", EMPTY, edition)
