"""An analyst's file of series, read for SPC; a sentence names the first cell that is wrong."""

from __future__ import annotations

import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from metrics.spc import DIRECTIONS, FLAGS
from pipeline.delimited import read_text
from pipeline.reading import RefusedFile, examine

NEEDED = ("series", "date", "value")
OPTIONAL = ("better", "target", "recalculate", "baseline")
LINES = ("mean", "lower_limit", "upper_limit", "lower_two_sigma", "upper_two_sigma")
ADDED = (*LINES, *FLAGS, "state")
"""The columns that `targets spc` adds, in order."""

MISSING = ("", "na", "n/a", "nan", "null", "none")
"""Texts that mean "no value that month", in any case: blank, and what R, pandas and SQL tools write."""
MARKS = {"0": False, "1": True, "0.0": False, "1.0": True, "false": False, "true": True}
DATES = (
    *("%Y-%m-%d", "%Y-%m", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"),
    *("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%Y/%m/%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y"),
    *("%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%b-%Y", "%b %Y", "%B %Y", "%d-%b-%y", "%b-%y"),
)
"""As people, databases and spreadsheets write dates: day before month; a month is its first day."""
NO_MORE_THAN_MIDNIGHT = r"(?P<midnight>00:00:00)(\.0+)?(Z|\+00:?00)?$"
"""How databases and JSON end a midnight; what follows it says nothing."""
STDIN = "standard input"


@dataclass(frozen=True)
class SpcFile:
    """`given` holds the rows as written, in text; `typed` what `metrics.spc` reads, row for row."""

    given: pl.DataFrame
    typed: pl.DataFrame

    def column(self, name: str) -> str:
        """A column of `typed` as it is spelt in the file."""
        return next(given for given in self.given.columns if given.casefold() == name)


def read(path: Path) -> SpcFile:
    """Read a CSV file, or standard input for `-`. Raises RefusedFile with one sentence: file, row, column."""
    if str(path) != "-" and not _streams(path):
        return _parsed(path)
    with tempfile.TemporaryDirectory() as folder:
        # Reading takes two passes, and a stream can be read once.
        kept = Path(folder) / (STDIN if str(path) == "-" else path.name)
        with kept.open("wb") as target:
            if str(path) == "-":
                shutil.copyfileobj(sys.stdin.buffer, target)
            else:
                with path.open("rb") as source:
                    shutil.copyfileobj(source, target)
        return _parsed(kept)


def _streams(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)


def _parsed(path: Path) -> SpcFile:
    examined = examine(path)
    if examined.kind != "text":
        raise RefusedFile(f"{path.name}: this is a Parquet file; targets spc reads CSV.")
    table = read_text(examined).named()
    names = {name.casefold(): name for name in table.columns}
    absent = [f"'{name}'" for name in NEEDED if name not in names]
    if absent:
        raise RefusedFile(
            f"{path.name}: row 1 has no column {' and no column '.join(absent)}; "
            f"the columns are series, date and value, and may be {', '.join(OPTIONAL)}."
        )
    taken = [names[name] for name in ADDED if name in names]
    if taken:
        raise RefusedFile(
            f"{path.name}: row 1, column '{taken[0]}' has the name of a result; remove or rename it."
        )
    sheet = _Sheet(path.name, table["row"], table)
    columns = {name: names[name] for name in (*NEEDED, *OPTIONAL) if name in names}
    typed = [
        sheet.texts(columns["series"]).alias("series"),
        sheet.dates(columns["date"]).alias("date"),
        sheet.numbers(columns["value"]).alias("value"),
        *(sheet.marks(columns[name]).alias(name) for name in ("recalculate", "baseline") if name in columns),
    ]
    if "target" in columns:
        typed.append(sheet.numbers(columns["target"]).alias("target"))
    if "better" in columns:
        typed.append(sheet.directions(columns["better"], typed[0]).alias("better"))
    frame = pl.DataFrame(typed)
    sheet.one_value_a_date(frame, columns["date"])
    given = table.drop("row")
    return SpcFile(given.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String))), frame)


