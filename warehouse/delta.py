"""Delta tables in the record store: one writer, one atomic commit, and the files a reader may open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

from warehouse.errors import WarehouseBusyError, WarehouseError
from warehouse.home import Home
from warehouse.lock import sole_writer


@dataclass(frozen=True, slots=True)
class Stored:
    """A table as it is now: its schema, its partition columns, and its files.

    `files`: path, rows (Int64) and one column for each partition column, sorted by path.
    """

    schema: pl.Schema
    partitions: tuple[str, ...]
    files: pl.DataFrame


def place(home: Home, name: str) -> str:
    """Where the table `name` rests: a folder, or a URL in an object store."""
    return f"{home.records_url.rstrip('/')}/{name}"


def stored(home: Home, name: str, as_of: datetime | None = None) -> Stored | None:
    """The table as it is now, or was `as_of` a moment in UTC; None when it had never been written by then.

    Raises WarehouseError if unreadable.
    """
    where = place(home, name)
    try:
        table = DeltaTable(where)
        if as_of is not None and not _went_back(table, as_of):
            return None
    except TableNotFoundError:
        return None
    except (DeltaError, OSError) as error:
        raise WarehouseError(
            f"The stored records of {name} at {where} could not be read: {error}."
        ) from error
    partitions = tuple(table.metadata().partition_columns)
    # The log's own paths: `file_uris()` percent-encodes a folder's spaces, and nothing can then open them.
    actions = pl.DataFrame(table.get_add_actions(flatten=True))
    files = actions.select(
        pl.concat_str(pl.lit(f"{where}/"), "path").alias("path"),
        pl.col("num_records").alias("rows"),
        *(pl.col(f"partition.{column}").alias(column) for column in partitions),
    )
    return Stored(pl.Schema(table.schema().to_arrow()), partitions, files.sort("path"))


def _went_back(table: DeltaTable, as_of: datetime) -> bool:
    """Load the version that stood at a moment; False where there was none yet."""
    moment = as_of.timestamp() * 1000
    stood = [commit["version"] for commit in table.history() if commit["timestamp"] <= moment]
    if not stood:
        return False
    table.load_as_version(max(stood))
    return True


def replace(
    home: Home, name: str, frame: pl.DataFrame, partitions: Sequence[str] = (), predicate: str | None = None
) -> None:
    """Replace the rows that `predicate` selects (None: all rows) with `frame`, in one commit.

    Columns not met before are added, absent ones left null; with no predicate the table takes the frame's own
    columns, and so it does where it was not partitioned by these before. Raises WarehouseBusyError when
    another writer is at it, and WarehouseError when a column's type changed.
    """
    busy = f"Another targets command is writing {name}. Nothing was changed; try again when it has finished."
    if "://" in home.records_url:
        _commit(home, name, frame, partitions, predicate, busy)
        return
    lock = home.path / "locks" / f"{name.replace('/', '-')}.lock"
    with sole_writer(lock, home.patience, busy):
        _commit(home, name, frame, partitions, predicate, busy)


def _commit(
    home: Home, name: str, frame: pl.DataFrame, partitions: Sequence[str], predicate: str | None, busy: str
) -> None:
    now = stored(home, name)
    if now is not None and not set(partitions) <= set(now.partitions):
        # An earlier contract kept the feed as one snapshot, of no month: the first month takes its place.
        predicate = None
    if now is not None and predicate is not None:
        _refuse_changed_types(name, now.schema, frame)
    try:
        write_deltalake(
            place(home, name),
            frame,
            partition_by=list(partitions) or None,
            mode="overwrite",
            schema_mode="overwrite" if predicate is None else "merge",
            predicate=None if now is None else predicate,
        )
    except CommitFailedError as error:
        raise WarehouseBusyError(busy) from error
    except (DeltaError, OSError) as error:
        # Not the library's message: it quotes rows, and rows are about people.
        kind = type(error).__name__
        raise WarehouseError(
            f"The records of {name} could not be stored ({kind}). Nothing was changed."
        ) from None


def _refuse_changed_types(name: str, schema: pl.Schema, frame: pl.DataFrame) -> None:
    changed = [
        f"{column} is {dtype} and was {schema[column]}"
        for column, dtype in frame.schema.items()
        if column in schema and schema[column] != dtype
    ]
    if changed:
        raise WarehouseError(f"The records of {name} do not fit those held: {'; '.join(changed)}.")


def scan(table: Stored, files: pl.DataFrame) -> pl.LazyFrame:
    """The rows of some of a table's files, lazily, in the table's columns."""
    if files.is_empty():
        return pl.LazyFrame(schema=table.schema)
    inside = {name: dtype for name, dtype in table.schema.items() if name not in table.partitions}
    return pl.scan_parquet(
        files["path"].to_list(),
        glob=False,
        schema=inside,
        missing_columns="insert",
        hive_partitioning=bool(table.partitions),
        hive_schema={name: table.schema[name] for name in table.partitions} or None,
    ).select(list(table.schema))


def any_of(column: str, values: Sequence[str]) -> str:
    """A predicate: the column holds one of these values."""
    quoted = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    return f"{column} IN ({quoted})"
