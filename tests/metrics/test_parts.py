"""A whole and its parts: the check figures, and events where nobody is at risk."""

from datetime import date

import polars as pl
import pytest

from metrics.indicators import all_indicators
from metrics.parts import PARTED, parts

NOW, THEN = date(2026, 6, 1), date(2025, 6, 1)
ORGANISATIONS = pl.DataFrame(
    [
        ("N1", "neighbourhood", "P"),
        ("N2", "neighbourhood", "P"),
        ("N3", "neighbourhood", "Q"),
        ("P", "place", "S"),
        ("Q", "place", "S"),
        ("S", "system", "R"),
        ("R", "region", "E92000001"),
        ("T1", "provider", "S"),
    ],
    schema=["code", "level", "parent"],
    orient="row",
).with_columns(
    name=pl.col("code"),
    valid_from=date(2020, 4, 1),
    valid_to=pl.lit(None, pl.Date),
    successor=pl.lit(None, pl.String),
)


def counts(rows: list[tuple[date, str, str | None, int | None, int | None]]) -> pl.DataFrame:
    columns = ["period", "neighbourhood_code", "provider_code", "numerator", "denominator"]
    dtypes = [pl.Date, pl.String, pl.String, pl.Int64, pl.Int64]
    return pl.DataFrame(rows, schema=dict(zip(columns, dtypes, strict=True)), orient="row").with_columns(
        breakdown=pl.lit("all"), category=pl.lit("all"), ambulance_service_code=pl.lit(None, pl.String)
    )


def cut(indicator, rows, level, code, by, target, before=None, baseline=()):
    return parts(
        all_indicators()[indicator], counts(rows), ORGANISATIONS, level, code, by, NOW,
        target=target, before=before, baseline=baseline,
    )  # fmt: skip


def test_the_check_figures_of_the_definitions():
    rows = [(NOW, "N1", "T1", 4800, 6000), (NOW, "N2", "T1", 2800, 4000), (NOW, "N3", "T1", 9, 9)]
    got = cut("four_hour_ed", rows, "place", "P", ["neighbourhood"], 0.82)
    assert got.columns == ["neighbourhood", *PARTED]
    assert got["neighbourhood"].to_list() == ["N1", "N2"]
    assert got["contribution"].to_list() == pytest.approx([-0.012, -0.048], abs=1e-12)
    assert got["contribution"].sum() == pytest.approx(-0.06, abs=1e-12)
    assert got["mix"].null_count() == 2


def test_without_a_target_there_is_no_gap_and_the_change_is_still_split():
    rows = [(NOW, "N1", "T1", 8, 10), (THEN, "N1", "T1", 6, 10), (THEN, "N2", "T1", 5, 10)]
    got = cut("four_hour_ed", rows, "place", "P", ["neighbourhood"], None, THEN)
    assert got["contribution"].null_count() == 2
    assert (got["mix"] + got["rate"]).sum() == pytest.approx(8 / 10 - 11 / 20, abs=1e-12)


def test_events_where_nobody_is_at_risk_are_not_lost():
    rows = [
        (NOW, "N1", "T1", 30, None), (NOW, "N1", None, None, 1000), (NOW, "N2", "T1", 5, None),
        (THEN, "N1", "T1", 20, None), (THEN, "N1", None, None, 800),
        (THEN, "N2", "T1", 4, None), (THEN, "N2", None, None, 100),
    ]  # fmt: skip
    got = cut("cohort_admissions", rows, "place", "P", ["neighbourhood"], 25.0, THEN)
    assert got["contribution"].sum() == pytest.approx(35.0 - 25.0, abs=1e-12)
    assert (got["mix"] + got["rate"]).sum() == pytest.approx(35 - 1000 * 24 / 900, abs=1e-12)
    assert (got["size"] + got["activity"]).to_list() == pytest.approx([10, 1])


def test_providers_of_a_rate_are_held_to_their_part_of_the_baseline():
    rows = [
        (NOW, "N1", "T1", 30, None), (NOW, "N2", "T2", 5, None), (NOW, "N1", None, None, 1000),
        (THEN, "N1", "T1", 30, None), (THEN, "N1", "T2", 10, None), (THEN, "N1", None, None, 1000),
    ]  # fmt: skip
    got = cut("cohort_admissions", rows, "place", "P", ["provider"], 36.0, THEN, [THEN])
    assert got["provider"].to_list() == ["T1", "T2"]
    assert got["contribution_events"].to_list() == pytest.approx([3, -4])
    assert got["contribution"].sum() == pytest.approx(35 - 36, abs=1e-12)
    assert got["change_events"].to_list() == [0, -5]
    assert got["denominator"].null_count() == got["size"].null_count() == 2
