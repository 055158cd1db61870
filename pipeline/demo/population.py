"""Feed registered_population: the population table, counted on the first of each month."""

from collections.abc import Callable

import numpy as np
import polars as pl

from pipeline.demo.draws import coded
from pipeline.demo.months import Month, day_number
from pipeline.demo.people import DAYS_A_YEAR, SEXES
from pipeline.demo.region import Region

FEED = "registered_population"
BANDS = (*(f"{age}-{age + 4}" for age in range(0, 90, 5)), "90+")


def prepare(region: Region) -> Callable[[Month], pl.DataFrame]:
    """The feed's maker of months; without people nobody's row, so counts are 1 or more."""
    people = region.people
    fixed = (people.practice.astype(np.int64) * len(SEXES) + people.sex) * 5 + people.quintile - 1

    def make(month: Month) -> pl.DataFrame:
        day = day_number(month.first)
        band = np.minimum((day - people.birth) / (5 * DAYS_A_YEAR), len(BANDS) - 1).astype(np.int64)
        here = (people.birth <= day) & (day <= people.last_day)
        counts = np.bincount((fixed * len(BANDS) + band)[here])
        cell = np.flatnonzero(counts)
        rest, band = np.divmod(cell, len(BANDS))
        rest, quintile = np.divmod(rest, 5)
        practice, sex = np.divmod(rest, len(SEXES))
        return pl.DataFrame(
            {
                "period": pl.Series([month.first], dtype=pl.Date).new_from_index(0, len(cell)),
                "practice_code": coded(region.here.practice_codes, practice),
                "age_band": coded(BANDS, band),
                "sex": coded(SEXES, sex),
                "deprivation_quintile": pl.Series((quintile + 1).astype(np.int8)),
                "patients": pl.Series(counts[cell].astype(np.int32)),
            }
        )

    return make
