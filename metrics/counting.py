"""Records -> counts at the finest grain: month x practice x provider x ambulance service x category.

Written in Narwhals, so that Polars and DuckDB (and Spark) run the same rule. Records are grouped before
anything is joined to them: practices meet their neighbourhoods in `geography`, after counting.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import narwhals as nw
import polars as pl

from metrics.cells import CELL, coded
from metrics.indicator import Breakdown, Feeds, Indicator

PUBLISHED_AT = ("level", "organisation")
"""Columns of published counts that stand at a level of their own, and are never summed into another."""

KEYS = (
    "period",
    "segment",
    "practice_code",
    "provider_code",
    "ambulance_service_code",
    "region_code",
    *PUBLISHED_AT,
)
REACH = ("reporting", "expected")
"""Columns of published counts that say how many organisations a figure covers, and of how many."""

NUMBERS = ("numerator", "denominator", "valid", "eligible", *REACH)
SCHEMA: dict[str, pl.DataType] = {
    "period": pl.Date(),
    "segment": pl.Date(),
    "practice_code": pl.String(),
    "provider_code": pl.String(),
    "ambulance_service_code": pl.String(),
    "region_code": pl.String(),
    "breakdown": pl.String(),
    "category": pl.String(),
    "numerator": pl.Int64(),
    "denominator": pl.Int64(),
    "valid": pl.Int64(),
    "eligible": pl.Int64(),
}
"""Columns of counts. `segment` is the later of the month start and the last change of the practice map."""

WHOLE = "all"


class MissingFeed(LookupError):  # noqa: N818 - named for the reader of the message
    """A feed that an indicator counts from has not been given."""


def count(
    indicator: Indicator,
    feeds: Feeds,
    periods: Collection[date] | None = None,
    change_dates: Collection[date] = (),
    people: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Count an indicator from local records, in `SCHEMA`, for the months asked for (default: all there are).

    Rows with a numerator are events. For the kinds pace and rate, rows with a null numerator are the people
    at risk. Where feeds carry the `period` they were filed under, months that a needed feed lacks are left
    out, and a month with no event at all is a row with numerator 0 and no codes. `change_dates` are the
    dates on which the practice map changes: see `geography.change_dates`. `people`: what `count_people` gave
    for an indicator with the same population, when that is known already. Raises MissingFeed naming the feeds
    that are not there.
    """
    _demand(indicator, indicator.feeds, feeds)
    months = _loaded(indicator, feeds, periods)
    within = {name: _only(frame, months, indicator) for name, frame in feeds.items()}
    events = _tallies(indicator, indicator.events(within), feeds, months, change_dates)
    if indicator.at_risk is None:
        return events
    if months is None:
        months = sorted(events["period"].unique())
    if people is None and months:
        people = count_people(indicator, within, months, change_dates)
    return pl.concat([events, _quiet_months(events, months), *([] if people is None else [people])])


def count_people(
    indicator: Indicator, feeds: Feeds, months: Sequence[date], change_dates: Collection[date] = ()
) -> pl.DataFrame:
    """Count the people at risk in `months`, in `SCHEMA`; indicators of one `population` share the answer.

    Raises ValueError where an indicator has no population.
    """
    if indicator.at_risk is None:
        raise ValueError(f"{indicator.id} is not counted against a population")
    return _tallies(indicator, indicator.at_risk(feeds, months), feeds, months, change_dates)


def count_published(
    indicator: Indicator, feeds: Feeds, periods: Collection[date] | None = None
) -> pl.DataFrame:
    """Count an indicator from its published feed, in `SCHEMA`; a null numerator means not reported.

    A feed whose figures stand at several levels gives `PUBLISHED_AT` too, one row for each organisation. Of
    several feeds each gives levels of its own, and those that are there are counted. Raises MissingFeed
    naming the feeds where none is there, and ValueError where nothing is published.
    """
    if indicator.published is None:
        raise ValueError(f"{indicator.id} has no published feed")
    if not any(name in feeds for name in indicator.published_feeds):
        _demand(indicator, indicator.published_feeds, feeds)
    returned = indicator.published(feeds).with_columns(
        valid=nw.when(nw.col("numerator").is_null()).then(0).otherwise(1), eligible=nw.lit(1)
    )
    counts = _tallies(indicator, returned, feeds, periods)
    reported = pl.col("valid") == pl.col("eligible")
    # A sum of nulls is 0 here, and no denominator of what was not reported is a nought.
    return counts.with_columns(
        pl.when(reported).then("numerator"),
        pl.when(reported | (pl.col("denominator") > 0)).then("denominator"),
        # Nor is a sum of nothing known a coverage.
        *(pl.when(pl.col("expected") > 0).then(name).alias(name) for name in REACH if name in counts.columns),
        valid=pl.lit(None, pl.Int64),
        eligible=pl.lit(None, pl.Int64),
    )


def _demand(indicator: Indicator, needed: Sequence[str], feeds: Feeds) -> None:
    absent = [name for name in needed if name not in feeds]
    if absent:
        raise MissingFeed(f"{indicator.id} is counted from {', '.join(absent)}, which is not loaded")


