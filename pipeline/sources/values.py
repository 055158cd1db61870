"""A published number, or one of the marks that say why there is none; a mark is never 0."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline.reading import RefusedFile

# Government Statistical Service marks, and those NHS files used before them.
NOT_APPLICABLE = ("[z]",)
MISSING = ("", "-", "*", ":", "..", "[x]", "[c]", "[u]", "[w]", "n/a", "na")
MARKS = (*NOT_APPLICABLE, *MISSING)
NUMBER = r"^-?([0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4})(\.[0-9]{1,17})?([eE][-+]?[0-9]{1,2})?$"
FAULTS_NAMED = 5


def is_mark(text: pl.Expr) -> pl.Expr:
    """Whether a trimmed cell is a mark."""
    return text.str.to_lowercase().is_in(MARKS)


def number(text: pl.Expr) -> pl.Expr:
    """Float64; null for a mark, and for what is not a number."""
    return (
        pl.when(text.str.contains(NUMBER))
        .then(text.str.replace_all(",", "", literal=True))
        .cast(pl.Float64, strict=False)
    )


def half_a_digit(text: pl.Expr) -> pl.Expr:
    """How far a published decimal may be from what was rounded: half its last digit, and a hair."""
    decimals = text.str.extract(r"\.([0-9]+)").str.len_chars().fill_null(0).cast(pl.Int32)
    exponent = text.str.extract(r"[eE]([-+]?[0-9]+)$").cast(pl.Int32, strict=False).fill_null(0)
    return 0.5 * pl.lit(10.0) ** (exponent - decimals) * (1 + 1e-6) + 1e-12


def refuse_cells(file: str, header: str, faulty: pl.DataFrame, what: str) -> None:
    """Raise RefusedFile for the rows (row, text) of cells that are not `what`, if any."""
    if faulty.is_empty():
        return
    shown: list[tuple[Any, ...]] = faulty.head(FAULTS_NAMED).rows()
    faults = [f"{file}: row {row}, column '{header}': '{text}' is not {what}." for row, text in shown]
    more = faulty.height - FAULTS_NAMED
    raise RefusedFile(*faults, *([f"{file}: {more:,} more cells are not {what}."] if more > 0 else []))
