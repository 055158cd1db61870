"""Fitting and projecting monthly series, thousands in one call. The only importer of statsforecast.

Heavy (importing the library alone takes seconds): imported when first needed, and never for a page.
"""

from collections.abc import Iterator
from statistics import NormalDist

import numpy as np
import polars as pl

SEASON = 12
NAIVE = "seasonal naive"
LEVEL = "exponential smoothing, level"
TREND = "exponential smoothing, damped trend"
SEASONAL = "exponential smoothing, level and season"
TREND_SEASONAL = "exponential smoothing, damped trend and season"
FORMS = {LEVEL: ("ANN", None), TREND: ("AAN", True), SEASONAL: ("ANA", None), TREND_SEASONAL: ("AAA", True)}
"""Additive forms, since the working scale evens variation out. Trends are damped: a target may lie three
years off, and a straight line is seldom kept for that long."""
SEASONAL_FROM = 36
"""Months from which seasonal forms are tried: with fewer the criterion has too little to choose one on."""
BATCH = 1000
"""Series fitted at a time, so that fitted models never fill the memory."""
LEVEL_95 = 95

SCHEMA = {
    "run": pl.Int64,
    "month": pl.Int32,
    "months_ahead": pl.Int32,
    "way": pl.String,
    "model": pl.String,
    "working_mean": pl.Float64,
    "working_sd": pl.Float64,
}


def project(train: pl.DataFrame, months: int) -> pl.DataFrame:
    """`run`, `month`, `working` (no month left out) -> each run's next `months` months, in two ways.

    `run`, `month`, `months_ahead`, `way`, `model`, `working_mean`, `working_sd` (the forecast distribution is
    normal). Way "naive" is seasonal naive; way "smoothing" the best of `FORMS` by corrected Akaike criterion,
    left out where none can be fitted.
    """
    length = pl.len().over("run")
    short, long = train.filter(length < SEASONAL_FROM), train.filter(length >= SEASONAL_FROM)
    plain = [name for name, (form, _) in FORMS.items() if form.endswith("N")]
    parts = [
        part
        for frame, forms in ((short, plain), (long, list(FORMS)))
        for batch in _batches(frame)
        for part in _project_batch(batch, forms, months)
    ]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *parts]).sort("run", "month", "way")


def _batches(train: pl.DataFrame) -> Iterator[pl.DataFrame]:
    runs = train["run"].unique().sort()
    for start in range(0, runs.len(), BATCH):
        yield train.filter(pl.col("run").is_in(runs[start : start + BATCH].implode())).sort("run", "month")


def _project_batch(train: pl.DataFrame, forms: list[str], months: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    from statsforecast import StatsForecast
    from statsforecast.models import AutoETS, SeasonalNaive

    naive = SeasonalNaive(SEASON, alias=NAIVE)
    models = [AutoETS(SEASON, model=FORMS[name][0], damped=FORMS[name][1], alias=name) for name in forms]
    engine = StatsForecast(models=[naive, *models], freq=1, n_jobs=1, fallback_model=SeasonalNaive(SEASON))
    with np.errstate(all="ignore"):
        engine.fit(df=train.select(unique_id="run", ds="month", y="working"))
        years = [_year(engine.predict(h=year * SEASON, level=[LEVEL_95]), year) for year in _years(months)]
    ahead = pl.concat(years).filter(pl.col("months_ahead") <= months)
    criteria = [[getattr(model, "model_", {}).get("aicc") for model in row[1:]] for row in engine.fitted_]
    best = train.select("run").unique().sort("run").with_columns(model=_best(forms, criteria))
    smoothed = [_way(ahead, "smoothing", name) for name in forms]
    return _way(ahead, "naive", NAIVE), pl.concat(smoothed).join(best, on=["run", "model"])


def _years(months: int) -> range:
    return range(1, -(-months // SEASON) + 1)


def _year(predicted: pl.DataFrame, year: int) -> pl.DataFrame:
    """The last twelve months of a projection of `year` years.

    A year at a time, because statsforecast (2.0.1) counts, for every month of a seasonal projection, the
    seasons gone by at its end: asked for three years, it would make next month's interval three years' wide.
    """
    step = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("unique_id")
    return predicted.with_columns(months_ahead=step).filter(pl.col("months_ahead") > (year - 1) * SEASON)


def _way(ahead: pl.DataFrame, way: str, name: str) -> pl.DataFrame:
    """One model's columns as rows; months without a finite distribution are left out."""
    z = NormalDist().inv_cdf(0.5 + LEVEL_95 / 200)
    spread = (pl.col(f"{name}-hi-{LEVEL_95}") - pl.col(name)) / z
    return ahead.select(
        pl.col("unique_id").cast(pl.Int64).alias("run"),
        pl.col("ds").cast(pl.Int32).alias("month"),
        "months_ahead",
        pl.lit(way).alias("way"),
        pl.lit(name).alias("model"),
        pl.col(name).cast(pl.Float64).alias("working_mean"),
        spread.cast(pl.Float64).alias("working_sd"),
    ).filter(pl.col("working_mean").is_finite(), pl.col("working_sd").is_finite())


def _best(forms: list[str], criteria: list[list[float | None]]) -> pl.Series:
    """The form with the smallest criterion for each run, the simpler on a tie; null where none was fitted."""
    table = np.array([[np.inf if c is None or np.isnan(c) else c for c in row] for row in criteria])
    winners = [
        forms[int(best)] if row[best] < np.inf else None
        for row, best in zip(table, table.argmin(axis=1), strict=True)
    ]
    return pl.Series("model", winners, dtype=pl.String)
