"""Every real Discharge Ready Date file against an oracle that knows only the csv module."""

import csv
from collections.abc import Iterator
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest

from metrics.counting import count_published
from metrics.indicators import all_indicators
from metrics.observations import roll_up_published
from pipeline.delimited import read_text
from pipeline.reading import examine
from pipeline.sources import drd

pytestmark = pytest.mark.published

LEVELS = {"National": "england", "ICB": "system", "Provider": "provider", "UTLA Aggregate": "place"}
DISCHARGES = ("Number of patients discharged in total", "Total Discharges for UTLA from acceptable trusts")
ON_THE_DAY = (
    "Number of patients discharged where, between the Discharge Ready Date and Discharge Date, "
    "there is No delay"
)
DAYS = "Total bed days lost due to delayed discharge"
SHARE = "Date of discharge is same as Discharge Ready Date"
MEAN = "Average days from Discharge Ready Date to date of discharge (exc 0 day delays)"
Key = tuple[str, str, str]


def files(published: Path) -> list[Path]:
    return sorted((published / "drd").glob("*.csv"))


def rows(path: Path) -> Iterator[tuple[Key, str, str]]:
    """(month, level, organisation), measure, value."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            level = LEVELS[row["Data Type"]]
            code = row["Upper Tier Local Authority Code" if level == "place" else "Code"]
            yield (
                (row["Date"][:3], level, "E92000001" if level == "england" else code),
                row["Measure"],
                row["Value"],
            )


@pytest.fixture(scope="module")
def said(published: Path) -> dict[Key, dict[str, str]]:
    found: dict[Key, dict[str, str]] = {}
    for path in files(published):
        for key, measure, value in rows(path):
            found.setdefault(key, {})[DISCHARGES[0] if measure in DISCHARGES else measure] = value
    return found


@pytest.fixture(scope="module")
def observed(published: Path) -> dict[str, dict[Key, tuple[float | None, ...]]]:
    """Indicator (by what is counted) -> (month, level, organisation) -> numerator, denominator, value."""
    feed = pl.concat(drd.read(read_text(examine(path))).frame for path in files(published))
    found = {}
    for indicator in all_indicators().values():
        if indicator.published_feeds != ("drd",):
            continue
        counts = count_published(indicator, {"drd": nw.from_native(feed.lazy())})
        rolled = roll_up_published(indicator, counts).select(
            pl.col("period").dt.strftime("%b"), "level", "organisation", "numerator", "denominator", "value"
        )
        name = f"{indicator.numerator_title} / {indicator.denominator_title}"
        found[name] = {tuple(row[:3]): tuple(row[3:]) for row in rolled.iter_rows()}
    return found


def test_every_organisation_and_month_equals_the_published_counts(said, observed):
    on_day, of_delayed, of_all = observed.values()
    assert len(said) == 9 * (1 + 42 + 153) + 1130
    for key, values in said.items():
        discharges, early, days = int(values[DISCHARGES[0]]), int(values[ON_THE_DAY]), int(values[DAYS])
        assert on_day[key][:2] == (early, discharges), key
        assert of_delayed[key][:2] == (days, discharges - early), key
        assert of_all[key][:2] == (days, discharges), key
    beside = on_day.keys() - said.keys()
    assert {level for _, level, _ in beside} == {"region"}


def test_every_published_share_and_mean_is_ours_to_its_last_digit(said, observed):
    on_day, of_delayed, _ = observed.values()
    compared = 0
    for key, values in said.items():
        for published, value in ((values[SHARE], on_day[key][2]), (values[MEAN], of_delayed[key][2])):
            if published == "[z]":
                assert value is None, key
                continue
            decimals = len(published.partition(".")[2])
            # Half a last digit, either way up: the publisher rounds 0.125 to 0.13.
            assert abs(value - float(published)) <= 0.5 * 10**-decimals * (1 + 1e-6) + 1e-12, (key, published)
            compared += 1
    assert compared > 5_000


def test_regions_are_given_only_where_providers_add_up_to_england(observed):
    on_day = next(iter(observed.values()))
    months = {month for month, level, _ in on_day if level == "region"}
    assert months == {"May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
    for month in months:
        parts = [row for (here, level, _), row in on_day.items() if (here, level) == (month, "region")]
        assert len(parts) == 7
        england = on_day[month, "england", "E92000001"]
        assert tuple(sum(part[at] for part in parts) for at in (0, 1)) == england[:2]


def test_england_2024_25_is_the_nine_months_and_three_excerpts(published: Path, observed):
    """DEFINITIONS: 4,035,716 discharges, 546,404 delayed, 3,329,387 days."""
    on_day, of_delayed, _ = observed.values()
    nine = [
        sum(row[1] for (_, level, _), row in on_day.items() if level == "england"),
        sum(row[1] for (_, level, _), row in of_delayed.items() if level == "england"),
        sum(row[0] for (_, level, _), row in of_delayed.items() if level == "england"),
    ]
    assert nine == [3_005_249, 401_503, 2_442_764]
    for month in ("January-2025", "February-2025", "March-2025"):
        (path,) = (published / "drd_excerpts").glob(f"*{month}*.csv")
        values = {measure: value for _, measure, value in rows(path)}
        discharges, early = int(values[DISCHARGES[0]]), int(values[ON_THE_DAY])
        nine = [nine[0] + discharges, nine[1] + discharges - early, nine[2] + int(values[DAYS])]
    assert nine == [4_035_716, 546_404, 3_329_387]


def test_excerpts_give_england_and_say_that_they_are_parts(published: Path):
    paths = sorted((published / "drd_excerpts").glob("*.csv"))
    assert len(paths) == 12
    for path in paths:
        table = read_text(examine(path))
        assert drd.claims(table.columns)
        said = drd.read(table)
        assert said.part
        values = {measure: value for _, measure, value in rows(path)}
        ((level, *counts),) = said.frame.select("level", "discharges", "on_the_day", "delay_days").iter_rows()
        assert (level, counts) == (
            "england",
            [int(values[DISCHARGES[0]]), int(values[ON_THE_DAY]), int(values[DAYS])],
        )


def test_only_april_lacks_a_trust(published: Path):
    warned = {
        path.name.split("-")[3]: [
            n.rule for n in drd.read(read_text(examine(path))).notices if n.severity == "warning"
        ]
        for path in files(published)
    }
    assert warned == {month: ["provider_sum_differs"] if month == "April" else [] for month in warned}
