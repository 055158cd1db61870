"""What it would take, in words: what is wanted of each measure, and the rows as they are taken away."""

import polars as pl

from dashboard import wording
from metrics.indicator import Indicator
from metrics.indicators import all_indicators

READ = (
    "What the latest twelve final months would have needed to be at the target in force. Each "
    "neighbourhood is held to its own target: where a target is a fall of 10%, it is 10% of its own baseline."
)
BEDS = "A bed is a bed in use all year: bed days over 365.25. Wards that are not full need more."


def way(one: Indicator) -> str:
    """Say what is wanted: "more attendances completed within four hours", "fewer bed days"."""
    if one.kind == "proportion":
        return f"more {one.numerator_title[:1].lower()}{one.numerator_title[1:]}"
    return f"{'more' if one.better == 'higher' else 'fewer'} {wording.plural(one.event)}"


def wanted(one: Indicator, amount: float) -> str:
    """Say how many are wanted: "1 fewer admission", "340 more attendances completed within four hours"."""
    count = max(1, wording.rounded(amount))
    words = way(one)
    return f"{count:,} {words.replace(wording.plural(one.event), one.event, 1) if count == 1 else words}"


def sizeless(one: Indicator) -> bool:
    """Tell whether a measure counts events that should be fewer, and nobody has set how many fewer."""
    return one.role == "target" and one.kind == "rate" and not one.targets


def in_words(taken: pl.DataFrame) -> pl.DataFrame:
    """Give the rows as they are taken away: measures by name, what is wanted in words."""
    declared = all_indicators().values()
    names = {one.id: wording.numbered(one) for one in declared}
    ways = {one.id: way(one) for one in declared}
    no_size = [one.id for one in declared if one.role == "target" and not one.targets]
    return taken.select(
        "level",
        "organisation",
        "organisation_name",
        pl.col("indicator").replace_strict(names).alias("measure"),
        pl.when(pl.col("indicator").is_in(no_size))
        .then(pl.lit("no size is set nationally"))
        .otherwise(pl.col("indicator").replace_strict(ways))
        .alias("wanted"),
        "first",
        "last",
        "events",
        "denominator",
        "value",
        "target",
        "target_due",
        "needed",
        "beds",
    ).sort(pl.col("level") == "neighbourhood", "organisation_name", "measure")
