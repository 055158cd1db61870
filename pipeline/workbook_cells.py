"""The cells of an Excel workbook as text, read in a process of its own.

The parser takes memory for the whole rectangle between a sheet's outermost cells, and ends the process where
there is none: two cells in opposite corners of a small file are enough. So it runs apart, with its memory and
time bounded, and what becomes of it is read from its exit. Writes one JSON object on standard output:
{"sheets": [{"name", "hidden", "rows": [[text]]}]} or {"refused": sentence part}.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineError, PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

MEMORY = 768 << 20
SECONDS = 60
PASSWORD = "it is protected by a password: save it without one"  # noqa: S105 - a sentence
DAMAGED = "the workbook is cut short or damaged; send it again"


def text(cell: object) -> str:
    """A cell as a reader sees it: whole numbers without a point, dates as 2026-04-01, all digits kept."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)


def cells(path: str, most_sheets: int, most_cells: int) -> dict[str, Any]:
    """The sheets, every row from the first and every column from the left; empty cells are blank."""
    with load_workbook(path) as book:
        found = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        if len(found) > most_sheets:
            return {"refused": f"it has {len(found):,} sheets; at most {most_sheets:,} are read"}
        sheets, read = [], 0
        for one in found:
            sheet = book.get_sheet_by_name(one.name)
            read += sheet.total_height * sheet.total_width
            if read > most_cells:
                return {"refused": f"its sheets span over {most_cells:,} cells, more than are read"}
            rows = sheet.to_python(skip_empty_area=False)
            hidden = one.visible != SheetVisibleEnum.Visible
            shown = [[text(cell) for cell in row] for row in rows]
            sheets.append({"name": one.name, "hidden": hidden, "rows": shown})
    return {"sheets": sheets}


def _bounded() -> None:
    try:
        import resource
    except ImportError:  # not a POSIX system: the time is still bounded by whoever waits
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def main() -> None:
    """Read the workbook named on the command line, with the limits of sheets and of cells."""
    _bounded()
    path, most_sheets, most_cells = sys.argv[1:4]
    try:
        said = cells(path, int(most_sheets), int(most_cells))
    except PasswordError:
        said = {"refused": PASSWORD}
    except (CalamineError, OSError, ValueError, OverflowError):
        said = {"refused": DAMAGED}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
