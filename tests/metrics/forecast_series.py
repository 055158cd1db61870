"""Made series for the forecast's tests: months from April 2021, one indicator of each kind."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import made_indicator
import numpy as np
import polars as pl

from metrics.indicator import Indicator, Kind, Target

SHARE = replace(
    made_indicator.SHARE,
    targets=(
        Target(due=date(2027, 3, 1), since=date(2021, 4, 1), set_by="x", level=0.78),
        Target(due=date(2029, 3, 1), since=date(2021, 4, 1), set_by="x", level=0.85),
    ),
)
RATE = replace(
    SHARE,
    id="rate",
    better="lower",
    kind="rate",
    per=1000,
    at_risk=lambda feeds, periods: feeds["f"],
    targets=(Target(due=date(2027, 3, 1), since=date(2021, 4, 1), set_by="x", change=-0.1),),
)
MEAN = replace(SHARE, id="mean", better="lower", kind="mean", targets=())
OF_KIND: dict[Kind, Indicator] = {"proportion": SHARE, "rate": RATE, "mean": MEAN}


def month(number: int) -> date:
    """Month 0 is April 2021."""
    return date(2021 + (number + 3) // 12, (number + 3) % 12 + 1, 1)


def series(
    values: Sequence[float | None],
    organisation: str = "A",
    indicator: Indicator = SHARE,
    size: float | None = 2000,
    first: int = 0,
    provisional: int = 0,
) -> pl.DataFrame:
    """Observations of one series; None is a month that was not reported. `size` is the denominator."""
    scale = indicator.per if indicator.kind == "rate" and size else 1
    status = ["not_reported" if value is None else "final" for value in values]
    status[len(values) - provisional :] = ["provisional"] * provisional
    return pl.DataFrame(
        {
            "period": [month(first + number) for number in range(len(values))],
            "numerator": [None if v is None else v * (size or 1) / scale for v in values],
            "denominator": [size] * len(values),
            "value": values,
            "status": status,
        },
        schema_overrides={
            "period": pl.Date,
            "status": pl.String,
            "numerator": pl.Float64,
            "denominator": pl.Float64,
            "value": pl.Float64,
        },
    ).select(
        indicator=pl.lit(indicator.id),
        definition_version=pl.lit("1"),
        basis=pl.lit("local"),
        level=pl.lit("provider"),
        organisation=pl.lit(organisation),
        breakdown=pl.lit("all"),
        category=pl.lit("all"),
        period="period",
        numerator="numerator",
        denominator="denominator",
        value="value",
        status="status",
    )


def seasonal(months: int, level: float = 0.75, swing: float = 0.05) -> list[float]:
    return [level + swing * np.cos(2 * np.pi * number / 12) for number in range(months)]


def simulated(count: int, months: int, seed: int) -> pl.DataFrame:
    """Shares with a drifting level, some with a season or a slope, counted in patients; seeded."""
    chance = np.random.default_rng(seed)
    number = np.arange(months)
    frames = []
    for index in range(count):
        size = int(chance.choice([100, 1000, 8000]))
        season = chance.choice([0, 0.02, 0.05]) * np.cos(2 * np.pi * number / 12 + chance.uniform(0, 6))
        drift = np.cumsum(chance.normal(chance.choice([0, 0, 0.001]), chance.choice([0.002, 0.008]), months))
        true = np.clip(chance.uniform(0.5, 0.9) + season + drift, 0.02, 0.99)
        frames.append(series((chance.binomial(size, true) / size).tolist(), f"S{index:03d}", size=size))
    return pl.concat(frames)
