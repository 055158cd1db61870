"""Organisations of one level beside each other: cached rows, in words, fit to be taken away."""

from datetime import date

import polars as pl
import streamlit as st
from sqlalchemy import select

from dashboard import queries, wording
from dashboard.kept import kept
from dashboard.names import readable
from dashboard.opening import home
from metrics.compared import USABLE, placed, pooled, why_not, with_quiet_months
from metrics.geography import ladder
from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from metrics.observations import ENGLAND
from metrics.people import PEOPLE
from warehouse import organisations as organisation_store
from warehouse.series import with_figures

POSITIONS = {
    "above_998": ("▲", "Above the 99.8% limits"),
    "above_95": ("△", "Above the 95% limits"),
    "within": ("○", "Within the limits"),
    "below_95": ("▽", "Below the 95% limits"),
    "below_998": ("▼", "Below the 99.8% limits"),
}
"""Each position's mark and words, from high to low."""

NOT_PLACED = ("–", "Not placed")
STATUSES = {**wording.OBSERVATION_STATUSES, "provisional": "Provisional"}
WHOLE = "all"
SPREAD = (0.1, 0.25, 0.5, 0.75, 0.9)


@st.cache_data(max_entries=64, show_spinner=False)
def months(
    edition: str, indicator: str, level: str, basis: str, known_on: date | None, part: str = WHOLE
) -> list[date]:
    """List the months with any usable figure of a measure at a level, newest first."""
    rows = held(edition, indicator, level, basis, known_on, part)
    usable = rows.filter(pl.col("status").is_in(USABLE), pl.col("value").is_not_null())
    return usable["period"].unique().sort(descending=True).to_list()


@st.cache_data(max_entries=64, show_spinner=False)
def parts(edition: str, indicator: str, level: str, basis: str) -> dict[str, str]:
    """Name the parts of a measure that organisations of a level can be compared on, the whole first.

    "breakdown.category" -> words. Groups of people have a page of their own.
    """
    one, series = all_indicators()[indicator], queries.series
    wanted = select(series.c.breakdown, series.c.category).where(
        series.c.indicator == indicator, series.c.level == level, series.c.basis == basis, *with_figures()
    )
    with home().reading() as connection:
        have = {tuple(row) for row in connection.execute(wanted.distinct())}
    people = {each.name for each in PEOPLE}
    return {WHOLE: "The whole measure"} | {
        f"{each.name}.{category}": f"{each.title}: {words}"
        for each in one.breakdowns
        for category, words in each.labels.items()
        if each.name not in people
        and (each.name, category) in have
        and one.headline.get(each.name) != category
    }


@kept(64)
def held(
    edition: str, indicator: str, level: str, basis: str, known_on: date | None, part: str = WHOLE
) -> pl.DataFrame:
    """Read the observations of every organisation of a level, of the whole measure or of one part."""
    known = queries.organisations(edition)
    codes = known.filter(pl.col("level") == level, pl.col("code") != wording.UNATTRIBUTED)["code"]
    breakdown, _, category = part.partition(".")
    rows = queries.history(edition, indicator, level, tuple(codes), breakdown, basis, known_on)
    return rows.filter(pl.col("category") == (category or WHOLE)).with_columns(
        readable(pl.col("organisation_name"))
    )


@kept(64)
def side_by_side(
    edition: str,
    indicator: str,
    level: str,
    basis: str,
    first: date,
    last: date,
    within: str | None,
    known_on: date | None,
    part: str = WHOLE,
) -> pl.DataFrame:
    """Pool the months `first` to `last` and place every organisation (under `within`) in its funnel.

    One row each: `metrics.compared.placed`'s columns, `why` in words where it could not be placed. A measure
    that cannot be put in a funnel has its value and no limits.
    """
    one = all_indicators()[indicator]
    chosen = held(edition, indicator, level, basis, known_on, part).filter(
        pl.col("period").is_between(first, last)
    )
    if within:
        chosen = chosen.filter(pl.col("organisation").is_in(beneath(edition, basis, within)))
    rows = beside_itself(one, level, chosen)
    return rows.join(left_out(chosen), on="organisation", how="left").sort("value", nulls_last=True)


def beside_itself(one: Indicator, level: str, lines: pl.DataFrame) -> pl.DataFrame:
    """Pool observations by series and place them; values alone where no funnel can be drawn."""
    if why_not(one, level) is None:
        return placed(one, pooled(lines))
    return _plain(one, pooled(with_quiet_months(lines) if one.at_risk is not None else lines))


