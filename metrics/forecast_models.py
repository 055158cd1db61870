"""Fitting and projecting monthly series, thousands in one call. The only importer of statsforecast.

Heavy (importing the library alone takes seconds): imported when first needed, and never for a page.
"""

from collections.abc import Iterator
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

if TYPE_CHECKING:
    from statsforecast import StatsForecast

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
SMOOTHING = "smoothing"

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
    normal). Way "naive" is seasonal naive; way "smoothing" the form with the smallest corrected Akaike
    criterion, left out where none can be fitted. Forms are tried from the simplest: a season from three years
    on, a trend with it only where a season does better than a level alone.
    """
    parts = [_project_batch(batch, months) for batch in _batches(train)]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *parts]).sort("run", "month", "way")


def _batches(train: pl.DataFrame) -> Iterator[pl.DataFrame]:
    runs = train["run"].unique().sort()
    for start in range(0, runs.len(), BATCH):
        yield train.filter(pl.col("run").is_in(runs[start : start + BATCH].implode())).sort("run", "month")


def _project_batch(train: pl.DataFrame, months: int) -> pl.DataFrame:
    with np.errstate(all="ignore"):
        engine = _fit(train, [NAIVE, LEVEL, TREND])
        winners, names = _best(train, engine.fitted_[:, 1:])
        engine.fitted_ = np.column_stack([engine.fitted_[:, 0], winners])
        years = [_year(engine.predict(h=year * SEASON, level=[LEVEL_95]), year) for year in _years(months)]
    ahead = pl.concat(years).filter(pl.col("months_ahead") <= months)
    naive = _way(ahead, NAIVE).with_columns(way=pl.lit("naive"), model=pl.lit(NAIVE))
    smoothing = _way(ahead, SMOOTHING).with_columns(way=pl.lit(SMOOTHING)).join(names, on="run")
    return pl.concat([naive, smoothing], how="diagonal").select(SCHEMA.keys())


def _best(train: pl.DataFrame, simple: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], pl.DataFrame]:
    """Each run's best fitted form, all under the one alias `SMOOTHING`; and its name: `run`, `model`.

    `simple` holds the forms without a season, fitted: a row a run, in order. A run that none could
    be fitted to has no name.
    """
    forms = list(FORMS)
    fitted = np.full((len(simple), len(forms)), None, dtype=object)
    fitted[:, :2] = simple
    runs = train.group_by("run").len().sort("run")
    _try(SEASONAL, train, fitted[:, 2], runs.filter(runs["len"] >= SEASONAL_FROM)["run"], runs["run"])
    criteria = _criteria(fitted)
    season_helps = runs.filter(pl.Series(criteria[:, 2] < criteria[:, 0]))["run"]
    _try(TREND_SEASONAL, train, fitted[:, 3], season_helps, runs["run"])
    criteria = _criteria(fitted)
    best = criteria.argmin(axis=1)
    winners = fitted[np.arange(len(best)), best]
    for winner in winners:
        winner.alias = SMOOTHING
    names = runs.select("run", model=pl.Series([forms[number] for number in best], dtype=pl.String))
    return winners, names.filter(pl.Series(criteria.min(axis=1) < np.inf))


def _try(form: str, train: pl.DataFrame, column: npt.NDArray[Any], worth: pl.Series, runs: pl.Series) -> None:
    """Fit one more form to the runs worth it, into its column (a place for each of `runs`)."""
    if worth.len():
        engine = _fit(train.filter(pl.col("run").is_in(worth.implode())), [form])
        column[runs.is_in(worth.implode()).to_numpy()] = engine.fitted_[:, 0]


def _fit(train: pl.DataFrame, names: list[str]) -> "StatsForecast":
    """A statsforecast engine with the named models fitted to each run, in the order of the runs."""
    from statsforecast import StatsForecast
    from statsforecast.models import AutoETS, SeasonalNaive

    models = [
        SeasonalNaive(SEASON, alias=name)
        if name == NAIVE
        else AutoETS(SEASON, model=FORMS[name][0], damped=FORMS[name][1], alias=name)
        for name in names
    ]
    engine = StatsForecast(models=models, freq=1, n_jobs=1, fallback_model=SeasonalNaive(SEASON))
    return engine.fit(df=train.select(unique_id="run", ds="month", y="working"))


def _criteria(fitted: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Corrected Akaike criteria; infinite where a form was not tried, or could not be fitted."""
    found = [[getattr(one, "model_", {}).get("aicc", np.inf) for one in row] for row in fitted]
    criteria = np.array(found, dtype=np.float64).reshape(fitted.shape)
    return np.where(np.isnan(criteria), np.inf, criteria)


def _years(months: int) -> range:
    return range(1, -(-months // SEASON) + 1)


def _year(predicted: pl.DataFrame, year: int) -> pl.DataFrame:
    """The last twelve months of a projection of `year` years.

    A year at a time, because statsforecast (2.0.1) counts, for every month of a seasonal projection, the
    seasons gone by at its end: asked for three years, it would make next month's interval three years' wide.
    """
    step = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("unique_id")
    return predicted.with_columns(months_ahead=step).filter(pl.col("months_ahead") > (year - 1) * SEASON)


def _way(ahead: pl.DataFrame, name: str) -> pl.DataFrame:
    """One model's columns; months without a finite distribution are left out."""
    z = NormalDist().inv_cdf(0.5 + LEVEL_95 / 200)
    spread = (pl.col(f"{name}-hi-{LEVEL_95}") - pl.col(name)) / z
    return ahead.select(
        pl.col("unique_id").cast(pl.Int64).alias("run"),
        pl.col("ds").cast(pl.Int32).alias("month"),
        "months_ahead",
        pl.col(name).cast(pl.Float64).alias("working_mean"),
        spread.cast(pl.Float64).alias("working_sd"),
    ).filter(pl.col("working_mean").is_finite(), pl.col("working_sd").is_finite())
