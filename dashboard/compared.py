"""Organisations of one level beside each other: cached rows, in words, fit to be taken away."""

from datetime import date
from io import BytesIO

import polars as pl
import streamlit as st

from dashboard import queries, wording
from dashboard.kept import kept
from dashboard.opening import home
from metrics.compared import USABLE, placed, pooled, why_not, with_quiet_months
from metrics.geography import ladder
from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from metrics.k_of_n import held_to_rule
from metrics.observations import ENGLAND
from metrics.trajectory import standing
from warehouse import organisations as organisation_store
from warehouse import standings as standing_store

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
SPREAD = (0.1, 0.25, 0.5, 0.75, 0.9)


@st.cache_data(max_entries=64, show_spinner=False)
def months(edition: str, indicator: str, level: str, basis: str, known_on: date | None) -> list[date]:
    """List the months with any usable figure of a measure at a level, newest first."""
    held = _held(edition, indicator, level, basis, known_on)
    usable = held.filter(pl.col("status").is_in(USABLE), pl.col("value").is_not_null())
    return usable["period"].unique().sort(descending=True).to_list()


@kept(16)
def _held(edition: str, indicator: str, level: str, basis: str, known_on: date | None) -> pl.DataFrame:
    codes = queries.organisations(edition).filter(
        pl.col("level") == level, pl.col("code") != wording.UNATTRIBUTED
    )["code"]
    return queries.history(edition, indicator, level, tuple(codes), "all", basis, known_on)


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
) -> pl.DataFrame:
    """Pool the months `first` to `last` and place every organisation (under `within`) in its funnel.

    One row each: `metrics.compared.placed`'s columns, `why` in words where it could not be placed. A measure
    that cannot be put in a funnel has its value and no limits.
    """
    one = all_indicators()[indicator]
    chosen = _held(edition, indicator, level, basis, known_on).filter(
        pl.col("period").is_between(first, last)
    )
    if within:
        chosen = chosen.filter(pl.col("organisation").is_in(beneath(edition, basis, within)))
    rows = beside_itself(one, level, chosen)
    return rows.join(_reasons(chosen), on="organisation", how="left").sort("value", nulls_last=True)


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


def _reasons(chosen: pl.DataFrame) -> pl.DataFrame:
    """Say of each organisation which months could not be used, and why: organisation, why."""
    unusable = chosen.filter(~pl.col("status").is_in(USABLE) | pl.col("value").is_null())
    words = pl.col("status").replace_strict(STATUSES, default=pl.col("status")).str.to_lowercase()
    months = pl.len().cast(pl.String) + pl.when(pl.len() == 1).then(pl.lit(" month ")).otherwise(
        pl.lit(" months ")
    )
    return (
        unusable.group_by("organisation", words.alias("words"), maintain_order=True)
        .agg(months.alias("many"))
        .group_by("organisation", maintain_order=True)
        .agg((pl.col("many") + pl.col("words")).str.join("; ").alias("why"))
    )


@kept(32)
def over_time(
    edition: str, indicator: str, level: str, basis: str, within: str | None, known_on: date | None
) -> pl.DataFrame:
    """Give the spread of values month by month: period, organisations, SPREAD as q10 to q90, and `run`.

    `run` numbers stretches of months without a gap between them.
    """
    held = _held(edition, indicator, level, basis, known_on)
    if within:
        held = held.filter(pl.col("organisation").is_in(beneath(edition, basis, within)))
    usable = held.filter(pl.col("status").is_in(USABLE), pl.col("value").is_not_null())
    spread = [pl.col("value").quantile(q, "linear").alias(f"q{round(q * 100)}") for q in SPREAD]
    by_month = usable.group_by("period").agg(pl.len().alias("organisations"), *spread).sort("period")
    return by_month.with_columns(run=_runs("period"))


def _runs(period: str) -> pl.Expr:
    """Number stretches of months without a gap, in rows sorted by month."""
    follows = pl.col(period) == pl.col(period).shift(1).dt.offset_by("1mo")
    return (~follows).fill_null(True).cum_sum()


def of_some(
    edition: str, indicator: str, level: str, basis: str, codes: tuple[str, ...], known_on: date | None
) -> pl.DataFrame:
    """Read the months of chosen organisations: the columns of observations, and `run` as `over_time` has."""
    chosen = _held(edition, indicator, level, basis, known_on).filter(pl.col("organisation").is_in(codes))
    return chosen.sort("organisation", "period").with_columns(run=_runs("period").over("organisation"))


@st.cache_data(max_entries=32, show_spinner=False)
def beneath(edition: str, basis: str, within: str) -> list[str]:
    """List the codes of every organisation that stands under one on today's map."""
    held = queries.organisations(edition)
    if within == ENGLAND:
        return held["code"].to_list()
    rungs = ladder(organisation_store.read(home(), source=basis).drop("source"))
    above = pl.any_horizontal(pl.all().exclude("code") == within) & (pl.col("code") != within)
    return rungs.filter(above)["code"].to_list()


def position(name: str | None) -> tuple[str, str]:
    """Give the mark and words of a position in the funnel."""
    return NOT_PLACED if name is None else POSITIONS[name]


def with_definition(one: Indicator, rows: pl.DataFrame) -> pl.DataFrame:
    """Attach the definition to every row, so that a table taken away still says what it is."""
    return rows.with_columns(
        pl.lit(one.title).alias("measure"),
        pl.lit(one.unit).alias("unit"),
        pl.lit(one.better).alias("better"),
        pl.lit(one.meaning).alias("definition"),
        pl.lit(one.definition_status).alias("definition_status"),
        pl.lit(one.source).alias("definition_source"),
    )


def as_parquet(rows: pl.DataFrame) -> bytes:
    """Write a frame as Parquet."""
    out = BytesIO()
    rows.write_parquet(out)
    return out.getvalue()


@kept(16)
def standings_of(edition: str, level: str, basis: str, known_on: date | None) -> pl.DataFrame:
    """Give the headline standing of every organisation of a level on every measure, as stored.

    `warehouse.standings.COLUMNS` without the sparkline; as known on an earlier day they are worked out again.
    """
    if known_on is None:
        found = standing_store.read(home(), levels=[level], basis=basis).drop("sparkline")
        return found.filter(pl.col("organisation") != wording.UNATTRIBUTED)
    then = [_standing_then(edition, one, level, basis, known_on) for one in all_indicators().values()]
    held = [frame for frame in then if frame.height]
    return pl.concat(held, how="diagonal") if held else pl.DataFrame()


def _standing_then(edition: str, one: Indicator, level: str, basis: str, known_on: date) -> pl.DataFrame:
    """Stand every organisation against its path as known on a day, a rule over categories included."""
    lines = _held(edition, one.id, level, basis, known_on)
    if lines.is_empty():
        return pl.DataFrame()
    plan = queries.plan(edition, one.id, known_on)
    names = lines.select("organisation", "organisation_name").unique("organisation", keep="last")
    found = standing(one, lines.drop("target", "path"), plan=plan)
    if one.k_of_n is not None:
        codes = tuple(names["organisation"])
        parts = queries.history(edition, one.id, level, codes, one.k_of_n.breakdown, basis, known_on)
        if parts.height:
            beside = standing(one, parts.drop("target", "path"), plan=plan)
            found = held_to_rule(one, pl.concat([found, beside]))
    return found.filter(pl.col("breakdown") == "all").join(names, on="organisation", how="left")
