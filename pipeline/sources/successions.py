"""Who took over from whom: what published figures need and no file that is loaded may say.

Trusts: cases met in the published A&E files. Systems: ODS Change Summary, ICB Mergers Phase 1, April 2026 (12
boards closed, 6 opened, 36 left); the six new codes are those that ODS's list of trusts of April 2026 gives.
Three of the boards were divided (Hertfordshire and West Essex; Suffolk and North East Essex; Frimley): they
have no one successor, and their history is not carried over to any.
"""

from __future__ import annotations

from datetime import date

import polars as pl

_MERGERS = date(2026, 4, 1)

# Closed code, code that took over (none: divided), first day of the new.
TRUSTS: tuple[tuple[str, str | None, date], ...] = (
    ("RLN", "R0B", date(2019, 4, 1)),
    ("RE9", "R0B", date(2019, 4, 1)),
    ("RD3", "R0D", date(2020, 10, 1)),
    ("RDZ", "R0D", date(2020, 10, 1)),
    ("RBZ", "RH8", date(2022, 4, 1)),
    ("RA4", "RH5", date(2023, 4, 1)),
    ("RAP", "RAL", date(2025, 1, 1)),
)
SYSTEMS: tuple[tuple[str, str | None, date], ...] = (
    ("QHG", "S1Y5D", _MERGERS),
    ("QUE", "S1Y5D", _MERGERS),
    ("QM7", None, _MERGERS),
    ("QH8", "D7T5G", _MERGERS),
    ("QJG", None, _MERGERS),
    ("QMM", "T6Y0W", _MERGERS),
    ("QMJ", "Z9B2Z", _MERGERS),
    ("QRV", "Z9B2Z", _MERGERS),
    ("QU9", "S0E4D", _MERGERS),
    ("QNQ", None, _MERGERS),
    ("QXU", "S9B9J", _MERGERS),
    ("QNX", "S9B9J", _MERGERS),
)
NEW_SYSTEMS: dict[str, tuple[str, str]] = {
    "S1Y5D": ("NHS Central East Integrated Care Board", "Y61"),
    "D7T5G": ("NHS Essex Integrated Care Board", "Y61"),
    "T6Y0W": ("NHS Norfolk and Suffolk Integrated Care Board", "Y61"),
    "Z9B2Z": ("NHS West and North London Integrated Care Board", "Y56"),
    "S0E4D": ("NHS Thames Valley Integrated Care Board", "Y59"),
    "S9B9J": ("NHS Surrey and Sussex Integrated Care Board", "Y59"),
}
_SCHEMA = {"code": pl.String, "heir": pl.String, "since": pl.Date, "level": pl.String}


def follow(organisations: pl.DataFrame, listed: pl.DataFrame | None = None) -> pl.DataFrame:
    """Organisations with the day they closed and who took over, where that is known here or `listed`.

    `listed`: code, heir, since (as the feed `ods_successions`). What a source says itself stands. A code that
    went to several has no successor. A new board that took over from one that is there is added by name.
    """
    rows = [(*one, "provider") for one in TRUSTS] + [(*one, "system") for one in SYSTEMS]
    known = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    if listed is not None:
        went_on = listed.filter(pl.col("code") == pl.col("heir"))
        closed = listed.join(went_on, on=["code", "since"], how="anti").with_columns(level=pl.lit("provider"))
        more = closed.join(known, on=["code", "level"], how="anti")
        known = pl.concat([known, more.select(known.columns)])
    divided = pl.col("heir").n_unique() > 1
    last = known.filter(pl.col("since") == pl.col("since").max().over("level", "code"))
    known = last.group_by("level", "code").agg(
        heir=pl.when(~divided).then(pl.col("heir").first()), since=pl.col("since").max()
    )
    named = _with_new_systems(organisations)
    return (
        named.join(known, on=["level", "code"], how="left")
        .with_columns(
            # A code that was at work after its succession was used again: that succession was another's.
            since=pl.when(pl.col("valid_from") < pl.col("since")).then("since"),
        )
        .with_columns(
            valid_to=pl.coalesce("valid_to", "since"),
            successor=pl.when(pl.col("since").is_not_null()).then(pl.coalesce("successor", "heir")),
        )
        .select(organisations.columns)
        .sort("level", "code", "valid_from")
    )


def _with_new_systems(organisations: pl.DataFrame) -> pl.DataFrame:
    systems = set(organisations.filter(pl.col("level") == "system")["code"])
    heirs = {heir for code, heir, _ in SYSTEMS if code in systems and heir}
    new = [(code, "system", *NEW_SYSTEMS[code], _MERGERS, None, None) for code in sorted(heirs - systems)]
    columns = ["code", "level", "name", "parent", "valid_from", "valid_to", "successor"]
    added = pl.DataFrame(
        new, schema=dict(zip(columns, organisations.select(columns).dtypes, strict=True)), orient="row"
    )
    unnamed = {code: name for code, (name, _) in NEW_SYSTEMS.items()}
    return pl.concat([organisations, added.select(organisations.columns)]).with_columns(
        name=pl.when(pl.col("name") == pl.col("code"))
        .then(pl.col("code").replace(unnamed))
        .otherwise(pl.col("name"))
    )
