"""Names as people write them: national files shout theirs in capitals."""

import polars as pl

SMALL = ("And", "Of", "The", "For", "In", "On", "Upon", "With", "At", "By", "Under")
CAPITALS = ("Nhs", "Icb", "Ics", "Utc", "Wic", "Gp", "Cic", "Uk", "Miu", "Pcn", "Ccg", "Bmi", "Nhse", "Uhs")


def readable(name: pl.Expr) -> pl.Expr:
    """Write a name that is all in capitals with capitals where they belong; leave every other as it is."""
    shouted = (name.str.to_uppercase() == name) & name.str.contains("[A-Z]{4}")
    said = name.str.to_titlecase().str.replace_all(r"['’]S\b", "'s")
    for word in SMALL:
        said = said.str.replace_all(rf"([ -]){word}\b", f"${{1}}{word.lower()}")
    for word in CAPITALS:
        said = said.str.replace_all(rf"\b{word}\b", word.upper())
    return pl.when(shouted).then(said.str.replace_all(r"\bLtd\b|\bLimited\b", "Ltd")).otherwise(name)


WHAT_IT_IS = r"( Integrated Care Board| ICB| NHS Foundation Trust| NHS Trust| Neighbourhood)$"
"""What every name of a kind ends in: beside others of its kind it says nothing."""


def short(name: pl.Expr) -> pl.Expr:
    """Write a name as people say it, for a chart: "Kent and Medway" for an integrated care board."""
    said = readable(name)
    board = said.str.contains(r"^NHS .*( Integrated Care Board| ICB)$")
    return pl.when(board).then(said.str.strip_prefix("NHS ")).otherwise(said).str.replace(WHAT_IT_IS, "")
