"""Reading a file somebody sent, safely: every way it can be bad ends in one sentence, never in a traceback.

Two steps, because a file already loaded need not be read again: `examine` streams the bytes once (what it is,
its SHA-256, its encoding); then `read_parquet`, `read_text` in `delimited` or `read_workbook` in `workbooks`
reads the cells. A zip or gzip file is refused by name and never expanded; a workbook is, within limits.
"""

from __future__ import annotations

import codecs
import hashlib
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.file_kinds import foreign, is_workbook

MEBIBYTE = 1 << 20
GIBIBYTE = 1 << 30
_CHUNK = 4 * MEBIBYTE


class RefusedFile(Exception):  # noqa: N818 - said aloud it is the file that is refused
    """A file that is not taken in; `reasons` are sentences for the person who sent it."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class UnreadableFile(RefusedFile):
    """A file refused before its rows were looked at; `sentence` says why."""

    @property
    def sentence(self) -> str:
        """The one reason."""
        return self.reasons[0]


@dataclass(frozen=True)
class Limits:
    """How much is read: bytes on disk; for Parquet the rows and bytes its own footer declares; for a workbook
    the bytes that it unpacks to, and how many for each of its own, its sheets, and the cells that they span.
    """

    file_bytes: int = 4 * GIBIBYTE
    parquet_bytes: int = 16 * GIBIBYTE
    rows: int = 200_000_000
    columns: int = 2_000
    workbook_bytes: int = 100 * MEBIBYTE
    workbook_unpacked_bytes: int = 512 * MEBIBYTE
    workbook_ratio: int = 100
    workbook_cells: int = 3_000_000
    workbook_sheets: int = 100


LIMITS = Limits()


@dataclass(frozen=True)
class Examined:
    """What a file is. `notes` are sentences worth keeping with its submission."""

    path: Path
    kind: Literal["text", "parquet", "workbook"]
    sha256: str
    size: int
    encoding: str = "utf-8"
    quoted: bool = False
    notes: tuple[str, ...] = ()


def _readable(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "no permission to read it"
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    return (error.strerror or "it cannot be opened").lower()


def _size(path: Path, limits: Limits) -> int:
    try:
        state = path.stat()
    except (OSError, ValueError) as error:
        why = _readable(error) if isinstance(error, OSError) else "not a usable file name"
        raise UnreadableFile(f"{path.name}: {why}.") from error
    if stat.S_ISDIR(state.st_mode):
        raise UnreadableFile(f"{path.name}: this is a folder; name the files in it.")
    if not stat.S_ISREG(state.st_mode):
        raise UnreadableFile(f"{path.name}: this is not an ordinary file.")
    if state.st_size == 0:
        raise UnreadableFile(f"{path.name}: the file is empty.")
    if state.st_size > limits.file_bytes:
        raise UnreadableFile(
            f"{path.name}: the file has {state.st_size / GIBIBYTE:.1f} GiB; "
            f"at most {limits.file_bytes / GIBIBYTE:.1f} GiB is read. Send it month by month."
        )
    return state.st_size


def examine(path: Path, limits: Limits = LIMITS) -> Examined:
    """Stream the file once: its kind, SHA-256 and encoding. Raises UnreadableFile."""
    size = _size(path, limits)
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
            stream.seek(0)
            book = is_workbook(path, head)
            if meaning := book if isinstance(book, str) else foreign(head):
                raise UnreadableFile(f"{path.name}: this is {meaning}.")
            if book or head.startswith(b"PAR1"):
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
                return Examined(path, "workbook" if book else "parquet", digest, size)
            return _examine_text(path, size, stream)
    except OSError as error:
        raise UnreadableFile(f"{path.name}: {_readable(error)}.") from error


# Bytes that no table of text holds: what is left of ASCII's control characters without tab and line ends.
_CONTROL = bytes(set(range(32)) - {9, 10, 13})
_CP1252_UNDEFINED = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _examine_text(path: Path, size: int, stream: BinaryIO) -> Examined:
    digest = hashlib.sha256()
    utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    cp1252, quoted, blank = True, False, True
    for chunk in _chunks(stream):
        digest.update(chunk)
        if len(chunk.translate(None, _CONTROL)) != len(chunk):
            raise UnreadableFile(f"{path.name}: this is binary data, not a CSV or Parquet file.")
        cp1252 = cp1252 and len(chunk.translate(None, _CP1252_UNDEFINED)) == len(chunk)
        quoted = quoted or b'"' in chunk
        blank = blank and not chunk.strip(b"\xef\xbb\xbf \t\r\n,")
        if utf8 is not None:
            try:
                utf8.decode(chunk)
            except UnicodeDecodeError:
                utf8 = None
    if utf8 is not None:
        try:
            utf8.decode(b"", final=True)
        except UnicodeDecodeError:
            utf8 = None
    if blank:
        raise UnreadableFile(f"{path.name}: the file holds no values.")
    if utf8 is not None:
        return Examined(path, "text", digest.hexdigest(), size, "utf-8", quoted)
    if not cp1252:
        raise UnreadableFile(
            f"{path.name}: the text is neither UTF-8 nor Windows-1252; save it as CSV UTF-8."
        )
    note = f"{path.name} is not UTF-8; its letters were read as Windows-1252 (Latin-1)."
    return Examined(path, "text", digest.hexdigest(), size, "cp1252", quoted, (note,))


def parquet_columns(examined: Examined) -> tuple[str, ...]:
    """The column names of a Parquet file. Raises UnreadableFile where its footer cannot be read."""
    return tuple(_footer(examined).schema.to_arrow_schema().names)


def _footer(examined: Examined) -> pq.FileMetaData:
    try:
        return pq.read_metadata(examined.path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableFile(
            f"{examined.path.name}: the Parquet file is cut short or damaged; send it again."
        ) from error


def read_parquet(examined: Examined, limits: Limits = LIMITS) -> pl.DataFrame:
    """The rows of a Parquet file, once its footer's declared size is within limits. Raises UnreadableFile."""
    name = examined.path.name
    footer = _footer(examined)
    expanded = sum(footer.row_group(at).total_byte_size for at in range(footer.num_row_groups))
    # Dictionary pages repeat: the footer's bytes can be few while the rows are many, so both are bounded.
    if (
        footer.num_rows > limits.rows
        or max(expanded, footer.num_rows * footer.num_columns) > limits.parquet_bytes
    ):
        raise UnreadableFile(
            f"{name}: the Parquet file declares {footer.num_rows:,} rows and {expanded / GIBIBYTE:.1f} GiB, "
            f"more than is read ({limits.rows:,} rows, {limits.parquet_bytes / GIBIBYTE:.0f} GiB)."
        )
    if footer.num_columns > limits.columns:
        raise UnreadableFile(f"{name}: {footer.num_columns:,} columns; at most {limits.columns:,} are read.")
    if footer.num_rows == 0:
        raise UnreadableFile(f"{name}: the file has column names but no rows.")
    try:
        frame = pl.read_parquet(examined.path, glob=False, hive_partitioning=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        raise UnreadableFile(f"{name}: the Parquet file is cut short or damaged; send it again.") from error
    nested = [column for column, kind in frame.schema.items() if kind.is_nested()]
    if nested:
        raise UnreadableFile(f"{name}: the column '{nested[0]}' holds lists or records, not single values.")
    return frame
