"""What pages show, worked out a second time: plain Python from the stored counts, by METHODS and DEFINITIONS.

Nothing here asks the rooms that pages ask: counts come from the database by SQL, the rest is fractions.
"""

import csv
import io
import math
import re
import shutil
import sqlite3
from fractions import Fraction
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import streamlit as st

from metrics.indicators import all_indicators

OVERVIEW, SIDE, UNEQUAL, COMPARE, TAKES, RECEIPT = (
    f"pages/{name}.py"
    for name in (
        *("summary/overview", "places/side_by_side", "places/inequalities", "systems/compare"),
        *("places/what_it_takes", "assurance/receipt"),
    )
)
TARGETS = {one.national_target: one for one in all_indicators().values() if one.role == "target"}
FOUR_HOUR, FOLLOW_UPS = TARGETS[4], TARGETS[2]
PROVIDERS = {"RZ1": "Tarnshire University Hospitals", "RZ2": "Harrow Moor Infirmary"}
YEAR = [f"{2025 + (9 + n) // 12}-{(9 + n) % 12 + 1:02d}-01" for n in range(12)]
"""October 2025 to September 2026."""


def counted(home: Path, indicator: str, level: str, breakdown: str = "all") -> dict:
    """(organisation, category) -> period -> (numerator, denominator, value, status), of local records."""
    database = sqlite3.connect(f"file:{home / 'results.sqlite'}?mode=ro", uri=True)
    rows = database.execute(
        "SELECT s.organisation, s.category, o.period, o.numerator, o.denominator, o.value, o.status "
        "FROM observation o JOIN series s ON s.id = o.series_id WHERE o.known_to IS NULL "
        "AND s.basis = 'local' AND s.indicator = ? AND s.level = ? AND s.breakdown = ?",
        (indicator, level, breakdown),
    ).fetchall()
    database.close()
    found: dict = {}
    for organisation, category, period, *figures in rows:
        found.setdefault((organisation, category), {})[period] = figures
    return found


def pooled(months: dict, periods: list[str]) -> tuple[Fraction, Fraction]:
    """Sum both sides of the months that may be used."""
    used = [months[p] for p in periods if p in months and months[p][3] in ("final", "provisional")]
    used = [row for row in used if row[2] is not None]
    return sum((Fraction(row[0]) for row in used), Fraction(0)), sum(
        (Fraction(row[1] or 0) for row in used), Fraction(0)
    )


def wilson(r: float, n: float, z: float = 1.959964) -> tuple[float, float]:
    p, middle = r / n, 2 * r + z * z
    reach = z * math.sqrt(z * z + 4 * r * (1 - p))
    return (middle - reach) / (2 * (n + z * z)), (middle + reach) / (2 * (n + z * z))


def agrees(shown: str, exact: Fraction | float, percent: bool = False) -> bool:
    """Whether a figure is the exact one, rounded to the places that are shown."""
    written = re.match(r"\[?([\d,]*\.?\d+)", shown).group(1).replace(",", "")
    places = len(written.partition(".")[2])
    return abs(float(written) - float(exact) * (100 if percent else 1)) <= 0.5 * 10**-places + 1e-9


def table(app, column: str):
    return next(one.value for one in app.table if any(column in str(name) for name in one.value.columns))


def of(frame, words: str) -> str:
    return next(name for name in frame.columns if words in str(name))


def test_this_route_can_fail():
    assert agrees("76.1%", Fraction(761, 1000), percent=True)
    assert not agrees("76.1%", Fraction(762, 1000), percent=True)
    assert agrees("1,285", 1285) and not agrees("1,285", 1286)
    assert wilson(65, 100) == pytest.approx((0.5525, 0.7364), abs=5e-5)


def test_a_trusts_follow_ups_are_told_by_the_working_day_on_every_page(open_page, made_world):
    """The comparison once told them by the month, under the unit of a working day."""
    held = counted(made_world, FOLLOW_UPS.id, "provider")
    app = open_page(COMPARE, level="provider", measure=FOLLOW_UPS.id, months="12", chart="ranked")
    shown = table(app, "Value")
    assert len(shown) == len(PROVIDERS)
    for code, name in PROVIDERS.items():
        value = shown[shown.iloc[:, 0].str.endswith(name)]["Value"].item()
        events, days = pooled(held[code, "all"], YEAR)
        assert agrees(value, events / days), (name, value, float(events / days))