def _loaded(indicator: Indicator, feeds: Feeds, periods: Collection[date] | None) -> list[date] | None:
    """Months that can be counted: those filed in every feed whose events are counted, among those asked for.

    A share whose two sides come from two feeds would read 0% or 100% in a month that only one of them has.
    """
    sources = indicator.feeds[:1] if indicator.at_risk is not None else indicator.feeds
    months = None if periods is None else set(periods)
    for name in sources:
        if "period" not in feeds[name].collect_schema():
            continue
        filed = feeds[name].select("period").unique().collect("polars").to_native()["period"].to_list()
        months = set(filed) if months is None else months & set(filed)
    return None if months is None else sorted(months)


def _only(frame: nw.LazyFrame[Any], months: list[date] | None, indicator: Indicator) -> nw.LazyFrame[Any]:
    """Read the months between the first and last asked for, where the feed is filed by month.

    Counts are held to the very months afterwards, when they are few. A later file may reach back.
    """
    if not months or indicator.reaches_back or "period" not in frame.collect_schema():
        return frame
    return frame.filter(nw.col("period") >= nw.lit(months[0]), nw.col("period") <= nw.lit(months[-1]))


def _tallies(
    indicator: Indicator,
    events: nw.LazyFrame[Any],
    feeds: Feeds,
    months: Collection[date] | None,
    change_dates: Collection[date] = (),
) -> pl.DataFrame:
    """Sums for the headline and for each breakdown the frame has the column of."""
    columns = events.collect_schema().names()
    splits = {
        one.name: one
        for one in indicator.breakdowns
        if one.name in columns and (one.needs is None or one.needs in feeds)
    }
    keys = [key for key in KEYS if key in (*columns, "period", "segment")]
    held = {name: kept for name, kept in indicator.headline.items() if name in columns}
    numbers = [name for name in NUMBERS if name in columns]
    changes = sorted(change for change in change_dates if change.day != 1)
    if not changes:
        keys.remove("segment")
    events = _dated(events, changes)
    named = list(dict.fromkeys([*keys, *splits, *held]))
    events = events.select(*named, *numbers)
    if not events.implementation.is_polars():
        events = events.group_by(*named).agg(*(nw.col(number).sum() for number in numbers))
    # The rule itself is run once, not once for each split.
    frame = coded(events.collect("polars").to_native(), keys)
    tallies = []
    for split in (WHOLE, *splits):
        kept = [pl.col(column) == value for column, value in held.items() if column != split]
        by = [] if split == WHOLE else [split]
        tally = frame.lazy().filter(*kept).group_by(CELL, *by).agg(pl.col(numbers).sum())
        category = _category(splits.get(split), frame.schema)
        tallies.append(tally.select(CELL, *numbers, breakdown=pl.lit(split), category=category))
    cells = frame.lazy().group_by(CELL).agg(pl.col(keys).first())
    counts = _shaped(pl.concat(tallies).join(cells, on=CELL).collect(engine="streaming"))
    return counts if months is None else counts.filter(pl.col("period").is_in(list(months)))


def _category(split: Breakdown | None, schema: pl.Schema) -> pl.Expr:
    """Category of each row of a split: its text, or the label at its place."""
    if split is None:
        return pl.lit(WHOLE)
    if not schema[split.name].is_integer():
        return pl.col(split.name).cast(pl.String)
    return pl.col(split.name).replace_strict(dict(enumerate(split.labels)), return_dtype=pl.String)


def _dated(events: nw.LazyFrame[Any], changes: Sequence[date]) -> nw.LazyFrame[Any]:
    """Add the month, and the segment of it that a change of the practice map inside the month begins."""
    month = nw.col("on").dt.truncate("1mo").cast(nw.Date)
    segment = month
    for change in changes:
        within = (nw.col("on") >= nw.lit(change)) & (month <= nw.lit(change))
        segment = nw.when(within).then(nw.lit(change)).otherwise(segment)
    return events.with_columns(period=month, segment=segment)


def _shaped(counts: pl.DataFrame) -> pl.DataFrame:
    """`SCHEMA`, whatever integer type an engine sums in; columns an indicator lacks are null.

    Where no month is split, each is its own segment. `PUBLISHED_AT` and `REACH` stay where they are given.
    Published attendances that are shared out by fractions stay fractions, to nine places.
    """
    if "segment" not in counts.columns:
        counts = counts.with_columns(segment="period")
    return counts.select(
        *(pl.col(name).cast(pl.String) for name in PUBLISHED_AT if name in counts.columns),
        *(
            pl.col(name).round(9)
            if name in counts.columns and counts.schema[name].is_float()
            else (pl.col(name) if name in counts.columns else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in SCHEMA.items()
        ),
        *(pl.col(name).cast(pl.Int64) for name in REACH if name in counts.columns),
    )


def _quiet_months(events: pl.DataFrame, months: Sequence[date]) -> pl.DataFrame:
    """Nought for each loaded month in which nothing was counted, lest it be taken for a missing one."""
    quiet = sorted(set(months) - set(events["period"]))
    return _shaped(
        pl.DataFrame({"period": quiet}, {"period": pl.Date}).with_columns(
            segment="period", breakdown=pl.lit(WHOLE), category=pl.lit(WHOLE), numerator=0
        )
    )
