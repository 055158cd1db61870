"""Runs: each time a command changed something, when, and how it ended."""

from typing import Any

import polars as pl
from sqlalchemy import desc, insert, select, update

from warehouse import frames
from warehouse.home import Home
from warehouse.moments import now
from warehouse.tables import run

COLUMNS: frames.Schema = {
    "id": pl.Int64,
    "command": pl.String,
    "started_at": frames.MOMENT,
    "finished_at": frames.MOMENT,
    "outcome": pl.String,
    "detail": pl.String,
}

RUNNING = "running"


def start(home: Home, command: str) -> int:
    """Note that `command` has begun; returns the run's id."""
    with home.writing() as connection:
        made = connection.execute(
            insert(run).values(command=command, started_at=now(), outcome=RUNNING, detail="")
        )
        return int((made.inserted_primary_key or (0,))[0])


def finish(home: Home, run_id: int, outcome: str, detail: str = "") -> None:
    """Note how a run ended: `outcome` in a word, `detail` in a sentence."""
    with home.writing() as connection:
        connection.execute(
            update(run).where(run.c.id == run_id).values(outcome=outcome, detail=detail, finished_at=now())
        )


def tell(home: Home, run_id: int, detail: str) -> None:
    """Note how far a run has come, in the transaction that took it there.

    So that no two states of the figures have the same newest runs, also when a run is killed.
    """
    with home.writing() as connection:
        connection.execute(update(run).where(run.c.id == run_id).values(detail=detail))


def latest(home: Home, command: str | None = None, outcome: str | None = None) -> dict[str, Any] | None:
    """The newest run, of that command and outcome where given, by COLUMNS; None before the first."""
    wanted = select(*(run.c[name] for name in COLUMNS)).order_by(desc(run.c.id)).limit(1)
    if command is not None:
        wanted = wanted.where(run.c.command == command)
    if outcome is not None:
        wanted = wanted.where(run.c.outcome == outcome)
    with home.reading() as connection:
        found = connection.execute(wanted).mappings().first()
    return None if found is None else dict(found)


def read(home: Home, limit: int = 100) -> pl.DataFrame:
    """The newest runs, newest first."""
    wanted = select(*(run.c[name] for name in COLUMNS)).order_by(desc(run.c.id)).limit(limit)
    with home.reading() as connection:
        return frames.fetch(connection, wanted, COLUMNS)
