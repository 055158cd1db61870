"""Who was expected, who reported, and the fixed panel: small cases, and an oracle on made ones."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.coverage import OF_STATUS, REPORTED, STOPPED_AFTER, by_month, fixed_panel, matrix
from metrics.indicators import all_indicators

SHARE = next(one for one in all_indicators().values() if one.kind == "proportion" and one.published)
MONTHS = pl.date_range(date(2024, 1, 1), date(2026, 6, 1), "1mo", eager=True).to_list()


def rows(figures: dict[str, dict[int, str]]) -> pl.DataFrame:
    """Observations of each organisation: the number of a month -> the status of its figure."""
    return pl.DataFrame(
        [
            {"organisation": name, "period": MONTHS[at], "status": status}
            for name, months in figures.items()
            for at, status in months.items()
        ],
        schema={"organisation": pl.String, "period": pl.Date, "status": pl.String},
    )


def states(cells: pl.DataFrame, name: str) -> list[str]:
    return cells.filter(organisation=name).sort("period")["state"].to_list()


ALWAYS = dict.fromkeys(range(len(MONTHS)), "final")


def test_every_status_has_its_own_state_and_a_gap_is_missing():
    told = dict(enumerate(OF_STATUS))
    cells = matrix(rows({"A": ALWAYS, "B": {**told, 8: "final"} | {29: "final"}}))
    assert states(cells, "A") == ["present"] * 30
    kept = [*OF_STATUS.values()]
    assert len(set(kept)) == len(OF_STATUS), "null, zero, suppressed and not reported are told apart"
    assert states(cells, "B") == [*kept, "missing", "missing", "present", *["missing"] * 20, "present"]


def test_nobody_is_expected_before_the_first_month_nor_after_closing():
    cells = matrix(
        rows({"A": ALWAYS, "NEW": {28: "final", 29: "final"}, "SHUT": {0: "final", 1: "final"}}),
        pl.DataFrame({"organisation": ["SHUT"], "closed": [date(2024, 3, 31)]}),
    )
    assert states(cells, "NEW") == [*["not_expected"] * 28, "present", "present"]
    assert states(cells, "SHUT") == ["present", "present", "missing", *["not_expected"] * 27]


@pytest.mark.parametrize(
    ("silent", "tail"), [(STOPPED_AFTER, "not_expected"), (STOPPED_AFTER - 1, "missing")]
)
def test_a_year_of_silence_is_taken_for_the_end(silent, tail):
    last = len(MONTHS) - 1 - silent
    cells = matrix(rows({"A": ALWAYS, "QUIET": dict.fromkeys(range(last + 1), "final")}))
    assert states(cells, "QUIET")[last + 1 :] == [tail] * silent


def test_a_figure_after_the_closing_date_is_no_mistake_of_ours():
    closed = pl.DataFrame({"organisation": ["A"], "closed": [date(2024, 2, 1)]})
    assert "not_expected" not in states(matrix(rows({"A": ALWAYS}), closed), "A")


def test_unattributed_is_nobody():
    assert matrix(rows({"unattributed": ALWAYS})).is_empty()


FIGURES = st.dictionaries(st.integers(0, 29), st.sampled_from([*OF_STATUS]), min_size=1)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("ABCDE"), FIGURES, min_size=1))
def test_counts_by_month_are_those_of_the_cells(figures):
    cells = matrix(rows(figures))
    got = {row["period"]: row for row in by_month(cells, SHARE).iter_rows(named=True)}
    seen = sorted(MONTHS[at] for months in figures.values() for at in months)
    assert sorted(got) == [month for month in MONTHS if seen[0] <= month <= seen[-1]]
    for month, row in got.items():
        mine = cells.filter(period=month)["state"].to_list()
        expected = [one for one in mine if one != "not_expected"]
        reported = [one for one in expected if one in REPORTED]
        assert (row["expected"], row["reported"]) == (len(expected), len(reported))
        assert row["expected"] == row["reported"] + row["not_reported"] + row["missing"]
        if month not in seen:
            assert (row["share"], row["verdict"]) == (None, "no figures held")
        else:
            enough = len(reported) / len(expected) >= SHARE.least_reporting
            assert row["share"] == pytest.approx(len(reported) / len(expected))
            assert row["verdict"] == ("enough" if enough else "insufficient data")


def figure(name: str, at: int, numerator: float | None, denominator: float | None) -> dict[str, object]:
    value = None if numerator is None or not denominator else numerator / denominator
    return {
        "organisation": name, "period": MONTHS[at], "numerator": numerator, "denominator": denominator,
        "value": value,
    }  # fmt: skip


def test_the_panel_is_those_with_every_month_of_the_window_summed_and_divided_once():
    providers = pl.DataFrame(
        [
            *(figure("A", at, 60 + at, 100) for at in range(3)),
            *(figure("B", at, 30, 50 + at) for at in range(3)),
            *(figure("C", at, 10, 10) for at in (0, 2)),
            *(figure("D", at, None if at == 1 else 5, 5) for at in range(3)),
        ]
    )
    england = pl.DataFrame([figure("E", at, 120, 200) for at in range(3)])
    got = fixed_panel(providers, england, SHARE)
    assert got["organisations"].to_list() == [2, 2, 2]
    assert got["value"].to_list() == pytest.approx([90 / 150, 91 / 151, 92 / 152])
    assert got["share"].to_list() == pytest.approx([150 / 200, 151 / 200, 152 / 200])
    assert got["whole_value"].to_list() == [0.6] * 3
    shorter = england.filter(pl.col("period") != MONTHS[1])
    assert fixed_panel(providers, shorter, SHARE)["organisations"].to_list() == [4, 4]


def test_nobody_with_every_month_is_no_panel():
    providers = pl.DataFrame([figure("A", 0, 1, 2), figure("B", 1, 1, 2)])
    england = pl.DataFrame([figure("E", at, 2, 4) for at in range(2)])
    assert fixed_panel(providers, england, SHARE).is_empty()
