"""Which month and which issue a name says a file is; a first issue never replaces its revision."""

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from pipeline.issue_names import Issue, issue, month
from pipeline.load import ALREADY_LOADED, EARLIER_ISSUE, load_files
from pipeline.observe_published import PublishedObserver
from warehouse import observations, submissions
from warehouse.home import Home

MADE = Path(__file__).parents[1] / "data" / "ae_monthly" / "2025_no_total_row.csv"
FIRST, REVISED, AGAIN = (
    "Monthly-AE-June-2025-1-1.csv",
    "June-2025-CSV-revised.csv",
    "June-2025-revised-131125-x.csv",
)
ATTENDANCES = {FIRST: 13040, REVISED: 13140, AGAIN: 13240}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Monthly-AE-June-2025-revised.csv", date(2025, 6, 1)),
        ("MSitAE-April-2018.csv", date(2018, 4, 1)),
        ("April-2023-revised-130624-defv1.csv", date(2023, 4, 1)),
        ("Monthly-AE-December-2021-1.csv", date(2021, 12, 1)),
        ("Daily-discharge-sitrep-monthly-data-webfile-12-CSV-mar25.csv", date(2025, 3, 1)),
        ("AmbSYS-for-2022-Apr.csv", date(2022, 4, 1)),
        ("AmbSYS-to-20201031.csv", date(2020, 10, 1)),
        ("AmbSYS August 2017 to December 2024 (csv, 1.1MB) (published on 9 January 2025)", date(2024, 12, 1)),
        ("ambsys_2017-08_to_2025-06.csv", date(2025, 6, 1)),
        ("Sept 2024", date(2024, 9, 1)),
        ("2024-25", None),
        ("A&E attendances 2024-25 Q1", None),
        ("Mayor 2024", None),
        ("webfile-20.csv", None),
        ("", None),
    ],
)
def test_the_month_that_a_name_says(text, meant):
    assert month(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (FIRST, Issue(False, None)),
        (REVISED, Issue(True, None)),
        (AGAIN, Issue(True, date(2025, 11, 13))),
        ("June-2025-revised-999999.csv", Issue(True, None)),
        ("Discharge-Ready-Date-April-2024-Re-issued.csv", Issue(True, None)),
        ("unrevised.csv", Issue(False, None)),
    ],
)
def test_the_issue_that_a_name_says(text, meant):
    assert issue(text) == meant


def test_names_settle_only_what_they_say():
    plain, revised, dated = issue(FIRST), issue(REVISED), issue(AGAIN)
    later = issue("June-2025-revised-140526.csv")
    assert plain.surely_before(revised)
    assert plain.surely_before(dated)
    assert dated.surely_before(later)
    assert not revised.surely_before(dated)
    assert not dated.surely_before(revised)
    assert not plain.surely_before(plain)
    assert not revised.surely_before(plain)


@pytest.fixture
def home(tmp_path):
    opened = Home.open(tmp_path / "home", patience=0.3)
    yield opened
    opened.close()


@pytest.fixture
def sheets(tmp_path) -> dict[str, Path]:
    text = MADE.read_text()
    paths = {}
    for name, attendances in ATTENDANCES.items():
        paths[name] = tmp_path / name
        paths[name].write_text(text.replace(",9500,", f",{attendances - 3540},"))
    return paths


def load(home: Home, *paths: Path, earlier: bool = False) -> list[str]:
    observe = PublishedObserver(home)
    reports = load_files(home, paths, after_published=observe, earlier_issues=earlier)
    observe.settle()
    return [report.outcome for report in reports]


def held(home: Home, known: object = None) -> list[float]:
    found = observations.read(home, indicator="four_hour_ed", levels=["england"], as_known_on=known)
    return found["denominator"].to_list()


@pytest.mark.parametrize("order", list(permutations(ATTENDANCES)))
def test_in_one_command_the_last_issue_wins_in_any_order_and_the_others_are_known_before(home, sheets, order):
    assert load(home, *(sheets[name] for name in order)) == ["accepted"] * 3
    assert held(home) == [13240]
    received = submissions.read(home).sort("received_at")
    assert received["file_name"].to_list() == [FIRST, REVISED, AGAIN]
    assert [held(home, moment) for moment in received["received_at"]] == [[13040], [13140], [13240]]
    assert set(load(home, *(sheets[name] for name in order))) == {ALREADY_LOADED}
    assert held(home) == [13240]


def test_a_first_issue_that_comes_later_is_left_out_and_says_so(home, sheets):
    load(home, sheets[REVISED])
    (report,) = load_files(home, [sheets[FIRST]])
    assert report.outcome == EARLIER_ISSUE
    assert report.reasons == (f"{FIRST}: by its name an earlier issue than {REVISED}, which is held.",)
    assert held(home) == [13140]
    assert submissions.read(home).height == 1


def test_a_first_issue_replaces_its_revision_only_on_purpose(home, sheets):
    load(home, sheets[REVISED])
    assert load(home, sheets[FIRST], earlier=True) == ["accepted"]
    assert held(home) == [13040]


def test_the_real_earlier_issues_never_replace_the_revised(published, home):
    """And of the two copies of April 2023, the second changes nothing."""
    earlier = sorted((published / "ae_monthly_earlier_issues").glob("*.csv"))
    months = tuple(path.name[:7] for path in earlier)
    newer = [path for path in sorted((published / "ae_monthly").glob("*.csv")) if path.name[:7] in months]
    assert len(earlier) == len(newer) == 4
    load(home, *newer, *earlier)
    england = observations.read(home, indicator="four_hour_ed", levels=["england"])
    june = england.filter(period=date(2025, 6, 1)).row(0, named=True)
    assert (june["denominator"], round(100 * june["value"], 4)) == (2_351_581, 75.5565)
    twice = sorted((published / "ae_monthly").glob("2023-04__*.csv"))
    assert len(twice) == 2
    assert load(home, twice[0]) == ["accepted"]
    before = observations.read(home, indicator="four_hour_ed", start=date(2023, 4, 1), end=date(2023, 4, 1))
    assert load(home, twice[1]) == ["accepted"]
    after = observations.read(home, indicator="four_hour_ed", start=date(2023, 4, 1), end=date(2023, 4, 1))
    assert after.equals(before)
