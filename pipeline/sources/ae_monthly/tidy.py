"""One row a provider -> tidy rows: attendances, admissions, and the organisations the file names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from pipeline.sources import regions
from pipeline.sources.ae_monthly.layout import NOT_REPORTING, Measure
from pipeline.sources.published import Notice

# A major department with this many patients and not one over four hours is not believed without a word.
_DOUBTFUL_FROM = 1000


def with_regions(providers: pl.DataFrame) -> tuple[pl.DataFrame, list[Notice]]:
    """Adds region_code and region_name (today's), null where the published parent does not tell."""
    parents = sorted(providers["parent"].unique())
    codes = {parent: regions.region_code(parent) for parent in parents}
    named = providers.with_columns(
        region_code=pl.col("parent").replace_strict(codes, return_dtype=pl.String)
    ).with_columns(
        region_name=pl.col("region_code").replace_strict(
            regions.REGIONS, default=None, return_dtype=pl.String
        )
    )
    notices = []
    for parent in (parent for parent in parents if codes[parent] is None):
        known = regions.is_known(parent)
        meaning = "lies in more than one of today's regions" if known else "is not a region known here"
        rows = named.filter(pl.col("parent") == parent).height
        notices.append(
            Notice(
                rule="region_ambiguous" if known else "region_unknown",
                reason=f"'{parent}' {meaning}: {rows} provider(s) count as unattributed at region level.",
                rows=rows,
                column="Parent Org",
                severity="info" if known else "warning",
            )
        )
    return named, notices


def attendances(
    named: pl.DataFrame, measures: Sequence[Measure], period: date
) -> tuple[pl.DataFrame, list[Notice]]:
    """The feed's frame; over_four_hours null where it was not reported, attendances never null."""
    at = {measure: f"m{place}" for place, measure in enumerate(measures)}
    seen = [measure for measure in measures if measure.counts == "attendances"]
    over = {m: at[Measure("over_four_hours", m.department_type, m.booked)] for m in seen}
    declared = [code for code, (first, last) in NOT_REPORTING.items() if first <= period <= last]
    # A listed trust with even one wait over four hours did report that month: then its zeros are zeros.
    none_over = (pl.sum_horizontal(over.values()) == 0) & (pl.sum_horizontal(at[m] for m in seen) > 0)
    silent = none_over & pl.col("org_code").is_in(declared)
    cells = [
        named.select(
            "org_code",
            "org_name",
            "region_code",
            "region_name",
            period=pl.lit(period),
            department_type=pl.lit(m.department_type),
            booked=pl.lit(m.booked),
            attendances=at[m],
            over_four_hours=pl.when(~silent | (pl.col(at[m]) == 0)).then(over[m]),
        )
        for m in seen
    ]
    frame = pl.concat(cells).sort("org_code", "department_type", "booked")
    frame = frame.select("period", pl.exclude("period"))
    major = Measure("attendances", "01", False)
    busy = (pl.col(at[major]) >= _DOUBTFUL_FROM) & (pl.col(over[major]) == 0)
    doubtful = named.filter(none_over & ~silent & busy)
    notices = [
        *_notice_of(
            named.filter(silent),
            Notice("not_reported", "took part in the field test: their zeros mean not reported", 0),
        ),
        *_notice_of(
            doubtful,
            Notice(
                "doubtful_zero", "had a full major department and nobody over four hours", 0, None, "warning"
            ),
        ),
        *_notice_of(
            frame.filter(pl.col("attendances").is_null()),
            Notice(
                "attendances_not_published", "have attendances that are not published", 0, None, "warning"
            ),
        ),
    ]
    return frame.filter(pl.col("attendances").is_not_null()), notices


def _notice_of(rows: pl.DataFrame, notice: Notice) -> list[Notice]:
    """The notice with its providers named, or none where there are none."""
    codes = sorted(rows["org_code"].unique())
    if not codes:
        return []
    reason = f"{', '.join(codes)} {notice.reason}."
    column = "attendances" if notice.rule == "attendances_not_published" else "over_four_hours"
    return [Notice(notice.rule, reason, rows.height, column, notice.severity)]


def admissions(named: pl.DataFrame, measures: Sequence[Measure], period: date) -> pl.DataFrame:
    """period, org_code, measure, department_type (null where not split), patients; only what is published."""
    cells = [
        named.select(
            "org_code",
            period=pl.lit(period),
            measure=pl.lit(measure.counts),
            department_type=pl.lit(measure.department_type, dtype=pl.String),
            patients=f"m{place}",
        )
        for place, measure in enumerate(measures)
        if measure.counts not in {"attendances", "over_four_hours"}
    ]
    tidy = pl.concat(cells).filter(pl.col("patients").is_not_null())
    return tidy.select("period", pl.exclude("period")).sort("org_code", "measure", "department_type")


def organisations(held: pl.DataFrame) -> pl.DataFrame:
    """England, its regions and every provider ever published, each by its newest name and region.

    A provider without a known region stands directly under England. `valid_from` is the first month held;
    nothing published here says when a provider closed, or what became of it.
    """
    first = held["period"].min()
    providers = (
        held.sort("period")
        .group_by("org_code")
        .agg(pl.col("org_name", "region_code").last(), valid_from=pl.col("period").first())
        .select(
            code="org_code",
            level=pl.lit("provider"),
            name="org_name",
            parent=pl.col("region_code").fill_null(regions.ENGLAND),
            valid_from="valid_from",
        )
    )
    codes = [regions.ENGLAND, *regions.REGIONS]
    above = pl.DataFrame(
        {
            "code": codes,
            "level": ["england", *(["region"] * len(regions.REGIONS))],
            "name": ["England", *regions.REGIONS.values()],
            "parent": [None, *([regions.ENGLAND] * len(regions.REGIONS))],
            "valid_from": [first] * len(codes),
        }
    )
    return pl.concat([above, providers.sort("code")]).with_columns(
        valid_to=pl.lit(None, dtype=pl.Date), successor=pl.lit(None, dtype=pl.String)
    )
