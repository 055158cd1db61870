"""Finding an organisation by part of its name or by its code, at every level, old codes too."""

import polars as pl

from dashboard import lineage, queries, wording

COLUMNS = ("level", "code", "name", "was", "leads_to")


def organisations(edition: str, words: str) -> pl.DataFrame:
    """Give those whose name has every word, or whose code starts with what was typed, in COLUMNS.

    A whole code comes first, then names that start with the words, then the rest by level and name. `was` is
    the old name and code where something merged is meant, and `leads_to` then the code that has its figures.
    """
    typed = words.strip().lower()
    if not typed:
        return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    held = queries.organisations(edition).filter(pl.col("code") != wording.UNATTRIBUTED)
    today = held.select("level", "code", "name", pl.lit(None, pl.String).alias("was"), leads_to="code")
    old = (
        lineage.successions(edition)
        .join(held.select("code"), on="code", how="anti")
        .drop("level")
        .join(
            held.select(pl.col("code").alias("successor"), "level", pl.col("name").alias("now")),
            on="successor",
        )
        .select(
            "level",
            "code",
            "name",
            pl.format("now part of {} ({})", "now", "successor").alias("was"),
            leads_to="successor",
        )
    )
    return _ranked(pl.concat([today, old.select(today.columns)]), typed)


def _ranked(every: pl.DataFrame, typed: str) -> pl.DataFrame:
    name, code = pl.col("name").str.to_lowercase(), pl.col("code").str.to_lowercase()
    named = pl.all_horizontal(name.str.contains(word, literal=True) for word in typed.split())
    order = list(wording.LEVELS)
    return (
        every.filter(named | code.str.starts_with(typed))
        .sort(
            code != typed,
            ~name.str.starts_with(typed),
            pl.col("level").replace_strict(
                order, list(range(len(order))), default=len(order), return_dtype=pl.Int64
            ),
            "name",
        )
        .unique(["level", "code"], keep="first", maintain_order=True)
    )