def test_a_groups_month_with_nobody_is_nought_where_care_is_given(open_page, made_world, tmp_path):
    """A group without a row in a month once had that month's working days left out of its own."""
    home = tmp_path / "world"
    shutil.copytree(made_world, home)
    split = next(one for one in FOLLOW_UPS.breakdowns if one.name == "sex")
    group = next(iter(split.labels))
    with sqlite3.connect(home / "results.sqlite") as database:
        database.execute(
            "DELETE FROM observation WHERE period IN ('2026-05-01', '2026-06-01') AND series_id IN "
            "(SELECT id FROM series WHERE indicator = ? AND organisation = 'RZ1' AND breakdown = 'sex' "
            "AND category = ?)",
            (FOLLOW_UPS.id, group),
        )
    held = counted(home, FOLLOW_UPS.id, "provider", "sex")
    events, _ = pooled(held["RZ1", group], YEAR)
    _, days = pooled(held["RZ1", list(split.labels)[1]], YEAR)
    app = open_page(UNEQUAL, home=home, level="provider", organisation="RZ1", measure=FOLLOW_UPS.id)
    shown = table(app, "Rate")
    row = shown[(shown["By"] == "Sex") & (shown["Group"] == split.labels[group])].iloc[0]
    assert agrees(row["Rate"], events / days), (row["Rate"], float(events / days))
    assert agrees(row[of(shown, "Working days")], days)


def test_a_few_months_are_not_ranked_among_years(open_page, made_world, tmp_path):
    home = tmp_path / "world"
    shutil.copytree(made_world, home)
    with sqlite3.connect(home / "results.sqlite") as database:
        database.execute(
            "DELETE FROM observation WHERE period < '2026-05-01' AND series_id IN "
            "(SELECT id FROM series WHERE organisation = 'NB2' AND indicator = ?)",
            (FOUR_HOUR.id,),
        )
    held = counted(home, FOUR_HOUR.id, "neighbourhood")
    app = open_page(SIDE, home=home, level="place", organisation="PL1", measure=FOUR_HOUR.id)
    among = of(table(app, "On the year before"), "Among all")
    values = {
        code: pooled(months, YEAR)[0] / pooled(months, YEAR)[1]
        for (code, _), months in held.items()
        if code != "NB2"
    }
    for code, name in (("NB1", "Millbrook"), ("NB3", "Riverside")):
        rank = 1 + sum(other > values[code] for other in values.values())
        assert beside(app, name)[among].replace("\N{NO-BREAK SPACE}", " ") == f"{rank} of {len(values)}"
    assert beside(app, "Castle Hill")[among] == "–"


def beside(app, name: str):
    """The row of a neighbourhood on the four-hour standard."""
    shown = table(app, "On the year before")
    mine = shown["Measure"].str.contains(FOUR_HOUR.short_title) & shown["Neighbourhood"].str.endswith(name)
    return shown[mine].iloc[0]


def test_a_neighbourhoods_year_and_its_interval(open_page, made_world):
    held = counted(made_world, FOUR_HOUR.id, "neighbourhood")
    app = open_page(SIDE, level="place", organisation="PL2", measure=FOUR_HOUR.id)
    for code, name in (("NB4", "Long Meadow"), ("NB5", "Stonebridge")):
        row = beside(app, name)
        r, n = pooled(held[code, "all"], YEAR)
        assert agrees(row["Rate"], r / n, percent=True)
        low, high = row["95% interval"].replace("\N{NO-BREAK SPACE}", " ").split(" to ")
        wanted = wilson(float(r), float(n))
        assert agrees(low, wanted[0], percent=True) and agrees(high, wanted[1], percent=True)


@pytest.mark.parametrize(("level", "code"), [("place", "PL1"), ("provider", "RZ2"), ("neighbourhood", "NB5")])
def test_the_scorecards_path_gap_and_people(open_page, made_world, level, code):
    """The four-hour standard: baseline, path to 82% in March 2027, distance, and patients a month."""
    months = counted(made_world, FOUR_HOUR.id, level)[code, "all"]
    year = [f"{2025 + (3 + n) // 12}-{(3 + n) % 12 + 1:02d}-01" for n in range(12)]
    r, n = pooled(months, year)
    newest = max(p for p, row in months.items() if row[3] == "final")
    top, bottom = (Fraction(side) for side in months[newest][:2])
    since = (int(newest[:4]) - 2026) * 12 + int(newest[5:7]) - 3
    path = r / n + (Fraction(82, 100) - r / n) * Fraction(since, 12)
    gap = top / bottom - path
    app = open_page(OVERVIEW, level=level, organisation=code)
    shown = table(app, "Gap to the path")
    row = shown[shown.iloc[:, 0].str.contains(FOUR_HOUR.short_title)].iloc[0]
    assert agrees(row["Latest"], top / bottom, percent=True)
    said = row["Gap to the path"]
    assert ("behind" in said) == (gap < 0)
    assert agrees(said, abs(gap), percent=True), (said, float(gap))
    people = float(re.search(r"about ([\d,]+)", said).group(1).replace(",", ""))
    assert abs(people - abs(float(gap * bottom))) <= max(0.5, 0.05 * people)
    standing = "Met" if top / bottom >= Fraction(82, 100) else "Behind" if gap < 0 else "On track"
    assert row[of(shown, "Verdict")].endswith(standing)


