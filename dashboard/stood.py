"""Where every organisation of a level stands on every measure: stored, or worked out for an earlier day."""

from datetime import date

import polars as pl

from dashboard import compared, queries, wording
from dashboard.kept import kept
from dashboard.names import readable
from dashboard.opening import home
from metrics.indicator import Indicator
from metrics.indicators import all_indicators
from metrics.k_of_n import held_to_rule
from metrics.trajectory import standing
from warehouse import standings as standing_store


@kept(16)
def of_level(edition: str, level: str, basis: str, known_on: date | None) -> pl.DataFrame:
    """Give the headline standing of every organisation of a level on every measure, as stored.

    `warehouse.standings.COLUMNS` without the sparkline; as known on an earlier day they are worked out again.
    """
    if known_on is None:
        found = standing_store.read(home(), levels=[level], basis=basis).drop("sparkline")
        found = found.filter(pl.col("organisation") != wording.UNATTRIBUTED)
        return found.with_columns(readable(pl.col("organisation_name")))
    then = [_standing_then(edition, one, level, basis, known_on) for one in all_indicators().values()]
    held = [frame for frame in then if frame.height]
    return pl.concat(held, how="diagonal") if held else pl.DataFrame()


def _standing_then(edition: str, one: Indicator, level: str, basis: str, known_on: date) -> pl.DataFrame:
    """Stand every organisation against its path as known on a day, a rule over categories included."""
    lines = compared.held(edition, one.id, level, basis, known_on)
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
