"""A feed's contract, read from its ODCS 3.1 file into dataclasses. Cheap: no validation engine is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

import polars as pl
import yaml

Severity = Literal["critical", "warning", "info"]
Grain = Literal["month", "snapshot"]

HERE = Path(__file__).parent

NOT_FEEDS = frozenset({"plans"})
"""What has a contract and is no feed: it is not counted, and `targets load` does not take it."""

# The contract's physicalType is the Polars name of the type, so that a reader meets one vocabulary.
DTYPES: Mapping[str, pl.DataType] = {
    "String": pl.String(),
    "Boolean": pl.Boolean(),
    "Int8": pl.Int8(),
    "Int16": pl.Int16(),
    "Int32": pl.Int32(),
    "Int64": pl.Int64(),
    "Float64": pl.Float64(),
    "Date": pl.Date(),
    "Datetime": pl.Datetime("us"),
}


@dataclass(frozen=True)
class Column:
    """One promised column. `required` means that no value may be missing."""

    name: str
    dtype: pl.DataType
    required: bool
    description: str


@dataclass(frozen=True)
class Rule:
    """One rule, in Great Expectations' own words, with its severity and its reason in ours.

    `judged_on` is `rows` (a fault belongs to a row), `file` (to the file as a whole) or `months` (to the
    number of rows of a month). `columns` are those the rule reads. With `keep_first_exact_repeat`, the first
    of several rows alike in every column is kept.
    """

    name: str
    expectation: str
    kwargs: Mapping[str, Any]
    severity: Severity
    reason: str
    columns: tuple[str, ...]
    judged_on: Literal["rows", "file", "months"]
    keep_first_exact_repeat: bool = False

    @property
    def parameters(self) -> set[str]:
        """The suite parameters it needs, written `$PARAMETER` as in Great Expectations."""
        return {value["$PARAMETER"] for value in self.kwargs.values() if is_parameter(value)}


@dataclass(frozen=True)
class Volumes:
    """How many earlier months a month is compared with, and which differences are too small to matter."""

    months: int = 12
    at_least_months: int = 3
    ignore_differences_under_rows: int = 100


@dataclass(frozen=True)
class Contract:
    """What a feed promises. `latency_days`: how long after a month's end it should have arrived."""

    feed: str
    version: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    period_columns: tuple[str, ...]
    grain: Grain
    max_quarantine_share: float
    latency_days: int | None = None
    volumes: Volumes = field(default_factory=Volumes)
    rules: tuple[Rule, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in the contract's order."""
        return tuple(column.name for column in self.columns)

    @property
    def period_column(self) -> str | None:
        """The column whose month is the row's period; None for a snapshot."""
        return self.period_columns[0] if self.period_columns else None

    def period(self) -> pl.Expr:
        """Return the row's period: the first day of the month of the first period column that has a value."""
        if not self.period_columns:
            return pl.lit(None, dtype=pl.Date)
        return pl.coalesce(pl.col(name).cast(pl.Date) for name in self.period_columns).dt.truncate("1mo")

    def due(self, today: date) -> date | None:
        """Return the newest month that should have arrived by a day; None for a feed that promises no day."""
        if self.latency_days is None:
            return None
        # The day before a month begins is the last of the one that is due.
        ended = (today - timedelta(days=self.latency_days - 1)).replace(day=1) - timedelta(days=1)
        return ended.replace(day=1)

    def empty(self) -> pl.DataFrame:
        """Return a frame of the contract's columns and types, with no rows."""
        return pl.DataFrame(schema={column.name: column.dtype for column in self.columns})


def is_parameter(value: object) -> bool:
    """Say whether a rule's argument stands for a value known only when a file arrives."""
    return isinstance(value, dict) and "$PARAMETER" in value


def feeds() -> tuple[str, ...]:
    """Name every feed that has a contract."""
    named = {path.name.removesuffix(".odcs.yaml") for path in HERE.glob("*.odcs.yaml")}
    return tuple(sorted(named - NOT_FEEDS))


def all_contracts() -> dict[str, Contract]:
    """Read every contract: feed name -> contract."""
    return {feed: load_contract(feed) for feed in feeds()}


@cache
def load_contract(feed: str) -> Contract:
    """Read one feed's contract. Raises KeyError naming the known feeds when there is none."""
    path = HERE / f"{feed}.odcs.yaml"
    if feed not in (*feeds(), *NOT_FEEDS):
        raise KeyError(f"there is no contract for {feed!r}; the feeds are {', '.join(feeds())}")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return parse(document)


def parse(document: Mapping[str, Any]) -> Contract:
    """Turn a parsed ODCS document into a contract."""
    table, agreed = document["schema"][0], document.get("slaProperties", ())
    settings = _settings(table)
    properties = table["properties"]
    quality = [item for holder in (*properties, table) for item in holder.get("quality", ())]
    keyed = sorted((p for p in properties if p.get("primaryKey")), key=lambda p: p["primaryKeyPosition"])
    return Contract(
        feed=table["name"],
        version=document["version"],
        title=document["name"],
        description=document["description"]["purpose"],
        columns=tuple(
            Column(p["name"], DTYPES[p["physicalType"]], p.get("required", False), p["description"])
            for p in properties
        ),
        key=tuple(p["name"] for p in keyed),
        period_columns=tuple(settings.get("periodColumns", ())),
        grain=settings["grain"],
        max_quarantine_share=settings["maxQuarantineShare"],
        latency_days=next((one["value"] for one in agreed if one["property"] == "latency"), None),
        volumes=Volumes(
            months=settings.get("volumeMonths", 12),
            at_least_months=settings.get("volumeAtLeastMonths", 3),
            ignore_differences_under_rows=settings.get("volumeIgnoreDifferencesUnderRows", 100),
        ),
        rules=tuple(_rule(item) for item in quality),
    )


def _settings(holder: Mapping[str, Any]) -> dict[str, Any]:
    return {item["property"]: item["value"] for item in holder.get("customProperties", ())}


def _rule(item: Mapping[str, Any]) -> Rule:
    settings = _settings(item)
    implementation = item["implementation"]
    kwargs: dict[str, Any] = implementation["kwargs"]
    expectation: str = implementation["type"]
    per_row = ("_values_" in expectation and "proportion" not in expectation) or "compound" in expectation
    columns = [kwargs[name] for name in ("column", "column_A", "column_B") if name in kwargs]
    columns += kwargs.get("column_list", ())
    columns += [kwargs["row_condition"]["column"]["name"]] if "row_condition" in kwargs else []
    return Rule(
        name=item["name"],
        expectation=expectation,
        kwargs=kwargs,
        severity=item["severity"],
        reason=item["description"],
        columns=tuple(columns),
        judged_on=settings.get("judgedOn", "rows" if per_row else "file"),
        keep_first_exact_repeat=settings.get("keepFirstExactRepeat", False),
    )