@dataclass(frozen=True)
class _Sheet:
    """The cells of a file, and how to name one: file, row (the header is row 1), column, value."""

    file: str
    rows: pl.Series
    cells: pl.DataFrame

    def refuse(self, wrong: pl.Series, column: str, why: str) -> None:
        """Raise RefusedFile for the first row where `wrong` is true, if there is one."""
        at = wrong.fill_null(value=False).arg_max() if wrong.any() else None
        if at is not None:
            shown = (self.cells[column][at] or "")[:60]
            said = f"'{shown}' {why}" if shown.strip() else "is blank"
            raise RefusedFile(f"{self.file}: row {self.rows[at]}, column '{column}': {said}.")

    def _stripped(self, column: str) -> tuple[pl.Series, pl.Series]:
        text = self.cells[column].str.strip_chars()
        return text, text.str.to_lowercase().is_in(MISSING)

    def texts(self, column: str) -> pl.Series:
        text = self.cells[column].str.strip_chars()
        self.refuse(text == "", column, "is blank")
        return text

    def numbers(self, column: str) -> pl.Series:
        text, missing = self._stripped(column)
        number = text.cast(pl.Float64, strict=False)
        wrong = ~missing & ~number.is_finite().fill_null(value=False)
        self.refuse(wrong, column, "is not a number")
        return number.set(missing, None)

    def dates(self, column: str) -> pl.Series:
        text = self.cells[column].str.strip_chars()
        plain = text.str.replace(NO_MORE_THAN_MIDNIGHT, "${midnight}")
        found = _dates(plain, DATES[0])
        for form in DATES[1:]:
            if not found.null_count():
                break
            found = found.fill_null(_dates(plain, form))
        self.refuse(found.is_null(), column, "is not a date; write it as YYYY-MM-DD")
        return found

    def marks(self, column: str) -> pl.Series:
        text, missing = self._stripped(column)
        mark = text.str.to_lowercase().replace_strict(MARKS, default=None, return_dtype=pl.Boolean)
        self.refuse(mark.is_null() & ~missing, column, "is not 0 or 1")
        return mark.fill_null(value=False)

    def directions(self, column: str, series: pl.Series) -> pl.Series:
        """A direction for each series: a blank takes what its series says in another row."""
        text, missing = self._stripped(column)
        direction = text.str.to_lowercase().set(missing, None)
        known = direction.is_in(DIRECTIONS) | missing
        self.refuse(~known, column, f"is not {', '.join(DIRECTIONS[:-1])} or {DIRECTIONS[-1]}")
        frame = pl.DataFrame({"series": series, "better": direction})
        first = frame.select(pl.col("better").drop_nulls().first().over("series")).to_series()
        self.refuse(
            direction.is_not_null() & (direction != first),
            column,
            "is not what its series says in an earlier row",
        )
        return first

    def one_value_a_date(self, frame: pl.DataFrame, column: str) -> None:
        """Two rows of a series on one date are a fault of the file: which is the point is not ours to say."""
        keys = frame.select("series", "date")
        if keys.n_unique() < keys.height:
            later = keys.select(~pl.struct("series", "date").is_first_distinct()).to_series()
            self.refuse(later, column, "is there twice for the same series")


def _dates(text: pl.Series, form: str) -> pl.Series:
    """Dates in one form; null where the text has another, a time of day, or a year that no series has."""
    if "%H" in form:
        moment = text.str.to_datetime(form, strict=False)
        midnight = (moment.dt.hour() == 0) & (moment.dt.minute() == 0) & (moment.dt.second() == 0)
        found = moment.dt.date().set((~midnight).fill_null(value=False), None)
    else:
        found = text.str.to_date(form, strict=False)
    return found.set((~found.dt.year().is_between(1900, 2200)).fill_null(value=False), None)
