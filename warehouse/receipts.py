"""The receipt of a figure: everything it was made from, walked back to the files."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, and_, desc, or_, select

from metrics.geography import FEEDS as GEOGRAPHY
from metrics.indicator import Indicator
from metrics.observations import ENGLAND, POPULATION_LEVELS
from metrics.wholes import wholes
from warehouse import definitions, frames, observations, organisations, series, submissions
from warehouse.fetched_table import fetched
from warehouse.home import Home
from warehouse.moments import as_known_at
from warehouse.tables import observation, run, submission, submission_period

ISSUES: frames.Schema = {
    "known_from": frames.MOMENT,
    "known_to": frames.MOMENT,
    **observations.MEASURES,
    "run_id": pl.Int64,
    "run": pl.String,
    "run_finished_at": frames.MOMENT,
    "run_detail": pl.String,
}
"""Columns of the issues of one figure: when each was known, what it said, and the run that wrote it."""

FILES: frames.Schema = {**submissions.COLUMNS, "period": pl.Date, "fetched_from": pl.String}
"""Columns of the files behind a figure: the submission's, the month it was needed for, and the address that
the same content was last fetched from (null: by hand)."""

PARTS: frames.Schema = {
    "level": pl.String,
    "organisation": pl.String,
    "organisation_name": pl.String,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "value": pl.Float64,
    "status": pl.String,
}
"""Columns of the organisations directly beneath, with their own figures of the month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Which figure: an observation's own keys, as known on a day (None: now)."""

    indicator: str
    level: str
    organisation: str
    period: date
    basis: str
    breakdown: str = "all"
    category: str = "all"
    as_known_on: date | datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a figure was made from.

    `figure` is its row of ISSUES; `issues` are all of them, oldest first. `definition` is the definition it
    was counted with (`warehouse.definitions.COLUMNS`). `files` are the newest accepted files of the month and
    of each reference table known then, in FILES; `findings` what the gate found in them. `parts` are the
    organisations directly beneath it, in PARTS, which the figure sums where it is counted from records.
    """

    point: Point
    organisation_name: str
    figure: dict[str, Any]
    issues: pl.DataFrame
    definition: dict[str, Any]
    files: pl.DataFrame
    findings: pl.DataFrame
    parts: pl.DataFrame


def read(home: Home, indicator: Indicator, point: Point) -> Receipt | None:
    """The receipt of one figure; None where there is no such figure, or was none on that day."""
    issues, version, name = _issues(home, point)
    known = issues.filter(_known(point.as_known_on))
    if known.is_empty():
        return None
    figure = known.row(-1, named=True)
    files = _files(home, indicator, point, figure)
    return Receipt(
        point=point,
        organisation_name=name,
        figure=figure,
        issues=issues,
        definition=_definition(home, indicator.id, version),
        files=files,
        findings=_findings(home, files),
        parts=_parts(home, point),
    )


def _issues(home: Home, point: Point) -> tuple[pl.DataFrame, str, str]:
    """Every issue of the figure in ISSUES, with the newest definition's version and organisation's name."""
    choice = series.chosen(
        indicator=point.indicator,
        basis=point.basis,
        levels=[point.level],
        organisations=[point.organisation],
        breakdown=point.breakdown,
        category=point.category,
    )
    with home.reading() as connection:
        lines = frames.fetch(connection, series.named(choice), series.NAMED)
        lines = lines.sort("series_id")
        wanted = (
            select(
                *(observation.c[name] for name in ("series_id", "known_from", "known_to")),
                *(observation.c[name] for name in observations.MEASURES),
                observation.c.run_id,
                run.c.command,
                run.c.finished_at,
                run.c.detail,
            )
            .join(run, run.c.id == observation.c.run_id)
            .where(
                observation.c.series_id.in_(lines["series_id"].to_list()),
                observation.c.period == point.period,
            )
        )
        found = frames.fetch(connection, wanted, {"series_id": pl.Int64, **ISSUES}).sort("known_from")
    if found.is_empty():
        return found.drop("series_id"), "", point.organisation
    of = lines.filter(pl.col("series_id") == found["series_id"][-1]).row(0, named=True)
    return found.drop("series_id"), of["definition_version"], of["organisation_name"] or point.organisation


def _known(on: date | datetime | None) -> pl.Expr:
    if on is None:
        return pl.col("known_to").is_null()
    moment = as_known_at(on)
    return (pl.col("known_from") <= moment) & (pl.col("known_to").is_null() | (pl.col("known_to") > moment))


def _definition(home: Home, indicator: str, version: str) -> dict[str, Any]:
    held = definitions.read(home, past=True).filter(
        pl.col("indicator") == indicator, pl.col("version") == version
    )
    return held.row(0, named=True) if held.height else {}


def _files(home: Home, indicator: Indicator, point: Point, figure: dict[str, Any]) -> pl.DataFrame:
    """The newest accepted file of each feed, for the month or of the reference table, in FILES."""
    feeds = (*indicator.all_feeds, *GEOGRAPHY) if point.basis == "local" else indicator.published_feeds
    until = _until(point, figure)
    # Records of later months reach back to a month that they were still running in.
    months = (
        submission_period.c.period >= point.period
        if indicator.reaches_back and point.basis == "local"
        else submission_period.c.period == point.period
    )
    address = (
        select(fetched.c.address)
        .where(fetched.c.sha256 == submission.c.sha256)
        .order_by(desc(fetched.c.seen_at), desc(fetched.c.id))
        .limit(1)
        .scalar_subquery()
    )
    wanted = (
        select(*(submission.c[name] for name in submissions.COLUMNS), submission_period.c.period, address)
        .outerjoin(submission_period, submission_period.c.submission_id == submission.c.id)
        .where(
            submission.c.feed.in_(feeds),
            submission.c.outcome != submissions.REFUSED,
            *until,
            or_(submission_period.c.period.is_(None), months),
        )
    )
    with home.reading() as connection:
        found = frames.fetch(connection, wanted, FILES)
    newest = found.sort("received_at", "id").unique(["feed", "period"], keep="last", maintain_order=True)
    return newest.sort("feed", "period", nulls_last=True)


def _until(point: Point, figure: dict[str, Any]) -> Collection[ColumnElement[bool]]:
    """Files that came after the figure was last worked out are not behind it."""
    ends = [] if point.as_known_on is None else [submission.c.received_at <= as_known_at(point.as_known_on)]
    if figure["known_to"] is not None:
        ends.append(submission.c.received_at <= figure["known_to"])
    return [and_(*ends)] if ends else []


def _findings(home: Home, files: pl.DataFrame) -> pl.DataFrame:
    found = [submissions.findings(home, number) for number in sorted(set(files["id"]))]
    return pl.concat(found) if found else pl.DataFrame(schema=submissions.FINDINGS)


def _parts(home: Home, point: Point) -> pl.DataFrame:
    """The figures of the nearest level beneath that has any, in PARTS."""
    levels = _beneath(point)
    if not levels:
        return pl.DataFrame(schema=PARTS)
    held = observations.read(
        home,
        point.indicator,
        levels=levels,
        start=point.period,
        end=point.period,
        breakdown=point.breakdown,
        basis=point.basis,
        as_known_on=point.as_known_on,
    ).filter(pl.col("category") == point.category)
    if held.is_empty():
        return pl.DataFrame(schema=PARTS)
    whole = pl.DataFrame({"level": [point.level], "organisation": [point.organisation]})
    links = wholes(
        organisations.read(home, point.basis).drop("source"),
        pl.concat([held.select("level", "organisation"), whole]),
        point.basis,
    ).filter(pl.col("whole_level") == point.level, pl.col("whole_organisation") == point.organisation)
    mine = held.join(links, on=["level", "organisation"], how="semi").select(list(PARTS))
    nearest = next((level for level in levels if level in set(mine["level"])), None)
    return mine.filter(pl.col("level") == nearest).sort("organisation")


def _beneath(point: Point) -> Sequence[str]:
    """Levels whose organisations the figure could be made of, the nearest first."""
    if point.level not in POPULATION_LEVELS:
        return ()
    ladder = POPULATION_LEVELS[: POPULATION_LEVELS.index(point.level)][::-1]
    care = ("provider",) if point.basis == "published" or point.organisation == ENGLAND else ()
    return (*ladder, *care)


def plain(receipt: Receipt) -> dict[str, Any]:
    """The receipt as JSON can hold it: moments and months as ISO text, tables as lists of objects."""
    at = receipt.point
    return {
        "indicator": at.indicator,
        "definition_version": receipt.definition.get("version", ""),
        "definition_title": receipt.definition.get("title", ""),
        "definition_status": receipt.definition.get("definition_status", ""),
        "basis": at.basis,
        "level": at.level,
        "organisation": at.organisation,
        "organisation_name": receipt.organisation_name,
        "period": at.period.isoformat(),
        "breakdown": at.breakdown,
        "category": at.category,
        "as_known_on": at.as_known_on.isoformat() if at.as_known_on else None,
        **_row(receipt.figure),
        "issues": [_row(one) for one in receipt.issues.iter_rows(named=True)],
        "files": [_row(one) for one in receipt.files.iter_rows(named=True)],
        "findings": [_row(one) for one in receipt.findings.iter_rows(named=True)],
        "parts": [_row(one) for one in receipt.parts.iter_rows(named=True)],
    }


def _row(values: dict[str, Any]) -> dict[str, Any]:
    return {name: one.isoformat() if isinstance(one, date) else one for name, one in values.items()}
