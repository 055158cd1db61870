"""Local records beside published figures: outcomes at the edges of the tolerances, and who is compared."""

from datetime import date

import polars as pl
import pytest

from metrics.indicators import all_indicators
from metrics.reconciliation import COMPARED, compared

SHARE = next(one for one in all_indicators().values() if one.kind == "proportion" and one.published)
MEAN = next(one for one in all_indicators().values() if one.kind == "mean" and one.published)
JUNE, JULY = date(2025, 6, 1), date(2025, 7, 1)
SCHEMA = {
    "level": pl.String, "organisation": pl.String, "period": pl.Date, "value": pl.Float64,
    "numerator": pl.Float64, "denominator": pl.Float64, "status": pl.String,
}  # fmt: skip


def side(*rows: tuple) -> pl.DataFrame:
    """Rows of (organisation, month, numerator, denominator, status)."""
    made = [
        ("provider", name, month, n / d if n is not None and d else None, n, d, status)
        for name, month, n, d, status in rows
    ]
    return pl.DataFrame(made, schema=SCHEMA, orient="row")


def outcome(ours: tuple, theirs: tuple, indicator=SHARE) -> tuple[str, str]:
    found = compared(side(("A", JUNE, *ours, "final")), side(("A", JUNE, *theirs, "final")), indicator)
    return found.row(0, named=True)["outcome"], found["reason"][0]


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        ((700, 1000), (700, 1000), "agrees"),
        ((709, 1000), (700, 1000), "agrees"),
        ((711, 1000), (700, 1000), "differs"),
        ((689, 1000), (700, 1000), "differs"),
        ((714, 1020), (700, 1000), "agrees"),  # 2% more patients is not beyond 2%
        ((715, 1021), (700, 1000), "differs"),
    ],
)
def test_a_share_within_a_point_and_two_hundredths_of_the_patients(ours, theirs, said):
    assert outcome(ours, theirs)[0] == said


def test_a_mean_is_held_to_its_share():
    assert outcome((612, 100), (600, 100), MEAN)[0] == "agrees"
    assert outcome((613, 100), (600, 100), MEAN) == ("differs", "the value is beyond the tolerance")


def test_which_side_is_beyond_is_told():
    assert outcome((750, 1100), (700, 1000))[1].startswith("both the value")
    assert outcome((770, 1100), (700, 1000))[1] == "the count behind it is beyond the tolerance"


def test_what_cannot_be_compared_says_which_side_lacks_it():
    local = side(("A", JUNE, 70, 100, "final"), ("B", JUNE, 70, 100, "final"), ("A", JULY, 7, 10, "final"),
                 ("C", JULY, 7, 10, "final"))  # fmt: skip
    published = side(
        ("A", JUNE, None, 100, "not_reported"), ("B", JULY, 7, 10, "final"), ("A", JULY, 7, 10, "final"),
        ("C", JUNE, 7, 10, "final"), ("Z", JUNE, 7, 10, "final"),
    )  # fmt: skip
    found = compared(local, published, SHARE)
    assert tuple(found.columns) == COMPARED
    told = {(row["organisation"], row["period"]): row for row in found.iter_rows(named=True)}
    assert {key: row["outcome"] for key, row in told.items()} == {
        ("A", JUNE): "cannot compare", ("A", JULY): "agrees", ("B", JUNE): "cannot compare",
        ("B", JULY): "cannot compare", ("C", JUNE): "cannot compare", ("C", JULY): "cannot compare",
    }, "Z is nobody's own"  # fmt: skip
    assert told["A", JUNE]["reason"] == "the published figure is not reported"
    assert told["B", JUNE]["reason"] == "nothing is published of it for this month"
    assert told["B", JULY]["reason"] == "no local records of this month"


def test_months_held_on_one_side_only_are_not_compared():
    assert compared(side(("A", JUNE, 7, 10, "final")), side(("A", JULY, 7, 10, "final")), SHARE).is_empty()
