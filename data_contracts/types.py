"""Bring a frame to its contract's types. A value that will not go is a row fault, and says which value."""

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from data_contracts.contract import Contract

# Nanosecond timestamps, which the rules are judged on, end in 2262; nothing in health care is outside these.
EARLIEST, LATEST = date(1850, 1, 1), date(2250, 1, 1)
YES, NO = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")
IN_WORDS = {
    pl.Boolean: "yes or no (true, false)",
    pl.Date: "a date (YYYY-MM-DD)",
    pl.Datetime: "a date and time (YYYY-MM-DDTHH:MM:SS)",
}


@dataclass(frozen=True)
class TypeFault:
    """A column's values that are not of its type: row numbers from 0 (UInt32) and a reason for each."""

    column: str
    wanted: str
    rows: pl.Series
    reasons: pl.Series


def to_types(frame: pl.DataFrame, contract: Contract) -> tuple[pl.DataFrame, list[TypeFault]]:
    """Return the contract's columns in its order and types, and the values that would not go (now null)."""
    typed, faults = [], []
    for column in contract.columns:
        given = _tidy(frame[column.name])
        if given.dtype == column.dtype and not column.dtype.is_temporal():
            typed.append(given)
            continue
        cast = _within_reach(_cast(given, column.dtype))
        typed.append(cast)
        if cast.null_count() > given.null_count():
            rows = (cast.is_null() & given.is_not_null()).arg_true()
            said = IN_WORDS.get(column.dtype.base_type(), "a whole number within range")
            values = (
                given.gather(rows).cast(pl.String, strict=False).fill_null("(unreadable)").str.slice(0, 40)
            )
            reasons = pl.format("{} '{}' is not {}", pl.lit(column.name), values, pl.lit(said))
            faults.append(TypeFault(column.name, said, rows, pl.select(reasons).to_series()))
    return pl.DataFrame(typed), faults


def _tidy(column: pl.Series) -> pl.Series:
    """Take the spaces off text, and read empty text as a missing value; leave other types alone."""
    if column.dtype in (pl.Categorical, pl.Enum):
        column = column.cast(pl.String)
    if column.dtype != pl.String:
        return column
    # Codes repeat: a look at the distinct-ish edges is cheaper than rewriting a million values.
    if not column.str.contains(r"^\s|\s$|^$").any():
        return column
    stripped = column.str.strip_chars()
    return pl.select(pl.when(stripped.str.len_bytes() > 0).then(stripped)).to_series().alias(column.name)


def _cast(given: pl.Series, to: pl.DataType) -> pl.Series:
    if given.dtype == pl.Null or given.dtype == to:
        return given.cast(to)
    if given.dtype == pl.String:
        return _from_text(given, to)
    if to == pl.Boolean:
        return (
            pl.select(
                pl.when(given.is_in([0, 1])).then(given == 1) if given.dtype.is_numeric() else pl.lit(None)
            )
            .to_series()
            .alias(given.name)
            if given.dtype.is_numeric()
            else _none_of(given, to)
        )
    if given.dtype.is_float() and to.is_integer():
        whole = given.filter(given.is_not_null())
        kept = given if (whole == whole.floor()).all() else given.set(given != given.floor(), None)
        return kept.cast(to, strict=False)
    if isinstance(given.dtype, pl.Datetime):
        if given.dtype.time_zone is not None:
            given = given.dt.convert_time_zone("Europe/London").dt.replace_time_zone(None)
        if to == pl.Date:
            days = given.dt.date()
            return days.set(
                (days.cast(pl.Datetime("us")) != given.cast(pl.Datetime("us"))).fill_null(False), None
            )
        return given.cast(to)
    if given.dtype.is_temporal() != to.is_temporal() and to != pl.String:
        return _none_of(given, to)
    return given.cast(to, strict=False)


def _from_text(given: pl.Series, to: pl.DataType) -> pl.Series:
    if to == pl.Boolean:
        lower = given.str.to_lowercase()
        choose = pl.when(lower.is_in(YES)).then(True).when(lower.is_in(NO)).then(False)
        return pl.select(choose).to_series().alias(given.name)
    if to == pl.Date:
        return given.str.to_date("%Y-%m-%d", strict=False)
    if isinstance(to, pl.Datetime):
        spaced = given.str.replace("T", " ", literal=True).str.strip_suffix("Z")
        readings = (
            spaced.str.to_datetime(form, strict=False, time_unit="us")
            for form in ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%d")
        )
        return pl.select(pl.coalesce(*readings)).to_series().alias(given.name)
    return given.cast(to, strict=False)


def _within_reach(column: pl.Series) -> pl.Series:
    if column.dtype == pl.Date:
        low, high = EARLIEST, LATEST
    elif column.dtype == pl.Datetime:
        low, high = (
            datetime.combine(EARLIEST, datetime.min.time()),
            datetime.combine(LATEST, datetime.min.time()),
        )
    else:
        return column
    if column.null_count() == column.len() or (column.min() >= low and column.max() <= high):  # type: ignore[operator]
        return column
    return column.set((~column.is_between(low, high)).fill_null(False), None)


def _none_of(given: pl.Series, to: pl.DataType) -> pl.Series:
    return pl.Series(given.name, [None] * given.len(), dtype=to)
