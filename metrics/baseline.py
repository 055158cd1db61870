"""The baseline year: each series' own level over it, and its change since, on the same calendar months."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from metrics.indicator import Indicator

SERIES = ("indicator", "definition_version", "basis", "level", "organisation", "breakdown", "category")
"""What makes a series: one line on a chart, one row of a scorecard."""

MONTHS_IN_A_YEAR = 12


def month_number(day: date) -> int:
    """Months since year 0, so that neighbouring months differ by one."""
    return day.year * 12 + day.month - 1


@dataclass(frozen=True, slots=True)
class Baseline:
    """The twelve months that change is measured from: `start` and `end` are first days of months.

    Both months count. Exactly twelve, because every comparison is between the same calendar months; anything
    else raises `ValueError`.
    """

    start: date = date(2025, 4, 1)
    end: date = date(2026, 3, 1)

    def __post_init__(self) -> None:
        if (
            self.start.day != 1
            or self.end.day != 1
            or month_number(self.end) - month_number(self.start) != 11
        ):
            raise ValueError("a baseline runs from the first day of a month over twelve months")

    @property
    def months(self) -> int:
        """How many months it holds."""
        return month_number(self.end) - month_number(self.start) + 1


DEFAULT_BASELINE = Baseline()
"""April 2025 to March 2026. No source states it (DEFINITIONS): it is shown, and it can be switched."""


def month_of(column: str = "period") -> pl.Expr:
    """`month_number` of a Date column."""
    return pl.col(column).dt.year().cast(pl.Int32) * 12 + pl.col(column).dt.month().cast(pl.Int32) - 1


def first_day(month: pl.Expr) -> pl.Expr:
    """The Date that a month number stands for."""
    return pl.date(month // 12, month % 12 + 1, 1)


def final() -> pl.Expr:
    """Months a verdict may rest on: not provisional, not missing, not too incomplete."""
    return (pl.col("status") == "final") & pl.col("value").is_not_null()


def pooled(numerator: pl.Expr, denominator: pl.Expr, per: int) -> pl.Expr:
    """Level of several months together: sum over sum, times `per`; of a plain count, its monthly mean."""
    measured = denominator.is_not_null()
    total = denominator.sum()
    level = pl.when(total > 0).then(per * numerator.filter(measured).sum() / total)
    return pl.when(measured.any()).then(level).otherwise(numerator.mean())


def baseline_levels(
    indicator: Indicator, observations: pl.DataFrame, baseline: Baseline = DEFAULT_BASELINE
) -> pl.DataFrame:
    """Each series' level over its final baseline months: series keys, `baseline_value`, `baseline_months`.

    Fewer than twelve months give no baseline value (none is invented), except where every target is an
    absolute level: there the baseline is only where the path starts, and the months present say that.
    """
    month = month_of()
    inside = final() & month.is_between(month_number(baseline.start), month_number(baseline.end))
    level = pooled(
        pl.col("numerator").filter(inside), pl.col("denominator").filter(inside), indicator.scale
    ).alias("baseline_value")
    least = (
        1 if indicator.targets and all(t.level is not None for t in indicator.targets) else MONTHS_IN_A_YEAR
    )
    return (
        observations.group_by(SERIES)
        .agg(level, inside.sum().cast(pl.Int32).alias("baseline_months"))
        .with_columns(pl.when(pl.col("baseline_months") >= least).then(pl.col("baseline_value")))
    )


def baseline_shape(
    indicator: Indicator, observations: pl.DataFrame, baseline: Baseline = DEFAULT_BASELINE
) -> pl.DataFrame:
    """Each series' `shape` over its baseline: a list of twelve, January first; series keys.

    A month's value over the series' baseline level, or for a proportion less that level. Null without twelve
    final baseline months, or with a level of 0.
    """
    month = month_of()
    inside = final() & month.is_between(month_number(baseline.start), month_number(baseline.end))
    whole = pl.col("values").list.len() == MONTHS_IN_A_YEAR
    values, level = pl.col("values"), pl.col("baseline_value")
    shape = values - level if indicator.kind == "proportion" else values / level
    return (
        observations.group_by(SERIES)
        .agg(values=pl.col("value").filter(inside).sort_by(month.filter(inside) % MONTHS_IN_A_YEAR))
        .join(baseline_levels(indicator, observations, baseline), on=SERIES, nulls_equal=True)
        .select(*SERIES, pl.when(whole & (level > 0)).then(shape).alias("shape"))
    )


def change_from_baseline(
    indicator: Indicator, observations: pl.DataFrame, baseline: Baseline = DEFAULT_BASELINE
) -> pl.DataFrame:
    """Series keys and `change_from_baseline`: the last 12 months' level over the baseline's, minus 1.

    Negative is a reduction. Months are compared in pairs, each with its own calendar month in the baseline,
    so a year that is not yet full, or has a month missing on either side, is still compared like with like.
    The last 12 months end at the series' latest final month. Null where no month can be paired.
    """
    end = month_number(baseline.end)
    months = observations.filter(final()).select(*SERIES, "numerator", "denominator", month=month_of())
    since = months.with_columns(latest=pl.col("month").max().over(SERIES)).filter(
        pl.col("month") > pl.max_horizontal(pl.lit(end), pl.col("latest") - MONTHS_IN_A_YEAR)
    )
    before = months.filter(pl.col("month").is_between(month_number(baseline.start), end))
    calendar = (pl.col("month") % MONTHS_IN_A_YEAR).alias("calendar")
    pairs = since.with_columns(calendar).join(
        before.with_columns(calendar), on=[*SERIES, "calendar"], suffix="_before", nulls_equal=True
    )
    now = pooled(pl.col("numerator"), pl.col("denominator"), indicator.scale)
    then = pooled(pl.col("numerator_before"), pl.col("denominator_before"), indicator.scale)
    return pairs.group_by(SERIES).agg(pl.when(then > 0).then(now / then - 1).alias("change_from_baseline"))
