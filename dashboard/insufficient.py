"""Why there is no verdict: when a month is not enough data, and what a standing lacks."""

from datetime import date

import polars as pl

from dashboard import compared, wording
from dashboard.kept import kept
from metrics.baseline import DEFAULT_BASELINE
from metrics.indicator import Indicator
from metrics.indicators import all_indicators

NO_VERDICT = "insufficient data"
YEAR = 12


def rule(one: Indicator, basis: str) -> str:
    """Say when a month is "not enough data": the share that the measure itself declares."""
    if basis == "local" and one.least_complete is not None:
        return f"fewer than {wording.percent(one.least_complete)} of its records could be counted"
    return f"fewer than {wording.percent(one.least_reporting)} of its organisations reported"


@kept(16)
def verdicts(
    edition: str, level: str, basis: str, known_on: date | None, standings: pl.DataFrame
) -> pl.DataFrame:
    """Say why standings have no verdict, one row for each: indicator, organisation, organisation_name, why.

    `standings` as `dashboard.stood.of_level`; those that are not "insufficient data" are left out.
    """
    wanted = standings.filter(pl.col("status_words") == NO_VERDICT)
    found = [
        _why(one, mine, compared.held(edition, one.id, level, basis, known_on))
        for one in all_indicators().values()
        if (mine := wanted.filter(pl.col("indicator") == one.id)).height
    ]
    columns = ("indicator", "organisation", "organisation_name", "why")
    return pl.concat(found) if found else pl.DataFrame(schema=dict.fromkeys(columns, pl.String))


def _why(one: Indicator, mine: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Give the first thing that is missing, in the order in which a verdict asks for it."""
    start, end = DEFAULT_BASELINE.start, DEFAULT_BASELINE.end
    span = f"{wording.month(start)} to {wording.month(end)}"
    final = (pl.col("status") == "final") & pl.col("value").is_not_null()
    months = lines.group_by("organisation").agg(
        final.any().alias("judged"), (final & pl.col("period").is_between(start, end)).sum().alias("full")
    )
    newest = pl.col("latest_period").dt.strftime("%B %Y")
    state = pl.col("latest_status").replace_strict(compared.STATUSES, default=pl.col("latest_status"))
    relative = any(target.change is not None for target in one.targets)
    return (
        mine.join(months, on="organisation", how="left")
        .with_columns(
            why=pl.when(pl.col("latest_period").is_null())
            .then(pl.lit("It has no figures."))
            .when(~pl.col("judged").fill_null(False))
            .then(pl.format("No month is final. The newest, {}, is: {}.", newest, state.str.to_lowercase()))
            .when(pl.lit(relative) & (pl.col("full") < YEAR))
            .then(
                pl.format(
                    f"Its target is a change on its own baseline, {span}: of these 12 months {{}} are final.",
                    pl.col("full"),
                )
            )
            .when(pl.col("baseline_value").is_null())
            .then(pl.lit(f"No month of the baseline, {span}, is final, so no path can start from it."))
            .when(pl.col("latest_period") < end)
            .then(
                pl.format(
                    f"The newest final month, {{}}, is before the path starts, in {wording.month(end)}.",
                    newest,
                )
            )
            .otherwise(pl.lit("There is no path to hold it against."))
        )
        .select("indicator", "organisation", "organisation_name", "why")
    )
