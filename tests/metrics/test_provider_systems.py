"""Systems as sums of their providers, on both footprints, against an oracle in plain Python."""

from datetime import date
from fractions import Fraction

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.geography import UNATTRIBUTED
from metrics.indicators import all_indicators
from metrics.observations import COLUMNS
from metrics.provider_systems import LISTED, by_system, with_heirs
from metrics.succession import SCHEMA

FOUR_HOUR = all_indicators()["four_hour_ed"]
MERGERS = date(2026, 4, 1)
MONTHS = (date(2025, 6, 1), date(2026, 3, 1), MERGERS, date(2026, 5, 1))
JUNE, MARCH, APRIL, MAY = MONTHS
MERGED = (("QHG", "S1Y5D"), ("QUE", "S1Y5D"), ("QM7", "S1Y5D"), ("QM7", "D7T5G"))
"""Two boards merge whole, and one is divided."""

Figure = tuple[int | None, int]


def observed(rows: dict[tuple[str, date], Figure]) -> pl.DataFrame:
    made = [
        ("four_hour_ed", FOUR_HOUR.version, "published", "provider", code, period, "all", "all", n, d or None)
        for (code, period), (n, d) in rows.items()
    ]
    schema = dict.fromkeys(COLUMNS[:8], pl.String) | {"period": pl.Date}
    schema |= dict.fromkeys(("numerator", "denominator"), pl.Float64)
    rest = [pl.lit(None, pl.String if name == "status" else pl.Float64).alias(name) for name in COLUMNS[10:]]
    return pl.DataFrame(made, schema=schema, orient="row").with_columns(rest)


def successions(*trusts: tuple[str, str, date], boards: tuple[tuple[str, str], ...] = MERGED) -> pl.DataFrame:
    rows = [(*one, None, False) for one in trusts] + [(*one, MERGERS, None, True) for one in boards]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def lists(*rows: tuple[str, str, date]) -> pl.DataFrame:
    """Provider, board and month of the list; a code of five letters and digits is a board's of April 2026."""
    dated = [(*row, MERGERS if len(row[1]) == 5 else None) for row in rows]
    return pl.DataFrame(dated, schema=LISTED, orient="row")


def told(frame: pl.DataFrame) -> dict[tuple[str, date], tuple[float, float | None]]:
    keys = ("organisation", "period", "numerator", "denominator")
    assert set(frame["level"]) <= {"system"}
    return {(code, period): (n, d) for code, period, n, d in frame.select(keys).iter_rows()}


def both(rows: dict[tuple[str, date], Figure], listed: pl.DataFrame, said: pl.DataFrame):
    was, today = by_system(FOUR_HOUR, observed(rows), with_heirs(listed, said), said)
    return told(was), told(today)


def test_the_list_of_the_month_counts_and_today_the_newest():
    rows = {("RXX", month): (8, 10) for month in MONTHS}
    listed = lists(("RXX", "QHG", JUNE), ("RXX", "QHL", MARCH))
    was, today = both(rows, listed, successions())
    assert {month: code for code, month in was} == {JUNE: "QHG", MARCH: "QHL", APRIL: "QHL", MAY: "QHL"}
    assert {code for code, _ in today} == {"QHL"}


def test_before_its_first_list_a_provider_is_where_that_list_has_it():
    was, _ = both({("RXX", JUNE): (8, 10)}, lists(("RXX", "QHL", MAY)), successions())
    assert was == {("QHL", JUNE): (8, 10)}


def test_nobody_stood_under_a_board_that_was_not_there_yet():
    was, today = both({("RXX", JUNE): (8, 10)}, lists(("RXX", "S1Y5D", MAY)), successions())
    assert was == {(UNATTRIBUTED, JUNE): (8, 10)}
    assert today == {("S1Y5D", JUNE): (8, 10)}


def test_a_merged_boards_providers_move_on_the_day_and_today_have_moved_throughout():
    rows = {("RXX", month): (8, 10) for month in MONTHS}
    was, today = both(rows, lists(("RXX", "QHG", JUNE)), successions())
    assert {month: code for code, month in was} == {JUNE: "QHG", MARCH: "QHG", APRIL: "S1Y5D", MAY: "S1Y5D"}
    assert {code for code, _ in today} == {"S1Y5D"}


def test_a_later_list_that_still_names_a_merged_board_does_not_keep_it_open():
    rows = {("RXX", month): (8, 10) for month in (JUNE, MAY)}
    was, today = both(rows, lists(("RXX", "QHG", MAY)), successions())
    assert set(was) == {("QHG", JUNE), ("S1Y5D", MAY)}
    assert set(today) == {("S1Y5D", JUNE), ("S1Y5D", MAY)}


