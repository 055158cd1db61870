"""A home: the folder, the database and the record store that one installation works in."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from warehouse import database, migrations
from warehouse.errors import WarehouseError
from warehouse.lock import sole_writer

PATIENCE = 30.0
"""Seconds a writer waits for another before it says so and gives up."""


@dataclass(eq=False)
class Home:
    """Where things rest; `records_url` is a local folder or an object store's URL, `patience` in seconds."""

    path: Path
    engine: Engine
    records_url: str
    patience: float = PATIENCE
    _mine: threading.local = field(default_factory=threading.local, repr=False)

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        database_url: str | None = None,
        *,
        patience: float = PATIENCE,
        cache_kib: int = database.CACHE_KIB,
    ) -> "Home":
        """Open a home, making its folders and bringing its database up to date where they are not.

        `path` defaults to TARGETS_HOME or `.targets`; `database_url` to TARGETS_DATABASE_URL or a SQLite
        file in the home; records rest in TARGETS_RECORDS_URL or the home's `records` folder. `cache_kib`
        is what each connection to SQLite keeps of it. Raises WarehouseError.
        """
        # Empty variables come from Compose files and CI settings, and mean "not set".
        folder = Path(path or os.environ.get("TARGETS_HOME") or ".targets").expanduser().absolute()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WarehouseError(f"The folder {folder} could not be made: {error.strerror}.") from None
        records = os.environ.get("TARGETS_RECORDS_URL") or str(folder / "records")
        url = database_url or os.environ.get("TARGETS_DATABASE_URL") or None
        home = cls(folder, database.make_engine(url, folder, patience, cache_kib), records, patience)
        home._bring_up_to_date()
        return home

    def close(self) -> None:
        """Let go of the database connections."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reads; inside `writing`, the writer's own, and inside `moment`, the moment's."""
        mine = getattr(self._mine, "connection", None) or getattr(self._mine, "moment", None)
        if mine is not None:
            yield mine
            return
        with self._in_words(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Every `reading` of this thread inside sees one moment: what others commit meanwhile is not seen.

        Hold it briefly: it keeps a connection, and what writers would otherwise tidy away.
        """
        with self._in_words(), self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            self._mine.moment = connection
            try:
                yield
            finally:
                self._mine.moment = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction as the one writer: committed whole at the end, or not at all.

        Writes inside one another share the outermost transaction, so a refresh can be made one change. Raises
        WarehouseBusyError when another writer does not finish within `patience`.
        """
        if (mine := getattr(self._mine, "connection", None)) is not None:
            yield mine
            return
        with self._in_words(), self.engine.connect() as plain:
            connection = plain.execution_options(writer=True)
            with connection.begin():
                database.take_turn(connection, self.patience)
                self._mine.connection = connection
                try:
                    yield connection
                finally:
                    self._mine.connection = None

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            raise database.sentence(error, self.engine) from error
        except DatabaseError as error:
            if "not a database" in str(error.orig):
                raise WarehouseError(f"{self.engine.url.database} is not a SQLite database.") from error
            raise

    def _bring_up_to_date(self) -> None:
        # The first two openings of a new folder may come at once, and SQLite cannot wait to enter WAL mode.
        with sole_writer(self.path / "opening.lock", self.patience, database.BUSY):
            with self.reading() as connection:
                revision = migrations.revision(connection)
            if revision == migrations.HEAD:
                return
            if revision is not None and revision > migrations.HEAD:
                raise WarehouseError(
                    f"The database was made by a newer version of targets (its revision is {revision}; this "
                    f"version knows {migrations.HEAD}). Update targets."
                )
            with self.writing() as connection:
                migrations.upgrade(connection)
