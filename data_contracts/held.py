"""Which rules of its contract a file kept, and which rows broke the others."""

import polars as pl

from data_contracts.contract import load_contract

COLUMNS = {
    "feed": pl.String,
    "rule": pl.String,
    "severity": pl.String,
    "reason": pl.String,
    "rows": pl.Int64,
    "outcome": pl.String,
}
"""`rows` are those that broke the rule; `outcome` is "passed", "set aside" or "noted"."""


def rules_held(feed: str, findings: pl.DataFrame) -> pl.DataFrame:
    """Every rule a feed's accepted files were held to, in COLUMNS, those with broken rows first.

    `findings` (rule, severity, reason, rows) are what the gate found; those that no rule of the contract made
    (a loader's own checks) are listed with them. Raises FileNotFoundError for a feed without a contract.
    """
    declared = pl.DataFrame(
        [
            {"rule": one.name, "severity": one.severity, "reason": one.reason}
            for one in load_contract(feed).rules
        ],
        schema={"rule": pl.String, "severity": pl.String, "reason": pl.String},
    )
    found = findings.group_by("rule", maintain_order=True).agg(
        pl.col("severity", "reason").last(), pl.col("rows").fill_null(0).sum()
    )
    held = declared.join(found, on="rule", how="full", coalesce=True, suffix="_found")
    broken = pl.col("rows").fill_null(0) > 0
    checked = pl.col("severity").is_null() & ~broken
    outcome = (
        pl.when(checked)
        .then(pl.lit("noted"))
        .when(~broken)
        .then(pl.lit("passed"))
        .when(pl.coalesce("severity", "severity_found") == "info")
        .then(pl.lit("noted"))
        .otherwise(pl.lit("set aside"))
    )
    return held.select(
        pl.lit(feed).alias("feed"),
        "rule",
        pl.coalesce("severity", "severity_found").alias("severity"),
        pl.coalesce("reason_found", "reason").alias("reason"),
        pl.col("rows").fill_null(0).cast(pl.Int64).alias("rows"),
        outcome.alias("outcome"),
    ).sort("rows", "rule", descending=[True, False])
