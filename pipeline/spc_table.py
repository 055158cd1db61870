"""What `targets spc` writes: every point with its signals, a row a series, or where two profiles differ."""

import polars as pl

from metrics.spc import FLAGS, signals, summary
from metrics.spc_profiles import PROFILES
from metrics.spc_states import Direction
from pipeline.spc_file import ADDED, NEEDED, SpcFile

ICONS = ("series", "variation", "assurance", "points", "mean", "lower_limit", "upper_limit", "reason")
COMPARED = (*FLAGS, "state")
SUMMED = ("variation", "assurance")


def points(file: SpcFile, profile: str, better: Direction, *, typed: bool) -> pl.DataFrame:
    """The rows of the file in their order, with `ADDED`.

    `typed`: dates as ISO and numbers as numbers, for JSON; else every cell as it was written.
    """
    found = signals(file.typed, PROFILES[profile], better=better).select(ADDED)
    return _shown(file, typed=typed).hstack(found)


def icons(file: SpcFile, profile: str, better: Direction) -> pl.DataFrame:
    """One row a series in order of appearance: `ICONS`."""
    rules = PROFILES[profile]
    found = summary(signals(file.typed, rules, better=better), rules, better=better)
    return found.with_columns(pl.concat_str("reason", _gaps())).select(ICONS)


def _gaps() -> pl.Expr:
    """The breaks in a series, in words: what stands beside a gap is taken as neighbours."""
    count = pl.col("gaps")
    return (
        pl.when(count == 0)
        .then(pl.lit(""))
        .when(count == 1)
        .then(pl.lit("; one gap, whose ends are taken as neighbours"))
        .otherwise(pl.format("; {} gaps, whose ends are taken as neighbours", count))
    )


def differing_points(file: SpcFile, pair: tuple[str, str], better: Direction, *, typed: bool) -> pl.DataFrame:
    """The points whose flags or state differ between two profiles: what differs, then both readings.

    Lines are shown but not compared: a moving range left out shifts every point's limits a little.
    """
    both = [signals(file.typed, PROFILES[name], better=better).select(ADDED) for name in pair]
    keys = _shown(file, typed=typed).select(file.column(name) for name in NEEDED)
    return _differing(keys, both, pair, COMPARED)


def differing_icons(file: SpcFile, pair: tuple[str, str], better: Direction) -> pl.DataFrame:
    """The series whose icons differ between two profiles: what differs, then both readings."""
    both = [icons(file, name, better) for name in pair]
    return _differing(both[0].select("series"), [one.drop("series") for one in both], pair, SUMMED)


def pair_of(text: str) -> tuple[str, str]:
    """`mdc,nhsr` as two names. Raises ValueError with a sentence."""
    names = [name.strip() for name in text.split(",")]
    unknown = [name for name in names if name not in PROFILES]
    if unknown:
        raise ValueError(f"--compare: there is no profile '{unknown[0]}'; there are {', '.join(PROFILES)}")
    if len(names) != 2 or names[0] == names[1]:
        raise ValueError(f"--compare '{text}': name two different profiles, such as mdc,nhsr")
    return names[0], names[1]


def _shown(file: SpcFile, *, typed: bool) -> pl.DataFrame:
    if not typed:
        return file.given
    return file.given.with_columns(file.typed[name].alias(file.column(name)) for name in file.typed.columns)


def _differing(
    keys: pl.DataFrame, both: list[pl.DataFrame], pair: tuple[str, str], compared: tuple[str, ...]
) -> pl.DataFrame:
    first, second = (
        one.rename({name: f"{name}_{profile}" for name in one.columns})
        for one, profile in zip(both, pair, strict=True)
    )
    sides = keys.hstack(first).hstack(second)
    differs = {name: pl.col(f"{name}_{pair[0]}").ne_missing(pl.col(f"{name}_{pair[1]}")) for name in compared}
    words = pl.concat_str(
        (pl.when(differ).then(pl.lit(name)) for name, differ in differs.items()),
        separator=" ",
        ignore_nulls=True,
    )
    ordered = [f"{name}_{profile}" for name in both[0].columns for profile in pair]
    return sides.filter(pl.any_horizontal(differs.values())).select(
        *keys.columns, words.alias("differs"), *ordered
    )
