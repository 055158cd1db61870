"""One row for each pair of flags -> one row with the requests, those processed and those diverted."""

from __future__ import annotations

from typing import Literal

import polars as pl

from metrics.specialties import TREATMENT_FUNCTIONS
from pipeline.reading import RefusedFile
from pipeline.sources.headers import Placed, key
from pipeline.sources.months import months
from pipeline.sources.published import Notice
from pipeline.sources.system_eroc.layout import FLAGS, SPECIALTIES, TYPES, YES_OR_NO
from pipeline.sources.values import FAULTS_NAMED, refuse_cells

OF = ("period", "organisation_code", "request_type", "in_scope_of_erf", "specialty")
_COUNT = r"^([0-9]{1,9}|[0-9]{1,3}(,[0-9]{3}){1,2})(\.0+)?$"
_CODE = {"system": r"^[A-Z0-9]{3,5}$", "provider": r"^[A-Z0-9]{3,6}$"}


def rows(placed: Placed, level: Literal["system", "provider"]) -> pl.DataFrame:
    """One row as published: row, `OF`, organisation_name, treatment_function_code, flags, requests."""
    text = placed.table.cells.select("row", *(placed.cell(name) for name in placed.places))
    kinds = _told(placed, text, "request_type", TYPES, "a kind of request")
    flags = {name: _told(placed, text, name, YES_OR_NO, "Yes or No") for name in (*FLAGS, "in_scope_of_erf")}
    specialties = {name: _function(name) for name in text["specialty"].unique()}
    for name, fits, what in (
        ("code", pl.col("code").str.contains(_CODE[level]), "an organisation's code"),
        ("name", pl.col("name") != "", "a name"),
        ("specialty", pl.col("specialty") != "", "a specialty"),
        ("requests", pl.col("requests").str.contains(_COUNT), "a count"),
    ):
        refuse_cells(placed.file, placed.header(name), text.filter(~fits).select("row", name), what)
    return text.select(
        "row",
        months(placed.file, placed.header("period"), text["period"], text["row"]).alias("period"),
        organisation_code="code",
        organisation_name="name",
        request_type=kinds,
        specialty="specialty",
        treatment_function_code=pl.col("specialty").replace_strict(specialties, return_dtype=pl.String),
        requests=pl.col("requests").str.replace_all(",", "").cast(pl.Float64).cast(pl.Int64),
        **flags,
    )


def _told(
    placed: Placed, text: pl.DataFrame, name: str, meant: dict[str, str] | dict[str, bool], what: str
) -> pl.Series:
    meanings = {word: meant.get(key(word)) for word in text[name].unique()}
    odd = [word for word, meaning in meanings.items() if meaning is None]
    refuse_cells(
        placed.file, placed.header(name), text.filter(pl.col(name).is_in(odd)).select("row", name), what
    )
    kind = pl.Boolean if meant is YES_OR_NO else pl.String
    return text[name].replace_strict(meanings, return_dtype=kind)


def _function(name: str) -> str | None:
    """The treatment function a specialty names, by its code, its name, or `110 Name` and `110: Name`."""
    words = key(name)
    first, _, rest = words.partition(" ")
    if first in TREATMENT_FUNCTIONS and (not rest or SPECIALTIES.get(rest) in (first, None)):
        return first
    return SPECIALTIES.get(words)


def check(placed: Placed, found: pl.DataFrame) -> list[Notice]:
    """Each set of alike requests stands once. Raises RefusedFile; tells what is odd without being wrong."""
    doubled = found.group_by(*OF, *FLAGS, maintain_order=True).agg("row").filter(pl.col("row").list.len() > 1)
    if doubled.height:
        raise RefusedFile(
            *(
                f"{placed.file}: the same requests of {code} ({specialty}, {period:%B %Y}) stand in rows "
                f"{' and '.join(map(str, where))}, not once."
                for code, specialty, period, where in doubled.select(
                    "organisation_code", "specialty", "period", "row"
                )
                .head(FAULTS_NAMED)
                .iter_rows()
            )
        )
    notices = []
    early = found.filter(pl.col("diverted") & ~pl.col("processed") & (pl.col("requests") > 0))
    if early.height:
        reason = f"{early['requests'].sum():,} request(s) are flagged diverted and not processed."
        notices.append(Notice("diverted_not_processed", reason, early.height, None, "warning"))
    unnamed = found.filter(pl.col("treatment_function_code").is_null())
    if unnamed.height:
        names = ", ".join(unnamed["specialty"].unique().sort().head(FAULTS_NAMED))
        reason = (
            f"{unnamed['specialty'].n_unique()} specialties are no treatment function known here: {names}."
        )
        everything = unnamed.height == found.height
        notices.append(
            Notice("specialties_not_known", reason, unnamed.height, None, "warning" if everything else "info")
        )
    return notices


def totals(found: pl.DataFrame) -> pl.DataFrame:
    """The feed's frame: all requests, those flagged processed and those flagged diverted."""
    number = pl.col("requests")
    return (
        found.sort("row")
        .group_by(*OF, "treatment_function_code")
        .agg(
            pl.col("organisation_name").last(),
            number.sum(),
            processed=number.filter("processed").sum(),
            diverted=number.filter("diverted").sum(),
        )
        .select(
            "period",
            "organisation_code",
            "organisation_name",
            "request_type",
            "in_scope_of_erf",
            "specialty",
            "treatment_function_code",
            "requests",
            "processed",
            "diverted",
        )
        .sort(OF)
    )
