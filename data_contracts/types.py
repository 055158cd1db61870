"""Bring a frame to its contract's types. A value that will not go is a row fault, and says which value."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from data_contracts.contract import Contract

# Rules are judged on nanosecond timestamps, which end in 2262; no date in health care is outside these.
EARLIEST, LATEST = datetime(1850, 1, 1), datetime(2250, 1, 1)  # noqa: DTZ001 - feeds are in local time
YES, NO = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")
HERE = "Europe/London"
WRITTEN = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%d")


def unreadable(frame: pl.DataFrame) -> list[str]:
    """Name the columns that hold no single values (lists, records, bytes), of which nothing can be made."""
    single = (pl.String, pl.Categorical, pl.Enum, pl.Boolean, pl.Date, pl.Datetime, pl.Null)
    return [name for name, dtype in frame.schema.items() if not (dtype.is_numeric() or dtype in single)]


@dataclass(frozen=True)
class TypeFault:
    """A column's values that are not of its type: row numbers from 0 (UInt32) and a reason for each."""

    column: str
    wanted: str
    rows: pl.Series
    reasons: pl.Series


def to_types(frame: pl.DataFrame, contract: Contract) -> tuple[pl.DataFrame, list[TypeFault]]:
    """Return the contract's columns in its order and types, and the values that would not go (now null).

    Text is trimmed, and empty text is a missing value. Times with an offset become local times.
    """
    frame = _tidy(frame.select(contract.names))
    typed, faults = [], []
    for column in contract.columns:
        given = frame[column.name]
        cast = given if given.dtype == column.dtype else _cast(given, column.dtype).alias(column.name)
        cast = _within_reach(cast)
        typed.append(cast)
        if cast.null_count() > given.null_count():
            faults.append(_fault(given, cast, column.dtype))
    return pl.DataFrame(typed), faults


def _fault(given: pl.Series, cast: pl.Series, to: pl.DataType) -> TypeFault:
    wanted = {
        pl.Boolean: "true or false",
        pl.Date: "a date (YYYY-MM-DD)",
        pl.Datetime: "a date and time (YYYY-MM-DDTHH:MM:SS)",
        pl.Float64: "a number",
    }.get(to.base_type(), "a whole number in range" if to.is_integer() else "text")
    rows = (cast.is_null() & given.is_not_null()).arg_true()
    shown = given.gather(rows).cast(pl.String, strict=False).fill_null("(unreadable)").str.slice(0, 40)
    reasons = pl.select(pl.format("{} '{}' is not {}", pl.lit(given.name), shown, pl.lit(wanted)))
    return TypeFault(given.name, wanted, rows, reasons.to_series())


def _tidy(frame: pl.DataFrame) -> pl.DataFrame:
    """Trim text where any needs it: looking is a third of the price of rewriting."""
    coded = [name for name, dtype in frame.schema.items() if dtype in (pl.Categorical, pl.Enum)]
    frame = frame.with_columns(pl.col(coded).cast(pl.String)) if coded else frame
    text = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    looked = frame.select(
        (pl.col(name).str.starts_with(" ") | pl.col(name).str.ends_with(" ") | (pl.col(name) == "")).any()
        for name in text
    )
    untidy = [name for name in text if looked[name].item()]
    trimmed = (pl.col(name).str.strip_chars() for name in untidy)
    return frame.with_columns(pl.when(value.str.len_bytes() > 0).then(value) for value in trimmed)


def _cast(given: pl.Series, to: pl.DataType) -> pl.Series:
    """Cast, giving null for a value that would lose something on the way."""
    if given.dtype == pl.String:
        return _from_text(given, to)
    if to == pl.String:
        whole = given.cast(pl.Int64, strict=False) if given.dtype.is_float() else given
        return whole.cast(pl.String, strict=False)
    if to.is_temporal():
        return _to_time(given, to)
    if not given.dtype.is_numeric():
        return _none_of(given, to)
    if to == pl.Boolean:
        return _chosen(pl.when((given == 0) | (given == 1)).then(given == 1))
    cast = given.cast(to, strict=False)
    lost = cast.cast(pl.Float64) != given.cast(pl.Float64)
    return _finite(cast) if to.is_float() else cast.set(lost.fill_null(False), None)


def _from_text(given: pl.Series, to: pl.DataType) -> pl.Series:
    if to == pl.Boolean:
        lower = given.str.to_lowercase()
        return _chosen(pl.when(lower.is_in(YES)).then(True).when(lower.is_in(NO)).then(False))
    if to == pl.Date:
        return given.str.to_date("%Y-%m-%d", strict=False)
    if not to.is_temporal():
        return _finite(given.cast(to, strict=False))
    spaced = given.str.replace("T", " ", literal=True)
    read = [spaced.str.to_datetime(form, strict=False, time_unit="us") for form in WRITTEN]
    offset = spaced.str.replace(r"Z$", "+00:00").str.to_datetime(
        "%Y-%m-%d %H:%M:%S%.f%:z", strict=False, time_unit="us"
    )
    return _chosen(pl.coalesce(*read, _local(offset)))


def _finite(numbers: pl.Series) -> pl.Series:
    """Infinity, and what is called "not a number", are no numbers."""
    if not numbers.dtype.is_float():
        return numbers
    return numbers.set((~numbers.is_finite()).fill_null(False), None)


def _to_time(given: pl.Series, to: pl.DataType) -> pl.Series:
    if not given.dtype.is_temporal() or given.dtype in (pl.Time, pl.Duration):
        return _none_of(given, to)
    if given.dtype == pl.Datetime:
        given = _local(given).cast(pl.Datetime("us"))
    cast = given.cast(to)
    return cast.set((cast.cast(pl.Datetime("us")) != given.cast(pl.Datetime("us"))).fill_null(False), None)


def _local(times: pl.Series) -> pl.Series:
    zoned = isinstance(times.dtype, pl.Datetime) and times.dtype.time_zone is not None
    return times.dt.convert_time_zone(HERE).dt.replace_time_zone(None) if zoned else times


def _within_reach(column: pl.Series) -> pl.Series:
    if not column.dtype.is_temporal() or column.null_count() == column.len():
        return column
    ends = pl.Series([column.min(), column.max()]).cast(pl.Datetime("us"))
    if ends.is_between(EARLIEST, LATEST).all():
        return column
    return column.set((~column.cast(pl.Datetime("us")).is_between(EARLIEST, LATEST)).fill_null(False), None)


def _chosen(choice: pl.Expr) -> pl.Series:
    return pl.select(choice).to_series()


def _none_of(given: pl.Series, to: pl.DataType) -> pl.Series:
    return pl.Series(given.name, [None] * given.len(), dtype=to)
