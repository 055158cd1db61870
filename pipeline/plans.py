"""Taking in organisations' own dated plans: read, held to their contract, stored whole or refused."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from sqlalchemy import select

from data_contracts.contract import load_contract
from data_contracts.gate import GateContext, hold
from metrics.indicators import all_indicators
from pipeline.delimited import read_text
from pipeline.reading import RefusedFile, examine
from warehouse import organisations
from warehouse import plans as plan_store
from warehouse.home import Home
from warehouse.tables import series


@dataclass(frozen=True, slots=True)
class Planned:
    """What a file of plans held."""

    file: str
    months: int
    plans: int
    indicators: tuple[str, ...]


def load(home: Home, path: Path) -> Planned:
    """Store every plan of a CSV file, each in place of the organisation's earlier one for that indicator.

    Columns: indicator, level, organisation, period, value, and set_by or not. Raises RefusedFile with
    sentences that name the row; then nothing is stored.
    """
    examined = examine(path)
    if examined.kind != "text":
        raise RefusedFile(f"{path.name}: this is a Parquet file; plans are read from CSV.")
    table = read_text(examined).named()
    rows, given = table["row"], table.drop("row")
    if "set_by" not in given.columns:
        given = given.with_columns(set_by=pl.lit(None, pl.String))
    today = datetime.now(UTC).date()
    context = GateContext(today, {"indicator": frozenset(all_indicators()), "organisation": _known(home)})
    result = hold(given, load_contract("plans"), context, rows.cast(pl.Int64))
    if result.outcome != "accepted":
        raise RefusedFile(*(f"{path.name}: {reason}." for reason in result.reasons))
    frame = result.accepted.with_columns(pl.col("period").str.slice(0, 7).str.to_date("%Y-%m"))
    _shares(path.name, frame, rows)
    _once(path.name, frame, rows)
    plan_store.write(home, frame, path.name)
    whose = frame.select(plan_store.WHOSE).n_unique()
    return Planned(path.name, frame.height, whose, tuple(frame["indicator"].unique().sort()))


def _known(home: Home) -> frozenset[str]:
    """Codes that figures or organisations have; none at all (nothing is checked) in a new home."""
    with home.reading() as connection:
        counted = {row[0] for row in connection.execute(select(series.c.organisation).distinct())}
    return frozenset(organisations.read(home)["code"]) | (counted - {"unattributed"})


def _shares(file: str, frame: pl.DataFrame, rows: pl.Series) -> None:
    shares = [one.id for one in all_indicators().values() if one.kind == "proportion"]
    wrong = frame.select(pl.col("indicator").is_in(shares) & (pl.col("value") > 1)).to_series()
    if wrong.any():
        at = wrong.arg_max() or 0
        value = frame["value"][at]
        raise RefusedFile(
            f"{file}: row {rows[at]}, column 'value': {value:g} is more than 1; "
            f"{frame['indicator'][at]} is a share: write 78% as 0.78."
        )


def _once(file: str, frame: pl.DataFrame, rows: pl.Series) -> None:
    """A month written once as 2026-04 and once as 2026-04-01 is still there twice."""
    later = frame.select(~pl.struct(*plan_store.WHOSE, "period").is_first_distinct()).to_series()
    if later.any():
        at = later.arg_max() or 0
        raise RefusedFile(f"{file}: row {rows[at]}: {frame['period'][at]:%Y-%m} is there twice for one plan.")
