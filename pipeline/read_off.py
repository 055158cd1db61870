"""What is read off observations, and what people said that bears on it: paths, standings, signals."""

import hashlib
import json
from dataclasses import dataclass

import polars as pl

from metrics import k_of_n, series_signals, trajectory
from metrics.baseline import SERIES
from metrics.counting import REACH
from metrics.indicator import Indicator
from metrics.provider_systems import PLACED
from metrics.spc_profiles import MDC
from metrics.succession import SCHEMA as SUCCESSIONS
from pipeline.release import code_version
from warehouse import derived, notes, plans, signals, standings
from warehouse.home import Home

POINT = [*SERIES, "period"]
MEASURES = ["numerator", "denominator", "value", "status", *REACH]
EDITION = 1
"""Raised when the arithmetic below changes, so that the next refresh reads everything off again."""


@dataclass(frozen=True, slots=True)
class Said:
    """What people said of an indicator: its organisations' plans, and where limits start afresh.

    And, of published figures, which organisation took over from which (`metrics.succession.SCHEMA`), and who
    is under whom where systems are sums of providers (`metrics.provider_systems.PLACED`).
    """

    plan: pl.DataFrame
    recalculations: pl.DataFrame
    successions: pl.DataFrame
    placed: pl.DataFrame
    fingerprint: str


def said(
    home: Home,
    indicator: Indicator,
    successions: pl.DataFrame | None = None,
    placed: pl.DataFrame | None = None,
) -> Said:
    """The plans and recalculations in force, and a fingerprint of all that standings and signals rest on."""
    followed = pl.DataFrame(schema=SUCCESSIONS) if successions is None else successions
    boards = pl.DataFrame(schema=PLACED) if placed is None else placed
    plan = plans.read(home, indicator.id).select("level", "organisation", "period", "value")
    again = notes.read(home, indicator.id, notes.RECALCULATION).sort("id")
    again = again.select(*series_signals.SCOPE, "period", "until")
    parts = [
        EDITION,
        code_version(),
        indicator.version,
        indicator.better,
        repr(indicator.targets),
        MDC.name,
        MDC.version,
    ]
    parts += [frame.rows() for frame in (followed, boards) if frame.height]
    written = json.dumps([*parts, plan.rows(), again.rows()], default=str)
    return Said(plan, again, followed, boards, hashlib.sha256(written.encode()).hexdigest())


def aimed(indicator: Indicator, whole: pl.DataFrame, plan: pl.DataFrame | None = None) -> pl.DataFrame:
    """Observations of whole series with the target in force and the path in each month.

    Whole series, because a corrected baseline month moves the target of every later month.
    """
    lines = trajectory.targets_for(indicator, whole, plan=plan)
    return whole.join(lines, on=POINT, how="left", nulls_equal=True)


def judged(indicator: Indicator, whole: pl.DataFrame, plan: pl.DataFrame | None = None) -> pl.DataFrame:
    """Where each series stands, the rule over categories included: `metrics.trajectory.standing`."""
    return k_of_n.held_to_rule(indicator, trajectory.standing(indicator, whole, plan=plan))


def settle(
    home: Home, indicator: Indicator, basis: str, whole: pl.DataFrame, about: Said, run_id: int
) -> None:
    """Write the standings and signals of an indicator's series; `whole` is what `aimed` gives."""
    pointed = series_signals.pointwise(whole, indicator, about.recalculations)
    with home.writing():
        standings.write(home, judged(indicator, whole, about.plan), run_id)
        signals.write(home, series_signals.summed(pointed, indicator), indicator.id, basis, run_id)
        derived.write(home, indicator.id, basis, about.fingerprint)
