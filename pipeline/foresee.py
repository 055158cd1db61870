"""The refresh's last step: forecasts and chances for the headline series whose figures changed."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

import polars as pl

from metrics.backtest import BINS
from metrics.baseline import MONTHS_IN_A_YEAR, SERIES, final, first_day, month_number, month_of
from metrics.forecast import Forecasts, forecast
from metrics.forecast_chance import chance_of_meeting, dated_targets
from metrics.forecast_history import STOPPED_AFTER
from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from metrics.k_of_n import ORGANISATION
from metrics.plan import PLANNED
from pipeline import foresee_further
from pipeline.refresh import DONE
from pipeline.release import code_version
from warehouse import forecasts, observations, runs
from warehouse.home import Home

Tick = Callable[[str, int, int], None]


@dataclass(slots=True)
class ForeseeReport:
    """How many headline series there are, how many were forecast afresh, and how long it took."""

    series: int = 0
    afresh: int = 0
    seconds: float = 0.0

    def sentence(self) -> str:
        """The report in a line."""
        done = f"{self.afresh:,} of {self.series:,} headline series forecast afresh"
        return f"{done} in {self.seconds:.1f} seconds"


def foresee(home: Home, progress: Tick | None = None) -> ForeseeReport:
    """Forecast every national target's headline series whose final figures changed since it was last done.

    Safe to repeat: with nothing new it forecasts nothing. Each indicator is one transaction.
    """
    began, report, run_id = time.monotonic(), ForeseeReport(), 0
    targets = [one for one in all_indicators().values() if one.role == "target"]
    for done, indicator in enumerate(targets):
        if progress:
            progress(indicator.short_title, done, len(targets))
        for basis in ("local", "published"):
            held = observations.read(home, indicator.id, basis=basis).drop("organisation_name")
            plan = foresee_further.plan_of(home, indicator)
            parts = foresee_further.categories(home, indicator, basis)
            now = fingerprints(held, indicator, plan, parts)
            before = forecasts.records(home, indicator.id, basis=basis)
            gone = before.join(now, on=SERIES, how="anti", nulls_equal=True)
            changed = now.join(before, on=[*SERIES, "fingerprint"], how="anti", nulls_equal=True)
            report.series += now.height
            report.afresh += changed.height
            if changed.is_empty() and gone.is_empty():
                continue
            run_id = run_id or runs.start(home, "forecast")
            with home.writing():
                forecasts.forget(home, gone, indicator.id, basis)
                if not changed.is_empty():
                    found = foreseen(held, indicator, changed, plan, parts)
                    forecasts.write(home, found, indicator.id, basis, run_id)
                runs.tell(home, run_id, f"last foreseen: {indicator.id} ({basis})")
    if progress:
        progress("done", len(targets), len(targets))
    report.seconds = time.monotonic() - began
    if run_id:
        runs.finish(home, run_id, DONE, report.sentence())
    return report


def missing(home: Home) -> bool:
    """Whether nothing has been forecast here yet, as when the first run was cut short."""
    return forecasts.records(home).is_empty()


def fingerprints(
    held: pl.DataFrame, indicator: Indicator, plan: pl.DataFrame, parts: pl.DataFrame
) -> pl.DataFrame:
    """Series keys and `fingerprint`: its final figures, the targets, the library and the code.

    And whether the series has stopped, which the other series decide; its organisation's own plan; and the
    figures of the categories that must each reach the target (`parts`).
    """
    with_targets = [repr(indicator.targets), indicator.kind, indicator.better, str(until(held, indicator))]
    constant = " ".join([code_version(), version("statsforecast"), *with_targets])
    newest = held.filter(final()).select(month_of().max()).item()
    figures = pl.struct("period", "numerator", "denominator", "value").hash(seed=1).filter(final())
    stopped = month_of().filter(final()).max() < pl.lit(newest, pl.Int32) - STOPPED_AFTER
    text = pl.format("{} {} {}", figures.sum(), final().sum(), stopped.fill_null(value=False))
    own = pl.concat_str(text, pl.lit(f" {pl.Series([constant]).hash(seed=1)[0]}")).first()
    planned, of_parts = foresee_further.fingerprints(plan, parts)
    return (
        held.group_by(SERIES)
        .agg(own.alias("own"))
        .join(planned, on=PLANNED, how="left")
        .join(of_parts, on=ORGANISATION, how="left", nulls_equal=True)
        .select(
            *SERIES,
            fingerprint=pl.concat_str("own", "plan_print", "parts_print", separator=" ", ignore_nulls=True),
        )
    )


def until(held: pl.DataFrame, indicator: Indicator) -> date:
    """The last month forecast: the last target's, or a year on from the newest figure where that is later."""
    newest: date = held["period"].max() or date(2026, 4, 1)
    year_on = pl.select(first_day(pl.lit(month_number(newest) + MONTHS_IN_A_YEAR))).item()
    return max([year_on, *(target.due for target in indicator.targets)])


def foreseen(
    held: pl.DataFrame, indicator: Indicator, changed: pl.DataFrame, plan: pl.DataFrame, parts: pl.DataFrame
) -> forecasts.Foreseen:
    """Forecasts, records, chances and back-tested chances of the `changed` series (SERIES, fingerprint)."""
    # A series has stopped when the others go on: one that goes on longest is always among them.
    longest = held.filter(final()).sort("period").tail(1)
    among = pl.concat([changed.select(SERIES), longest.select(SERIES)]).unique()
    figures = held.join(among, on=SERIES, how="semi", nulls_equal=True)
    found = forecast(figures, indicator, until(held, indicator))
    chances = chance_of_meeting(found, indicator, dated_targets(indicator, figures))

    def of_changed(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.join(changed.select(SERIES), on=SERIES, how="semi", nulls_equal=True)

    records = pl.concat([found.records, found.without], how="diagonal")
    return forecasts.Foreseen(
        months=of_changed(found.months),
        records=records.join(changed, on=SERIES, nulls_equal=True),
        chances=of_changed(chances),
        tenths=of_changed(_tenths(found)),
        further=foresee_further.further(found, parts, indicator, plan, changed),
    )


def _tenths(found: Forecasts) -> pl.DataFrame:
    """Back tests' chances by the tenth they fall in, series by series."""
    tenth = (pl.col("chance") * BINS).floor().clip(0, BINS - 1).cast(pl.Int64).alias("tenth")
    return found.questions.group_by(*SERIES, tenth).agg(
        questions=pl.len(), chance_sum=pl.col("chance").sum(), met=pl.col("met").sum()
    )