def test_a_divided_boards_providers_stay_until_a_list_says_where_they_went():
    rows = {(code, JUNE): (8, 10) for code in ("RAA", "RBB")}
    before = lists(("RAA", "QM7", JUNE), ("RBB", "QM7", JUNE))
    _, today = both(rows, before, successions())
    assert today == {("QM7", JUNE): (16, 20)}
    was, today = both(rows, pl.concat([before, lists(("RAA", "D7T5G", MAY))]), successions())
    assert was == {("QM7", JUNE): (16, 20)}
    assert today == {("D7T5G", JUNE): (8, 10), (UNATTRIBUTED, JUNE): (8, 10)}


def test_a_closed_trusts_history_stands_today_under_its_heirs_board():
    rows = {("ROLD", JUNE): (3, 10), ("RNEW", MAY): (8, 10)}
    listed = lists(("ROLD", "QHL", JUNE), ("RNEW", "QF7", JUNE))
    was, today = both(rows, listed, successions(("ROLD", "RNEW", MARCH)))
    assert ("QHL", JUNE) in was
    assert today == {("QF7", JUNE): (3, 10), ("QF7", MAY): (8, 10)}


def test_who_did_not_report_is_left_out_of_both_sides_and_counted_as_expected():
    rows = {("RAA", JUNE): (8, 10), ("RBB", JUNE): (None, 50), ("RCC", JUNE): (None, 5)}
    listed = lists(("RAA", "QHL", JUNE), ("RBB", "QHL", JUNE), ("RCC", "QF7", JUNE))
    said = successions()
    for frame in by_system(FOUR_HOUR, observed(rows), with_heirs(listed, said), said):
        columns = ("organisation", "numerator", "denominator", "value", "status", "reporting", "expected")
        assert frame.select(columns).rows() == [("QHL", 8, 10, 0.8, "insufficient_data", 1, 2)]


def test_lists_that_place_no_provider_make_no_systems():
    rows = {("RAA", month): (8, 10) for month in MONTHS}
    assert both(rows, lists(("RZZ", "QHL", JUNE)), successions()) == ({}, {})


CODES = ("RAA", "RBB", "RCC", "RDD")
BOARDS = ("QHG", "QUE", "QM7", "QHL", "S1Y5D", "D7T5G")


@st.composite
def worlds(draw):
    figure = st.one_of(
        st.tuples(st.none(), st.integers(0, 99)),
        st.integers(0, 99).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d))),
    )
    rows = draw(
        st.dictionaries(st.tuples(st.sampled_from(CODES), st.sampled_from(MONTHS)), figure, min_size=1)
    )
    places = st.dictionaries(
        st.tuples(st.sampled_from(CODES), st.sampled_from(MONTHS)), st.sampled_from(BOARDS), min_size=1
    )
    listed = {
        (code, month): board
        for (code, month), board in draw(places).items()
        if len(board) == 3 or month >= MERGERS
    }
    merged = draw(st.booleans())
    return rows, listed, merged


def moved(board: str, month: date, listed: dict, merged: bool) -> str:
    """A board's code in a month, by rule; the last month is today."""
    if not merged or month < MERGERS:
        return board
    if board in ("QHG", "QUE"):
        return "S1Y5D"
    newer = any(when >= MERGERS for _, when in listed)
    return UNATTRIBUTED if board == "QM7" and newer else board


def oracle(rows: dict, listed: dict, merged: bool) -> tuple[dict, dict]:
    was: dict = {}
    today: dict = {}
    for (code, month), (n, d) in rows.items():
        if n is None:
            continue
        mine = sorted((when, board) for (who, when), board in listed.items() if who == code)
        until = [board for when, board in mine if when <= month]
        after = [board for when, board in mine if when > month]
        there = until[-1] if until else after[0] if after else None
        if not until and there and len(there) == 5 and month < MERGERS:
            there = None
        for found, board in (
            (was, moved(there, month, listed, merged) if there else UNATTRIBUTED),
            (today, moved(mine[-1][1], MAY, listed, merged) if mine else UNATTRIBUTED),
        ):
            so_far = found.get((board, month), (Fraction(0), Fraction(0)))
            found[board, month] = (so_far[0] + n, so_far[1] + d)
    return was, today


@settings(deadline=None, max_examples=150)
@given(worlds())
def test_it_agrees_with_the_oracle_and_adds_up_to_england(world):
    rows, listed, merged = world
    if not listed:
        return
    frame = lists(*((code, board, month) for (code, month), board in listed.items()))
    found = both(rows, frame, successions(boards=MERGED if merged else ()))
    if not {code for code, _ in rows} & {code for code, _ in listed}:
        assert found == ({}, {})
        return
    for ours, theirs in zip(found, oracle(rows, listed, merged), strict=True):
        # Nought of nobody is no row: nothing was there to count.
        assert ours == {key: (n, d) for key, (n, d) in theirs.items() if n or d}
        for month in MONTHS:
            england = [figure for (_, at), figure in rows.items() if at == month and figure[0] is not None]
            summed = [figure for (_, at), figure in ours.items() if at == month]
            assert sum(n for n, _ in summed) == sum(n for n, _ in england)
            assert sum(d or 0 for _, d in summed) == sum(d for _, d in england)
