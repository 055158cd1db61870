"""What the time of year does to a series: months beside last year's, and signals with seasons taken out."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboard import wording
from metrics.baseline import MONTHS_IN_A_YEAR
from metrics.indicator import Indicator
from metrics.seasonal import adjusted, year_before

HOW_TO_READ_LAST_YEAR = (
    "How to read this: a month beside the same month last year is free of the season, but not of chance. One "
    "month up or down says little; nearly every month on the same side says more."
)


@dataclass(frozen=True, slots=True)
class Seasons:
    """One series of `queries.history` with `adjusted`, `season`, `season_years` and `year_before`."""

    lines: pl.DataFrame

    @classmethod
    def of(cls, one: Indicator, lines: pl.DataFrame) -> "Seasons":
        """Work out one series' seasons and last year's months."""
        return cls(year_before(adjusted(lines, one)))

    @property
    def years(self) -> int:
        """How many complete years the seasons rest on; 0 where there are too few to take them out."""
        return int(self.lines["season_years"].max() or 0)

    def without(self) -> pl.DataFrame:
        """Give the series without seasons as its values, and no target: that is for values as reported."""
        nothing = [pl.lit(None, pl.Float64).alias(name) for name in ("target", "path")]
        return self.lines.with_columns(pl.col("adjusted").alias("value"), *nothing)

    def explained(self) -> str:
        """Say what was taken out, from how much, and what that costs."""
        left = f"{self.years - 1}/{self.years}"
        return (
            "Each month without what its time of year usually adds or takes, by the latest "
            f"{self.years} complete years. About {left} of a real change shows here; the rest goes into the "
            "season. A further reading: icons, targets and the matrix go by the figures as reported."
        )

    def compared(self) -> pl.DataFrame:
        """Give the latest twelve final months that have a final month a year before them."""
        final = self.lines.filter(pl.col("status") == "final").drop_nulls("value")
        then = final.select(pl.col("period").dt.offset_by("12mo"))
        both = final.drop_nulls("year_before").join(then, on="period", how="semi")
        return both.sort("period").tail(MONTHS_IN_A_YEAR)

    def said(self, one: Indicator, counted: bool) -> str:
        """Say how the latest final months stand beside the same months a year before."""
        both = self.compared()
        if both.is_empty():
            return "No month has a final figure for the same month last year yet."
        last = both.row(-1, named=True)
        now, then = (wording.value(one, last[name], counted) for name in ("value", "year_before"))
        year = last["period"].year - 1
        said = (
            f"{wording.month(last['period'])}: {now}, {change(one, last)} on {then} in "
            f"{wording.month(last['period'].replace(year=year))}."
        )
        step = both["value"] - both["year_before"]
        better = int((step > 0).sum() if one.better == "higher" else (step < 0).sum())
        same = int((step == 0).sum())
        worse = both.height - better - same
        if both.height == 1:
            return said
        alike = f", {same} the same" if same else ""
        return (
            f"{said} Of the latest {both.height} final months, {better} were better than the same month a "
            f"year before, {worse} worse{alike}."
        )


def change(one: Indicator, row: dict[str, Any]) -> str:
    """Say a month's change on the year before: "up 1.2 points", "no change" or "–"."""
    if row["value"] is None or row["year_before"] is None:
        return "–"
    step = row["value"] - row["year_before"]
    if not step:
        return "no change"
    return f"{'up' if step > 0 else 'down'} {wording.size(one, step, row['value'])}"
