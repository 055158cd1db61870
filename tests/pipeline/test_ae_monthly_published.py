"""Every real monthly A&E file against an oracle that knows only the csv module."""

import csv
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from pipeline.delimited import read_text
from pipeline.reading import examine
from pipeline.sources import ae_monthly
from pipeline.sources.ae_monthly.layout import NOT_REPORTING

pytestmark = pytest.mark.published


def files(published: Path) -> list[Path]:
    return sorted(published.glob("ae_monthly*/*.csv"))


def oracle(path: Path) -> dict[str, tuple[int, int, dict[str, int]]]:
    """Provider -> attendances, over four hours, and every other column by its published name."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        found = {}
        for row in csv.DictReader(stream):
            code = (row["Org Code"] or "").strip()
            if not code or code.lower() == "total" or row["Org name"].strip().lower() == "total":
                continue
            attended = sum(int(v) for k, v in row.items() if "A&E attendances" in k)
            over = sum(int(v) for k, v in row.items() if "ttendances over 4hrs" in k)
            rest = {k: int(v) for k, v in row.items() if "DTA" in k or "mergency admissions" in k}
            found[code] = (attended, over, rest)
    return found


def month(path: Path) -> str:
    return path.name[:7]


def test_every_provider_and_month_equals_the_published_figures(published: Path):
    seen = 0
    for path in files(published):
        said = ae_monthly.read(read_text(examine(path)))
        assert [f"{period:%Y-%m}" for period in said.periods] == [month(path)]
        sums = said.frame.group_by("org_code").agg(
            pl.col("attendances").sum(),
            pl.col("over_four_hours").sum(),
            silent=pl.col("over_four_hours").is_null().any(),
        )
        ours = {code: (attended, over, silent) for code, attended, over, silent in sums.iter_rows()}
        theirs = oracle(path)
        assert ours.keys() == theirs.keys(), path.name
        for code, (attended, over, _) in theirs.items():
            assert ours[code][:2] == (attended, over), (path.name, code)
            first_last = NOT_REPORTING.get(code)
            in_test = (
                first_last and first_last[0].isoformat()[:7] <= month(path) <= first_last[1].isoformat()[:7]
            )
            assert ours[code][2] == bool(in_test and attended), (path.name, code)
        seen += 1
    assert seen >= 57


def test_admissions_and_waits_equal_the_published_columns(published: Path):
    for path in files(published):
        admissions = ae_monthly.read(read_text(examine(path))).companions["ae_monthly_admissions"]
        ours = dict(admissions.group_by("org_code").agg(pl.col("patients").sum()).iter_rows())
        assert ours == {code: sum(rest.values()) for code, (_, _, rest) in oracle(path).items()}


def test_published_totals_hold_wherever_there_is_a_total(published: Path):
    rules = {
        path.name: {n.rule for n in ae_monthly.read(read_text(examine(path))).notices}
        for path in files(published)
    }
    without = {name for name, found in rules.items() if "no_total_row" in found}
    assert without == {name for name in rules if "__reserialised_from_" in name}
    assert not any("region_unknown" in found or "doubtful_zero" in found for found in rules.values())


def test_june_2025_england_as_first_published_and_as_revised(published: Path):
    def england(name: str, *booked: bool) -> tuple[int, float]:
        frame = ae_monthly.read(read_text(examine(next(published.glob(name))))).frame
        frame = frame.filter(pl.col("booked").is_in(booked))
        seen = frame["attendances"].sum()
        return seen, round(100 * (1 - frame["over_four_hours"].sum() / seen), 4)

    first, revised = "ae_monthly_earlier_issues/2025-06*.csv", "ae_monthly/2025-06*.csv"
    assert england(first, False, True) == (2_350_478, 75.5450)
    assert england(first, False)[1] == 75.0015
    assert england(revised, False, True) == (2_351_581, 75.5565)


def test_the_seven_regions_stand_in_every_file_since_2020(published: Path):
    for path in files(published):
        frame = ae_monthly.read(read_text(examine(path))).frame
        codes = set(frame["region_code"])
        assert codes - {None} == {"Y56", "Y58", "Y59", "Y60", "Y61", "Y62", "Y63"}
        assert (None in codes) == (month(path) < "2019-04")


def test_months_named_in_any_case_are_months(published: Path):
    for path in files(published):
        period = ae_monthly.read(read_text(examine(path))).periods[0]
        assert period == datetime.strptime(month(path), "%Y-%m").date()
