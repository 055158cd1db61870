"""Systems of the real A&E files against what the workbooks publish by system, and against England."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import python_calamine

from pipeline.load import load_files
from pipeline.observe_published import PublishedObserver
from warehouse import observations
from warehouse.home import Home

pytestmark = pytest.mark.published
JUNE, SEPTEMBER = date(2025, 6, 1), date(2024, 9, 1)
BOOKS = {
    JUNE: "June-2025-AE-by-provider-CkkTE-revised.xls",
    SEPTEMBER: "September-2024-AE-by-provider-t42ve.xls",
}
OTHERS = ("2018-04__*", "2019-06__*", "2021-03__*", "2024-12__*", "2025-05__*")
MERGERS = "ODS Change Summary ICB Mergers Phase 1 Apr 2026.xlsx"
NEWEST = "derived_system_mapping_from_AE_2026-05_xls.csv"
SUCCESSIONS = "lookup_trust_trust.csv"
CELL = ("period", "breakdown", "category")


def load(home: Home, *paths: Path) -> None:
    observer = PublishedObserver(home)
    reports = load_files(home, paths, after_published=observer)
    observer.settle()
    assert [report.reasons for report in reports if report.outcome == "refused"] == []


def attendances(published: Path) -> list[Path]:
    files = [next(iter(sorted((published / "ae_monthly").glob(name)))) for name in OTHERS]
    return [*files, *(published / "ae_workbooks" / book for book in BOOKS.values())]


def lists(published: Path) -> list[Path]:
    reference = published.parent / "reference"
    ods = [reference / "ods" / name for name in (MERGERS, NEWEST, "System-Mapping.csv")]
    return [*ods, reference / "geography" / SUCCESSIONS]


@pytest.fixture(scope="module")
def home(published: Path, tmp_path_factory) -> Home:
    """The figures first, the lists afterwards."""
    home = Home.open(tmp_path_factory.mktemp("systems"))
    load(home, *attendances(published))
    load(home, *lists(published))
    return home


def held(home: Home, footprint: str, level: str = "system", breakdown: str | None = "all") -> pl.DataFrame:
    return observations.read(
        home, "four_hour_ed", levels=[level], basis="published", footprint=footprint, breakdown=breakdown
    )


def told(book: Path) -> dict[str, tuple[float, float]]:
    """System -> attendances within four hours and all of them, as the sheet of systems says."""
    sheet = python_calamine.CalamineWorkbook.from_path(str(book)).get_sheet_by_name("System Level Data")
    rows = sheet.to_python()
    header = rows.index(next(row for row in rows if row[:2] == ["Code", "System"]))
    seen, within = rows[header].index("Total attendances"), rows[header].index("Total Attendances < 4 hours")
    return {str(row[0]): (row[within], row[seen]) for row in rows[header + 1 :] if row[0] not in ("", "-")}


@pytest.mark.parametrize("month", BOOKS)
def test_as_it_was_every_system_is_as_published(home: Home, published: Path, month: date):
    ours = held(home, "as_was").filter(period=month)
    found = {code: (n, d) for code, n, d in ours.select("organisation", "numerator", "denominator").rows()}
    said = told(published / "ae_workbooks" / BOOKS[month])
    assert len(said) == 42
    assert found == said


@pytest.mark.parametrize("footprint", ["today", "as_was"])
def test_systems_and_the_unattributed_add_up_to_england(home: Home, footprint: str):
    sums = held(home, footprint, breakdown=None).group_by(CELL).agg(pl.col("numerator", "denominator").sum())
    england = held(home, footprint, "england", breakdown=None)
    both = england.join(sums, on=CELL, how="full", suffix="_systems")
    assert both.height == england.height == sums.height > 7 * len(OTHERS) - 7
    exact = ~((pl.col("breakdown") == "footprint") & (pl.col("category") == "acute"))
    for name in ("numerator", "denominator"):
        away = (pl.col(name) - pl.col(f"{name}_systems")).abs()
        assert both.filter(exact)[name].to_list() == both.filter(exact)[f"{name}_systems"].to_list()
        assert both.select(away.max()).item() < 1e-6  # fractions of units


def test_today_there_are_thirty_six_and_only_the_unplaced_beside_them(home: Home):
    today, was = held(home, "today"), held(home, "as_was")
    assert (today["organisation"].n_unique(), was["organisation"].n_unique()) == (37, 43)
    assert "unattributed" in set(today["organisation"]) & set(was["organisation"])
    assert {"S1Y5D", "D7T5G", "T6Y0W", "Z9B2Z", "S0E4D", "S9B9J"} < set(today["organisation"])
    names = dict(today.select("organisation", "organisation_name").iter_rows())
    assert names["D7T5G"] == "NHS Essex Integrated Care Board"
    unplaced = today.filter(organisation="unattributed")["denominator"].sum()
    assert unplaced < 0.01 * today["denominator"].sum()


def test_who_did_not_report_is_left_out_and_the_coverage_says_so(home: Home):
    june = held(home, "as_was").filter(period=date(2019, 6, 1))
    silent = june.filter(pl.col("reporting") < pl.col("expected"))
    england = held(home, "as_was", "england").filter(period=date(2019, 6, 1))
    assert silent.height > 0
    for name in ("reporting", "expected"):
        assert june[name].sum() == england[name].sum()
    few = silent.filter(pl.col("reporting") < 0.8 * pl.col("expected"))
    assert set(few["status"]) == {"insufficient_data"}


def test_the_order_of_loading_is_no_matter(home: Home, published: Path, tmp_path: Path):
    other = Home.open(tmp_path)
    load(other, *lists(published))
    load(other, *attendances(published))
    for footprint in ("today", "as_was"):
        mine = held(other, footprint, breakdown=None)
        theirs = held(home, footprint, breakdown=None)
        keys = ["organisation", *CELL]
        assert mine.sort(keys).equals(theirs.sort(keys))
    other.close()


def test_with_no_list_there_are_no_systems(published: Path, tmp_path: Path):
    home = Home.open(tmp_path)
    load(home, attendances(published)[0])
    assert held(home, "today").is_empty()
    assert not held(home, "today", "region").is_empty()
    home.close()