def _plain(one: Indicator, sums: pl.DataFrame) -> pl.DataFrame:
    """Give values alone, where no funnel can be drawn: both sides divided, or a count's month on average."""
    limits = ["average", "lower_95", "upper_95", "lower_998", "upper_998", "phi", "tau_squared", "z"]
    nothing = pl.lit(None, pl.Float64)
    over = pl.col("denominator")
    value = pl.when(over > 0).then(one.scale * pl.col("numerator") / over)
    # Where care is given a rate has no people behind it; a pace keeps its working days.
    if one.kind == "rate":
        value = value.otherwise(pl.col("numerator") / pl.col("months"))
    return sums.with_columns(
        value.alias("value"),
        *(nothing.alias(name) for name in (*limits, "lower", "upper")),
        pl.lit(None, pl.String).alias("position"),
    )


def left_out(chosen: pl.DataFrame) -> pl.DataFrame:
    """Say of each organisation which months could not be used, and why: organisation, why.

    `chosen` are observations with status, value, reporting and expected.
    """
    unusable = chosen.filter(~pl.col("status").is_in(USABLE) | pl.col("value").is_null())
    words = pl.col("status").replace_strict(STATUSES, default=pl.col("status")).str.to_lowercase()
    few = (pl.col("status") == "insufficient_data") & (pl.col("reporting") < pl.col("expected"))
    reported = pl.format(
        " ({} of {} organisations reported)",
        *(pl.col(name).cast(pl.Int64) for name in ("reporting", "expected")),
    )
    many = pl.len().cast(pl.String) + pl.when(pl.len() == 1).then(pl.lit(" month ")).otherwise(
        pl.lit(" months ")
    )
    told = words + pl.when(few).then(reported).otherwise(pl.lit(""))
    return (
        unusable.sort("period")
        .group_by("organisation", told.alias("words"), maintain_order=True)
        .agg(many.alias("many"))
        .group_by("organisation", maintain_order=True)
        .agg((pl.col("many") + pl.col("words")).str.join("; ").alias("why"))
    )


@kept(32)
def over_time(
    edition: str,
    indicator: str,
    level: str,
    basis: str,
    within: str | None,
    known_on: date | None,
    part: str = WHOLE,
) -> pl.DataFrame:
    """Give the spread of values month by month: period, organisations, SPREAD as q10 to q90, and `run`.

    `run` numbers stretches of months without a gap between them.
    """
    rows = held(edition, indicator, level, basis, known_on, part)
    if within:
        rows = rows.filter(pl.col("organisation").is_in(beneath(edition, basis, within)))
    usable = rows.filter(pl.col("status").is_in(USABLE), pl.col("value").is_not_null())
    spread = [pl.col("value").quantile(q, "linear").alias(f"q{round(q * 100)}") for q in SPREAD]
    by_month = usable.group_by("period").agg(pl.len().alias("organisations"), *spread).sort("period")
    return by_month.with_columns(run=_runs("period"))


def _runs(period: str) -> pl.Expr:
    """Number stretches of months without a gap, in rows sorted by month."""
    follows = pl.col(period) == pl.col(period).shift(1).dt.offset_by("1mo")
    return (~follows).fill_null(True).cum_sum()


def of_some(
    edition: str,
    indicator: str,
    level: str,
    basis: str,
    codes: tuple[str, ...],
    known_on: date | None,
    part: str = WHOLE,
) -> pl.DataFrame:
    """Read the months of chosen organisations: the columns of observations, and `run` as `over_time` has."""
    rows = held(edition, indicator, level, basis, known_on, part)
    chosen = rows.filter(pl.col("organisation").is_in(codes))
    return chosen.sort("organisation", "period").with_columns(run=_runs("period").over("organisation"))


@st.cache_data(max_entries=32, show_spinner=False)
def beneath(edition: str, basis: str, within: str) -> list[str]:
    """List the codes of every organisation that stands under one on today's map."""
    if within == ENGLAND:
        return queries.organisations(edition)["code"].to_list()
    rungs = ladder(organisation_store.read(home(), source=basis).drop("source"))
    above = pl.any_horizontal(pl.all().exclude("code") == within) & (pl.col("code") != within)
    return rungs.filter(above)["code"].to_list()


def position(name: str | None) -> tuple[str, str]:
    """Give the mark and words of a position in the funnel."""
    return NOT_PLACED if name is None else POSITIONS[name]
