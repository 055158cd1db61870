"""The neighbourhoods of a place: cached rows of how each stands, and what its targets would take."""

from datetime import date

import polars as pl
import streamlit as st

from dashboard import compared, queries, stood, wording
from dashboard.kept import kept
from dashboard.names import readable
from metrics.indicator import LEAST_REPORTING, Indicator
from metrics.indicators import all_indicators
from metrics.what_it_takes import SERIES, year_to_rule, year_to_target

YEAR = 12
LEVEL = "neighbourhood"


@st.cache_data(max_entries=16, show_spinner=False)
def takes(edition: str, codes: tuple[str, ...], level: str, known_on: date | None) -> pl.DataFrame:
    """Say what the targets of some organisations would take: `metrics.what_it_takes.year_to_target` of each.

    Every national target of local records, with organisation_name, in order of names. A target that several
    categories must each reach is told by what they lack.
    """
    standings = stood.of_level(edition, level, "local", known_on)
    found = []
    for one in all_indicators().values():
        if one.role != "target":
            continue
        lines = queries.history(edition, one.id, level, codes, "all", "local", known_on)
        aims = standings.filter(pl.col("indicator") == one.id) if standings.height else standings
        if lines.height and aims.height:
            names = lines.select("organisation", "organisation_name").unique("organisation", keep="last")
            rows = year_to_target(one, lines, aims)
            if one.k_of_n is not None:
                rows = _by_rule(edition, one, rows, aims, known_on)
            found.append(rows.join(names, on="organisation", how="left"))
    if not found:
        return pl.DataFrame()
    return pl.concat(found).with_columns(readable(pl.col("organisation_name"))).sort("organisation_name")


def _by_rule(
    edition: str, one: Indicator, whole: pl.DataFrame, aims: pl.DataFrame, known_on: date | None
) -> pl.DataFrame:
    """Tell what a rule over categories needs: each is held to the target of the whole."""
    rule = one.k_of_n
    if rule is None:
        return whole
    codes, level = tuple(whole["organisation"]), whole["level"][0]
    lines = queries.history(edition, one.id, level, codes, rule.breakdown, "local", known_on)
    own = aims.select("organisation", "target", "target_due")
    targets = lines.select(SERIES).unique().join(own, on="organisation")
    return year_to_rule(one, whole, year_to_target(one, lines, targets))


@kept(16)
def every(edition: str, codes: tuple[str, ...], known_on: date | None) -> pl.DataFrame:
    """Set some neighbourhoods beside each other, and among all, on every national target.

    `beside` of each, over the twelve months to the newest final one, with indicator and `last`.
    """
    found = []
    for one in all_indicators().values():
        last = newest(edition, one.id, known_on) if one.role == "target" else None
        if last is not None:
            rows = beside(edition, one.id, LEVEL, "local", last, known_on)
            mine = rows.filter(pl.col("organisation").is_in(codes)).sort("organisation_name")
            found.append(mine.with_columns(indicator=pl.lit(one.id), last=pl.lit(last)))
    return pl.concat(found, how="diagonal_relaxed") if found else pl.DataFrame()


@st.cache_data(max_entries=64, show_spinner=False)
def newest(edition: str, indicator: str, known_on: date | None) -> date | None:
    """Give the newest month that is final for any neighbourhood: one still filling up would rank them by
    how late their files are."""
    lines = compared.held(edition, indicator, LEVEL, "local", known_on)
    final = lines.filter(pl.col("status") == "final", pl.col("value").is_not_null())["period"]
    return final.max() if final.len() else None  # type: ignore[return-value]


@st.cache_data(max_entries=32, show_spinner=False)
def beside(
    edition: str, indicator: str, level: str, basis: str, last: date, known_on: date | None
) -> pl.DataFrame:
    """Set every organisation of a level beside the rest over twelve months, and beside its own year before.

    `dashboard.compared.side_by_side`, and rank (1 is best), of (how many are ranked: those with four
    fifths of the months), before (the value of the same months a year earlier), newest_denominator (of the
    last month: people or events).
    """
    first = date(last.year - 1 + last.month // 12, last.month % 12 + 1, 1)
    year_ago = (first.replace(year=first.year - 1), last.replace(year=last.year - 1))
    now = compared.side_by_side(edition, indicator, level, basis, first, last, None, known_on)
    then = compared.side_by_side(edition, indicator, level, basis, *year_ago, None, known_on)
    higher = all_indicators()[indicator].better == "higher"
    # A new one with five months is not ranked among years: its season would decide.
    full = pl.when(pl.col("months") >= LEAST_REPORTING * YEAR).then("value")
    whole = then.filter(pl.col("months") == YEAR)
    codes = tuple(now["organisation"])
    newest = queries.history(edition, indicator, level, codes, "all", basis, known_on).filter(
        pl.col("period") == last
    )
    return (
        now.join(whole.select("organisation", before="value"), on="organisation", how="left")
        .join(newest.select("organisation", newest_denominator="denominator"), on="organisation", how="left")
        .with_columns(rank=full.rank("min", descending=higher), of=full.count())
    )


@st.cache_data(max_entries=64, show_spinner=False)
def of_place(edition: str, level: str, code: str) -> list[str]:
    """List the codes of the neighbourhoods under an organisation that have figures."""
    held = queries.organisations(edition).filter(pl.col("level") == LEVEL)["code"].to_list()
    under = set(compared.beneath(edition, "local", code))
    return [one for one in held if one in under and one != wording.UNATTRIBUTED]


@st.cache_data(max_entries=64, show_spinner=False)
def by_part(
    edition: str,
    indicator: str,
    level: str,
    code: str,
    basis: str,
    breakdown: str,
    known_on: date | None,
) -> pl.DataFrame:
    """Set the parts of one organisation (age bands, fifths of deprivation, ...) beside each other.

    The latest twelve usable months of the organisation, pooled: category, label, first, last, months,
    numerator, denominator, value, lower, upper (95%), and whole: the value of everyone, in the same months.
    """
    one = all_indicators()[indicator]
    lines = queries.history(edition, indicator, level, (code,), breakdown, basis, known_on)
    usable = lines.filter(pl.col("status").is_in(compared.USABLE), pl.col("value").is_not_null())
    if usable.is_empty():
        return pl.DataFrame()
    months = usable["period"].unique().sort().tail(YEAR).to_list()
    rows = compared.beside_itself(one, level, lines.filter(pl.col("period").is_in(months)))
    everyone = queries.history(edition, indicator, level, (code,), "all", basis, known_on)
    whole = compared.beside_itself(one, level, everyone.filter(pl.col("period").is_in(months)))
    labels = next(dict(each.labels) for each in one.breakdowns if each.name == breakdown)
    order = {name: at for at, name in enumerate(labels)}
    return (
        rows.with_columns(
            label=pl.col("category").replace_strict(labels, default=pl.col("category")),
            order=pl.col("category").replace_strict(order, default=len(order), return_dtype=pl.Int64),
            first=pl.lit(months[0]),
            last=pl.lit(months[-1]),
            whole=pl.lit(whole["value"][0] if whole.height else None, pl.Float64),
        )
        .sort("order", "category")
        .select("category", "label", "first", "last", "months", "numerator", "denominator", "value", "lower",
                "upper", "whole")
    )  # fmt: skip
