"""Reading a file somebody sent, safely: every way it can be bad ends in one sentence, never in a traceback.

Two steps, because a file already loaded need not be read again: `examine` streams the bytes once (what it is,
its SHA-256, its encoding), then `read_text` or `read_parquet` reads the cells. Nothing is ever expanded: a zip or
gzip file is refused by name, so there is no bomb to defuse.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

MEBIBYTE = 1 << 20
GIBIBYTE = 1 << 30
_CHUNK = 4 * MEBIBYTE
_HEADER_LIMIT = MEBIBYTE


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
    """How much is read: bytes on disk, and for Parquet the rows and bytes its own footer declares."""

    file_bytes: int = 4 * GIBIBYTE
    parquet_bytes: int = 16 * GIBIBYTE
    rows: int = 200_000_000
    columns: int = 2_000


@dataclass(frozen=True)
class Examined:
    """What a file is. `notes` are sentences worth keeping with its submission."""

    path: Path
    kind: Literal["text", "parquet"]
    sha256: str
    size: int
    encoding: str = "utf-8"
    quoted: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class TextTable:
    """A delimited file as written: `columns` are the trimmed headers (blank where unnamed).

    `cells` holds String columns "0", "1", ... in the same order and `row` (UInt32), the row's number as a
    spreadsheet shows it (the header is row 1). Rows without any content are left out.
    """

    file: str
    columns: tuple[str, ...]
    cells: pl.DataFrame
    notes: tuple[str, ...] = field(default=())

    def named(self) -> pl.DataFrame:
        """The cells under their headers, with `row`; unnamed empty columns dropped.

        Raises UnreadableFile where two columns have one name, or an unnamed column has content.
        """
        seen: dict[str, int] = {}
        for position, name in enumerate(self.columns):
            if name == "":
                if self.cells[str(position)].str.strip_chars().ne("").any():
                    raise UnreadableFile(f"{self.file}: column {position + 1} has values but no name.")
                continue
            if name.casefold() in seen:
                raise UnreadableFile(
                    f"{self.file}: the column name '{name}' appears twice "
                    f"(columns {seen[name.casefold()] + 1} and {position + 1})."
                )
            seen[name.casefold()] = position
        return self.cells.select("row", *(pl.col(str(at)).alias(self.columns[at]) for at in seen.values()))


_ARCHIVES: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "a gzip file: unzip it first"),
    (b"BZh", "a bzip2 file: unzip it first"),
    (b"\xfd7zXZ\x00", "an xz file: unzip it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd file: unzip it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip file: unzip it first"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook (.xls): save the sheet as CSV first"),
    (b"%PDF", "a PDF document, not a table"),
    (b"PARE", "an encrypted Parquet file: send it unencrypted"),
    (b"\xff\xfe", "text in UTF-16: save it as CSV UTF-8 first"),
    (b"\xfe\xff", "text in UTF-16: save it as CSV UTF-8 first"),
)


def _foreign(head: bytes) -> str | None:
    """What a file of another kind is, from its first bytes; null for text and Parquet."""
    if head.startswith(b"PK\x03\x04"):
        workbook = b"[Content_Types].xml" in head or b"xl/" in head
        return (
            "an Excel workbook (.xlsx): save the sheet as CSV first"
            if workbook
            else "a zip file: unzip it first"
        )
    for magic, meaning in _ARCHIVES:
        if head.startswith(magic):
            return meaning
    opening = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower()
    if opening.startswith((b"<!doctype html", b"<html")):
        return "a web page, not a table: the download may have failed"
    return None


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


def examine(path: Path, limits: Limits = Limits()) -> Examined:
    """Stream the file once: its kind, SHA-256 and encoding. Raises UnreadableFile."""
    size = _size(path, limits)
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
            stream.seek(0)
            if meaning := _foreign(head):
                raise UnreadableFile(f"{path.name}: this is {meaning}.")
            if head.startswith(b"PAR1"):
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
                return Examined(path, "parquet", digest, size)
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


def _header(examined: Examined) -> list[str]:
    with examined.path.open("rb") as stream:
        head = stream.read(_HEADER_LIMIT)
    text = codecs.decode(head, examined.encoding, "ignore").removeprefix("\ufeff")
    try:
        header = next(csv.reader(io.StringIO(text, newline="")), [])
    except csv.Error as error:
        raise UnreadableFile(f"{examined.path.name}: the header row cannot be read ({error}).") from error
    names = [" ".join(name.split()) for name in header]
    if not any(names):
        raise UnreadableFile(f"{examined.path.name}: the first row is blank; it must hold the column names.")
    if len(names) == 1:
        raise UnreadableFile(
            f"{examined.path.name}: only one column was found ('{names[0][:60]}'); columns are separated by commas."
        )
    return names


def read_text(examined: Examined, limits: Limits = Limits()) -> TextTable:
    """The cells of a comma-separated file, as text. Raises UnreadableFile (ragged rows, broken quotes, size)."""
    name = examined.path.name
    header = _header(examined)
    if len(header) > limits.columns:
        raise UnreadableFile(f"{name}: {len(header):,} columns; at most {limits.columns:,} are read.")
    ragged: list[pacsv.InvalidRow] = []

    def note_ragged(row: pacsv.InvalidRow) -> str:
        if len(ragged) < 3 and row.text.strip():
            ragged.append(row)
        return "skip"

    types = {f"f{position}": pa.string() for position in range(len(header))}
    try:
        with pa.OSFile(str(examined.path)) as stream:
            table = pacsv.read_csv(
                stream,
                # One thread, because only then are ragged rows numbered.
                read_options=pacsv.ReadOptions(
                    autogenerate_column_names=True,
                    use_threads=False,
                    encoding="utf8" if examined.encoding == "utf-8" else examined.encoding,
                    block_size=16 * MEBIBYTE,
                ),
                parse_options=pacsv.ParseOptions(
                    newlines_in_values=examined.quoted,
                    ignore_empty_lines=False,
                    invalid_row_handler=note_ragged,
                ),
                convert_options=pacsv.ConvertOptions(column_types=types, strings_can_be_null=False),
            )
    except (pa.ArrowException, OSError, UnicodeError) as error:
        raise UnreadableFile(f"{name}: the rows cannot be read as CSV ({_first_line(error)}).") from error
    if ragged:
        row = ragged[0]
        raise UnreadableFile(
            f"{name}: row {row.number} has {row.actual_columns} cells where the header has {len(header)}."
        )
    cells = pl.from_arrow(table)
    assert isinstance(cells, pl.DataFrame)
    cells = (
        cells.rename({f"f{position}": str(position) for position in range(len(header))})
        .with_row_index("row", offset=1)
        .slice(1)
    )
    values = pl.exclude("row")
    cells = cells.filter(pl.any_horizontal(values.str.strip_chars() != ""))
    if examined.quoted:
        _no_line_breaks(name, cells)
    if cells.height == 0:
        raise UnreadableFile(f"{name}: the file has column names but no rows.")
    return TextTable(name, tuple(header), cells, examined.notes)


def _no_line_breaks(name: str, cells: pl.DataFrame) -> None:
    """A line break inside a quoted cell is nearly always a lost quote that swallowed rows."""
    broken = cells.filter(pl.any_horizontal(pl.exclude("row").str.contains_any(["\n", "\r"])))
    if broken.height:
        raise UnreadableFile(
            f"{name}: row {broken['row'][0]} has a line break inside a cell; a quote may be missing."
        )


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0][:160] if str(error) else type(error).__name__


def read_parquet(examined: Examined, limits: Limits = Limits()) -> pl.DataFrame:
    """The rows of a Parquet file, once its footer's declared size is within limits. Raises UnreadableFile."""
    name = examined.path.name
    try:
        footer = pq.read_metadata(examined.path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableFile(f"{name}: the Parquet file is cut short or damaged; send it again.") from error
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
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise UnreadableFile(f"{name}: the Parquet file is cut short or damaged; send it again.") from error
    nested = [column for column, kind in frame.schema.items() if kind.is_nested()]
    if nested:
        raise UnreadableFile(f"{name}: the column '{nested[0]}' holds lists or records, not single values.")
    return frame
