"""Keeping annotations and recalculations, and reading signals again where limits start afresh."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from metrics.indicators import all_indicators
from metrics.series_signals import SCOPE
from pipeline import refresh
from pipeline.export import month
from pipeline.refresh import DONE
from warehouse import derived, mergers, notes, observations, runs, signals
from warehouse.home import Home
from warehouse.series import KEYS

Scope = Mapping[str, str | None]
PROPOSED = ("indicator", "basis", "level", "organisation", "period", "reason", "command")


@dataclass(frozen=True, slots=True)
class Noted:
    """A note's number, and how many series it is about."""

    number: int
    series: int


def scope(*parts: str | None) -> Scope:
    """Basis, level, organisation, breakdown and category as a note keeps them; None is every one."""
    return {name: None if part is None else str(part) for name, part in zip(SCOPE, parts, strict=True)}


def annotate(home: Home, indicator: str, start: str, reason: str, author: str, about: Scope) -> Noted:
    """Keep a remark beside a month. Raises ValueError with a sentence."""
    period, series = _checked(home, indicator, start, about)
    return Noted(notes.add(home, notes.ANNOTATION, indicator, period, reason, author, about), series)


def recalculate(
    home: Home,
    indicator: str,
    start: str,
    reason: str,
    author: str,
    about: Scope,
    end: str | None = None,
) -> Noted:
    """Keep a recalculation, or with an `end` a fixed baseline, and read the indicator's signals again.

    Raises ValueError with a sentence.
    """
    period, series = _checked(home, indicator, start, about)
    until = month(end, "--to")
    if until is not None and until <= period:
        raise ValueError(f"--to {end} is not after --from {start}: a baseline is two months or more")
    with home.writing():
        number = notes.add(home, notes.RECALCULATION, indicator, period, reason, author, about, until)
        read_again(home, indicator)
    return Noted(number, series)


def withdraw(home: Home, number: int, author: str) -> int:
    """Take a note back; gives how many series were read again. Raises ValueError with a sentence."""
    with home.writing():
        kinds = notes.read(home).filter(pl.col("id") == number)["kind"].to_list()
        indicator = notes.withdraw(home, number, author)
        return read_again(home, indicator) if kinds == [notes.RECALCULATION] else 0


def read_again(home: Home, indicator: str) -> int:
    """Read an indicator's signals off the observations that rest here; gives how many series."""
    known = all_indicators().get(indicator)
    if known is None:
        return 0
    run_id = runs.start(home, f"notes on {indicator}")
    series = 0
    for basis in ("local", "published"):
        if derived.read(home, indicator, basis) is not None:
            refresh.reread(home, known, basis, refresh.said(home, known, basis), run_id)
            series += signals.read(home, indicator, basis=basis, breakdown=None).height
    runs.finish(home, run_id, DONE, f"{series} series read again")
    return series


def proposals(home: Home) -> pl.DataFrame:
    """What mergers propose and nobody has decided: series, period, reason, the command that decides it."""
    found = mergers.read(home)
    decided = notes.read(home, kind=notes.RECALCULATION)
    rows = []
    for row in found.iter_rows(named=True):
        mine = notes.about(decided.filter(indicator=row["indicator"], period=row["period"]), row)
        if mine.is_empty():
            reason = f"{', '.join(row['parts'])} merged into {row['organisation']}, {row['period']:%B %Y}"
            command = mergers.proposed(row["organisation"], row, reason)
            rows.append({name: row[name] for name in PROPOSED[:5]} | {"reason": reason, "command": command})
    return pl.DataFrame(rows, schema=dict.fromkeys(PROPOSED, pl.String) | {"period": pl.Date})


def _checked(home: Home, indicator: str, start: str, about: Scope) -> tuple[date, int]:
    known = all_indicators()
    if indicator not in known:
        raise ValueError(f"there is no indicator {indicator!r}; there are {', '.join(known)}")
    period = month(start, "--from")
    if period is None:
        raise ValueError("--from is missing: the first month it is about, YYYY-MM")
    chosen = {name: value for name, value in about.items() if value is not None}
    held = observations.read(home, indicator, breakdown=None)
    held = held.filter(*(pl.col(name) == value for name, value in chosen.items()))
    if held.is_empty():
        said = ", ".join(f"{name} {value}" for name, value in chosen.items()) or "any organisation"
        raise ValueError(f"{indicator} has no figures for {said}")
    return period, held.select(KEYS).n_unique()
