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
