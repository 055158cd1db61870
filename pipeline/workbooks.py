"""Excel workbooks (.xls, .xlsx): sheets of cells, still text, and the tables that stand somewhere in them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl

from pipeline.delimited import TextTable
from pipeline.reading import LIMITS, MEBIBYTE, Examined, Limits, RefusedFile, UnreadableFile
from pipeline.workbook_cells import DAMAGED, SECONDS

HEADER_WITHIN = 30
"""A table's header stands in one of a sheet's first rows."""
_TOO_MUCH = "the workbook is damaged, or its sheets span more cells than can be read"


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows` begin at its first row; cells are trimmed, runs of white space are one space."""

    file: str
    name: str
    hidden: bool
    rows: tuple[tuple[str, ...], ...]

    def header(self, fits: Callable[[Sequence[str]], bool]) -> int | None:
        """The place (from 0) of the first of the upper rows that `fits`; None where there is none."""
        upper = enumerate(self.rows[:HEADER_WITHIN])
        return next((at for at, row in upper if any(row) and fits(row)), None)

    def table(
        self, header: int, start: int = 0, stop: int | None = None, *, until_blank: bool = False
    ) -> TextTable:
        """What stands under the header, in the columns from `start` to before `stop`; blank rows left out.

        With `until_blank` the table ends at its first blank row, where another may begin below.

        Row numbers are the sheet's own. Raises UnreadableFile where nothing does.
        """
        columns = self.rows[header][start:stop]
        names = [str(at) for at in range(len(columns))]
        end = len(self.rows)
        if until_blank:
            below = range(header + 1, end)
            end = next((at for at in below if not any(self.rows[at][start:stop])), end)
        under = [
            (at + 1, *row[start:stop])
            for at, row in enumerate(self.rows[header + 1 :], header + 1)
            if any(row[start:stop]) and at < end
        ]
        if not under:
            raise UnreadableFile(f"{self.file}: the sheet '{self.name}' has column names but no rows.")
        schema = {"row": pl.UInt32} | dict.fromkeys(names, pl.String)
        return TextTable(self.file, tuple(columns), pl.DataFrame(under, schema=schema, orient="row"))

    def beside(self, header: int, column: int) -> tuple[int, int]:
        """From where to where the header goes on without a blank, to both sides of a column of it."""
        row = self.rows[header]
        start = next((at + 1 for at in range(column, -1, -1) if not row[at]), 0)
        stop = next((at for at in range(column, len(row)) if not row[at]), len(row))
        return start, stop


@dataclass(frozen=True)
class Workbook:
    """A workbook's sheets, in its order, hidden ones too."""

    file: str
    sheets: tuple[Sheet, ...]

    def headed(self, fits: Callable[[Sequence[str]], bool]) -> Iterator[tuple[Sheet, int]]:
        """Each sheet that has a fitting header, with the header's place."""
        for sheet in self.sheets:
            at = sheet.header(fits)
            if at is not None:
                yield sheet, at

    def only(self, fits: Callable[[Sequence[str]], bool], what: str) -> tuple[Sheet, int]:
        """The one sheet with a fitting header, and the header's place. Raises RefusedFile for several."""
        found = list(self.headed(fits))
        if len(found) != 1:
            names = ", ".join(f"'{sheet.name}'" for sheet, _ in found)
            raise RefusedFile(f"{self.file}: several sheets {what}: {names}.")
        return found[0]

    def listed(self) -> str:
        """The sheets' names, for a sentence."""
        names = [f"'{sheet.name}'" + (" (hidden)" if sheet.hidden else "") for sheet in self.sheets]
        return ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")


def read_workbook(examined: Examined, limits: Limits = LIMITS) -> Workbook:
    """The sheets of a workbook. Raises UnreadableFile (damaged, protected, too large, empty)."""
    return _read(examined.path, examined.sha256, limits)


# A workbook is opened to be recognised, and again for each feed found in it.
@lru_cache(maxsize=4)
def _read(path: Path, sha256: str, limits: Limits) -> Workbook:
    name = path.name
    _refuse_what_would_swell(path, limits)
    command = [sys.executable, "-m", "pipeline.workbook_cells", str(path.absolute())]
    try:
        done = subprocess.run(
            [*command, str(limits.workbook_sheets), str(limits.workbook_cells)],
            check=False,
            capture_output=True,
            timeout=2 * SECONDS,
            env=os.environ | {"RUST_BACKTRACE": "0", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        said = json.loads(done.stdout) if done.returncode == 0 else {"refused": _TOO_MUCH}
    except (subprocess.TimeoutExpired, ValueError):
        said = {"refused": DAMAGED}
    if "refused" in said:
        raise UnreadableFile(f"{name}: {said['refused']}.")
    sheets = tuple(
        Sheet(name, one["name"], one["hidden"], tuple(tuple(map(_plain, row)) for row in one["rows"]))
        for one in said["sheets"]
    )
    if not any(cell for sheet in sheets for row in sheet.rows for cell in row):
        raise UnreadableFile(f"{name}: the workbook holds no values.")
    return Workbook(name, sheets)


def _plain(cell: str) -> str:
    return " ".join(cell.split())


def _refuse_what_would_swell(path: Path, limits: Limits) -> None:
    """An .xlsx is a zip file: what it says it holds is bounded before anything is unpacked."""
    size = path.stat().st_size
    if size > limits.workbook_bytes:
        raise UnreadableFile(
            f"{path.name}: the workbook has {size / MEBIBYTE:.0f} MiB; "
            f"at most {limits.workbook_bytes / MEBIBYTE:.0f} MiB is read. Save the sheet as CSV."
        )
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as parts:
        unpacked = sum(part.file_size for part in parts.infolist())
    if unpacked > limits.workbook_unpacked_bytes or unpacked > limits.workbook_ratio * size + MEBIBYTE:
        raise UnreadableFile(
            f"{path.name}: the workbook would unpack from {size / MEBIBYTE:.1f} MiB to "
            f"{unpacked / MEBIBYTE:.0f} MiB, more than is read. Save the sheet as CSV."
        )
