"""Comma-separated text as a table of cells, still text, each with its row's number."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv

from pipeline.reading import LIMITS, MEBIBYTE, Examined, Limits, UnreadableFile

_HEADER_LIMIT = MEBIBYTE
_NO_ROWS = "the file has column names but no rows."


@dataclass(frozen=True)
class TextTable:
    """A delimited file as written: `columns` are the trimmed headers (blank where unnamed).

    `cells` holds String columns "0", "1", ... in that order and `row` (UInt32), the row's number as a
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
        refuse_repeats(self.file, self.columns)
        for position, name in enumerate(self.columns):
            if not name and self.cells[str(position)].str.strip_chars().ne("").any():
                raise UnreadableFile(f"{self.file}: column {position + 1} has values but no name.")
        named = [(str(position), name) for position, name in enumerate(self.columns) if name]
        return self.cells.select("row", *(pl.col(place).alias(name) for place, name in named))


def refuse_repeats(file: str, columns: Sequence[str]) -> None:
    """Raise UnreadableFile where two columns have one name, whatever its case."""
    seen: dict[str, int] = {}
    for position, name in enumerate(columns, 1):
        first = seen.setdefault(name.casefold(), position)
        if name and first != position:
            raise UnreadableFile(
                f"{file}: the column name '{name}' appears twice (columns {first} and {position})."
            )


def first_rows(examined: Examined, count: int) -> list[tuple[str, ...]]:
    """Up to `count` rows from the top, trimmed. Raises UnreadableFile where they cannot be read."""
    with examined.path.open("rb") as stream:
        head = stream.read(_HEADER_LIMIT)
    text = codecs.decode(head, examined.encoding, "ignore").removeprefix("\ufeff")
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline="")), count))
    except csv.Error as error:
        raise UnreadableFile(f"{examined.path.name}: the header row cannot be read ({error}).") from error
    return [tuple(" ".join(name.split()) for name in row) for row in rows]


def header(examined: Examined) -> tuple[str, ...]:
    """The trimmed column names of the first row. Raises UnreadableFile where there are none."""
    names = next(iter(first_rows(examined, 1)), ())
    if not any(names):
        raise UnreadableFile(f"{examined.path.name}: the first row is blank; it must hold the column names.")
    if len(names) == 1:
        raise UnreadableFile(
            f"{examined.path.name}: only one column was found ('{names[0][:50]}'); "
            "columns are separated by commas."
        )
    return names


def read_text(examined: Examined, limits: Limits = LIMITS) -> TextTable:
    """The cells of a comma-separated file. Raises UnreadableFile (ragged rows, broken quotes, size)."""
    name = examined.path.name
    columns = header(examined)
    if len(columns) > limits.columns:
        raise UnreadableFile(f"{name}: {len(columns):,} columns; at most {limits.columns:,} are read.")
    ragged: list[pacsv.InvalidRow] = []
    blank: list[int] = []

    def note_ragged(row: pacsv.InvalidRow) -> str:
        if not row.text.strip():
            blank.append(row.number)
        elif not ragged:
            ragged.append(row)
        return "skip"

    types = {f"f{position}": pa.string() for position in range(len(columns))}
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
        if "Empty CSV" in str(error):  # a header without so much as a line end
            raise UnreadableFile(f"{name}: {_NO_ROWS}") from error
        raise UnreadableFile(f"{name}: the rows cannot be read as CSV ({_first_line(error)}).") from error
    if ragged:
        row = ragged[0]
        raise UnreadableFile(
            f"{name}: row {row.number} has {row.actual_columns} cells where the header has {len(columns)}."
        )
    cells = pl.DataFrame(table).rename({f"f{position}": str(position) for position in range(len(columns))})
    cells = cells.with_columns(_row_numbers(cells.height, blank)).slice(1)
    cells = cells.filter(pl.any_horizontal(pl.exclude("row").str.strip_chars() != ""))
    if examined.quoted:
        _no_line_breaks(name, cells)
    if cells.height == 0:
        raise UnreadableFile(f"{name}: {_NO_ROWS}")
    return TextTable(name, columns, cells, examined.notes)


def _row_numbers(rows: int, blank: list[int]) -> pl.Series:
    """1 for the first row, and so on, leaving out the blank rows that were skipped."""
    numbers = pl.Series("row", range(1, rows + len(blank) + 1), pl.UInt32)
    return numbers.filter(~numbers.is_in(blank)) if blank else numbers


def _no_line_breaks(name: str, cells: pl.DataFrame) -> None:
    """A line break inside a quoted cell is nearly always a lost quote that swallowed rows."""
    broken = cells.filter(pl.any_horizontal(pl.exclude("row").str.contains_any(["\n", "\r"])))
    if broken.height:
        raise UnreadableFile(
            f"{name}: row {broken['row'][0]} has a line break inside a cell; a quote may be missing."
        )


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0][:160] if str(error) else type(error).__name__
