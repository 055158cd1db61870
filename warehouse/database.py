"""The SQL database behind a home: SQLite by default, PostgreSQL by URL."""

import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from warehouse.errors import WarehouseBusyError, WarehouseError

BUSY = "Another targets command is writing here. Nothing was changed; try again when it has finished."

WRITER_KEY = 7_461_726
"""The PostgreSQL advisory lock that stands for "the one writer"; any number will do, if it is ours."""

CACHE_KIB = 65_536
"""Pages of SQLite that each connection keeps."""


def make_engine(url: str | None, home: Path, patience: float, cache_kib: int = CACHE_KIB) -> Engine:
    """An engine for `url`, or for the SQLite file in `home` when there is none.

    `patience` is how many seconds a writer waits for another; `cache_kib` how much each connection to SQLite
    keeps of it. Raises WarehouseError on an address that is
    neither SQLite nor PostgreSQL.
    """
    address = _address(url, home)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, connect_args={"timeout": patience})
        event.listen(engine, "connect", partial(_settle_sqlite, cache_kib))
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(address, connect_args={"options": "-c timezone=UTC"}, pool_pre_ping=True)


def _address(url: str | None, home: Path) -> URL:
    if url is None:
        return URL.create("sqlite", database=str(home / "results.sqlite"))
    try:
        address = make_url(url)
        backend = address.get_backend_name()
    except ArgumentError:
        raise WarehouseError("The database address is not a URL such as postgresql://host/name.") from None
    if backend in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and address.database not in (None, "", ":memory:"):
        return address.set(drivername="sqlite")
    raise WarehouseError("The database must be a SQLite file or PostgreSQL.")


def _settle_sqlite(cache_kib: int, connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself: it opens none for reads and only late for writes.
    connection.isolation_level = None
    cursor = connection.cursor()
    if cursor.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute(f"PRAGMA cache_size = -{cache_kib}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer that began as a reader could not wait its turn: SQLite refuses the upgrade at once.
    writer = connection.get_execution_options().get("writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")


def take_turn(connection: Connection, patience: float) -> None:
    """Become the one writer on PostgreSQL until the transaction ends (SQLite did so on BEGIN IMMEDIATE)."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {max(1, round(patience * 1000))}")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_KEY})")


def sentence(error: OperationalError, engine: Engine) -> WarehouseError:
    """What the database's refusal means, in words."""
    reason: Any = error.orig
    if isinstance(reason, sqlite3.OperationalError) and "locked" in str(reason):
        return WarehouseBusyError(BUSY)
    if getattr(reason, "sqlstate", None) == "55P03":
        return WarehouseBusyError(BUSY)
    place = engine.url.render_as_string(hide_password=True)
    return WarehouseError(
        f"The database at {place} could not be used: {str(reason).strip().splitlines()[0]}."
    )