@pytest.mark.parametrize("period", ["2024-07", "2025-12", "2026-09"])
def test_a_receipt_shows_both_sides_and_the_unrounded_figure(open_page, made_world, period):
    months = counted(made_world, FOUR_HOUR.id, "provider")["RZ1", "all"]
    top, bottom = months[f"{period}-01"][:2]
    app = open_page(
        RECEIPT, level="provider", organisation="RZ1", measure=FOUR_HOUR.id, month=period, basis="local"
    )
    said = next(one.value for one in app.markdown if "Unrounded" in one.value)
    assert f"is {top:,.0f} (" in said and f"divided by {bottom:,.0f} (" in said
    assert float(re.search(r"Unrounded: (\d\.\d+?)\.?$", said).group(1)) == pytest.approx(top / bottom)
    assert agrees(said.removeprefix("**"), Fraction(top) / Fraction(bottom), percent=True)


@pytest.fixture
def taken(monkeypatch) -> dict[str, bytes]:
    """What a page offers to take away: file name -> bytes, as a reader's browser would save them."""
    found: dict[str, bytes] = {}
    original = st.download_button

    def offered(label, data, *, file_name, **more):
        found[file_name] = data() if callable(data) else data
        return original(label, data, file_name=file_name, **more)

    monkeypatch.setattr(st, "download_button", offered)
    return found


def test_what_is_taken_away_is_what_is_shown_in_full(open_page, taken):
    app = open_page(COMPARE, level="neighbourhood", measure=FOUR_HOUR.id, chart="ranked")
    shown = table(app, "95% interval")
    [comma] = [
        data for name, data in taken.items() if name.startswith(FOUR_HOUR.id) and name.endswith(".csv")
    ]
    [parquet] = [data for name, data in taken.items() if name.endswith(".parquet")]
    rows = list(csv.DictReader(io.StringIO(comma.decode("utf-8-sig"))))
    columns = pl.read_parquet(io.BytesIO(parquet))
    assert columns.columns == list(rows[0])
    assert [row["organisation"] for row in rows] == columns["organisation"].to_list()
    assert len(rows) == len(shown) == 6
    for row, (_, seen) in zip(rows, shown.iterrows(), strict=True):
        top, bottom = Fraction(row["numerator"]), Fraction(row["denominator"])
        assert float(row["value"]) == pytest.approx(float(top / bottom))
        assert seen.iloc[0].endswith(row["organisation_name"])
        assert agrees(seen["Value"], top / bottom, percent=True)
        assert agrees(seen[FOUR_HOUR.numerator_title], top)
        assert agrees(seen[FOUR_HOUR.denominator_title], bottom)
    for name in ("value", "lower", "upper"):
        assert columns[name].to_list() == [float(row[name]) for row in rows]


def test_the_workbook_holds_what_the_pages_show(open_page, taken):
    app = open_page(TAKES, level="place", organisation="PL1")
    shown = table(app, FOUR_HOUR.short_title)
    column = of(shown, FOUR_HOUR.short_title)
    [made] = [data for name, data in taken.items() if name.endswith(".xlsx")]
    sheet = openpyxl.load_workbook(io.BytesIO(made))["What it would take"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(at for at, row in enumerate(cells) if "needed" in row)
    rows = [dict(zip(cells[head], row, strict=True)) for row in cells[head + 1 :]]
    mine = [row for row in rows if FOUR_HOUR.short_title in str(row["measure"])]
    seen = 0
    for row in mine:
        name = row["organisation_name"]
        for _, line in shown[shown.iloc[:, 0].str.contains(name, regex=False)].iterrows():
            needed = max(0.0, 0.82 * row["denominator"] - row["events"])
            assert row["needed"] == pytest.approx(needed)
            assert line[column].startswith("✔") if needed < 0.05 else agrees(line[column], needed)
            seen += 1
    assert seen >= 3
