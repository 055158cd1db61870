"""Tables as a workbook that a screen reader can use.

After the Government Analysis Function's guidance on spreadsheets: a cover and a list of contents, one table a
sheet marked as a table with a header row, no merged or empty cells, the notes above it in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import polars as pl
import xlsxwriter

NOTHING = "[x]"
"""What stands in a cell without a figure; an empty cell would leave a screen reader silent."""

WIDEST = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name on the tab, its title, notes in sentences, and rows."""

    name: str
    title: str
    notes: Sequence[str]
    rows: pl.DataFrame


def write(title: str, about: Sequence[str], sheets: Sequence[Sheet], made: datetime) -> bytes:
    """Write a workbook: a cover that says what it is and lists its sheets, then the sheets."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "mmmm yyyy"})
    book.set_properties({"title": title, "subject": "National neighbourhood-health targets", "created": made})
    styles = {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "month": book.add_format({"num_format": "mmmm yyyy", "align": "left"}),
    }
    cover = book.add_worksheet("Cover")
    cover.set_column(0, 0, 100)
    lines = [*about, f"A cell that says {NOTHING} has no figure.", "Sheets:"]
    cover.write(0, 0, title, styles["title"])
    for row, line in enumerate(lines, start=1):
        cover.write_string(row, 0, line, styles["text"])
    for at, sheet in enumerate(sheets):
        _table(book, sheet, at, styles)
        cover.write_url(
            len(lines) + 1 + at, 0, f"internal:'{sheet.name}'!A1", string=f"{sheet.name}: {sheet.title}"
        )
    book.close()
    return out.getvalue()


def _table(book: Any, sheet: Sheet, number: int, styles: dict[str, Any]) -> None:  # noqa: ANN401
    page = book.add_worksheet(sheet.name)
    page.write(0, 0, sheet.title, styles["title"])
    for row, note in enumerate(sheet.notes, start=1):
        page.write_string(row, 0, note)
    top = len(sheet.notes) + 1
    columns = sheet.rows.columns
    page.add_table(
        top,
        0,
        top + max(sheet.rows.height, 1),
        len(columns) - 1,
        {
            "name": f"table_{number + 1}",
            "columns": [{"header": name, "header_format": styles["head"]} for name in columns],
            "autofilter": False,
            "banded_rows": False,
            "style": "Table Style Light 1",
            "description": sheet.title,
        },
    )
    for at, name in enumerate(columns):
        values = [NOTHING if value is None else value for value in sheet.rows[name].to_list()]
        months = sheet.rows.schema[name] == pl.Date
        for row, value in enumerate(values, start=top + 1):
            if isinstance(value, date):
                page.write_datetime(row, at, datetime(value.year, value.month, value.day), styles["month"])  # noqa: DTZ001
            elif isinstance(value, (int, float)):
                page.write_number(row, at, value)
            else:
                # As text whatever it looks like: a name that begins with "=" is no formula.
                page.write_string(row, at, str(value))
        longest = 14 if months else max((len(str(value)) for value in values), default=0)
        page.set_column(at, at, min(max(longest, len(name) * 2 // 3) + 2, WIDEST))
    page.freeze_panes(top + 1, 1)
