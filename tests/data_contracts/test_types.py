"""Text becomes the contract's types; a value that will not go is told with its row."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

from data_contracts.contract import all_contracts, load_contract
from data_contracts.gate import hold
from data_contracts.types import to_types
from tests.data_contracts.valid import context, valid

FEED = "emergency_care_attendances"


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Write a frame as a CSV file does."""
    return pl.read_csv(frame.write_csv(datetime_format="%Y-%m-%dT%H:%M:%S").encode(), infer_schema=False)


@pytest.mark.parametrize("feed", all_contracts())
def test_a_file_written_as_text_is_the_same_file(feed):
    frame = valid(feed)
    result = hold(as_text(frame), load_contract(feed), context())
    assert result.outcome == "accepted", result.reasons
    assert result.accepted.equals(frame)


@pytest.mark.parametrize(
    ("column", "value", "wanted"),
    [
        ("arrival_datetime", "01/09/2026 10:00", "a date and time"),
        ("arrival_datetime", "2026-13-01T10:00:00", "a date and time"),
        ("arrival_datetime", "0026-09-01T10:00:00", "a date and time"),
        ("age", "forty", "a whole number"),
        ("age", "4.5", "a whole number"),
        ("age", "99999", "a whole number"),
        ("booked", "maybe", "true or false"),
    ],
)
def test_a_value_of_another_type_sets_the_row_aside_and_is_named(column, value, wanted):
    text = as_text(valid(FEED))
    text = text.with_columns(pl.Series(column, [value, *text[column][1:]]))
    result = hold(text, load_contract(FEED), context())
    assert result.outcome == "accepted_with_quarantine"
    told = result.quarantined.row(0, named=True)
    assert (told["row_number"], told["rule"]) == (1, "type")
    assert f"{column} '{value}' is not {wanted}" in told["reason"]
    assert f"row 1: {column} '{value}'" in result.reasons[0]


@pytest.mark.parametrize(
    ("given", "to", "read"),
    [
        (["2026-09-01T10:00:00", "2026-09-01 10:00", "2026-09-01"], "arrival_datetime", [10, 10, 0]),
        (["2026-07-01T10:00:00Z", "2026-07-01 10:00:00+00:00"], "arrival_datetime", [11, 11]),
        (["2026-01-01T10:00:00Z", "2026-01-01T10:00:00+01:00"], "arrival_datetime", [10, 9]),
        (pl.Series([datetime(2026, 7, 1, 10)]).dt.replace_time_zone("UTC"), "arrival_datetime", [11]),
        (pl.Series([datetime(2026, 7, 1, 10)]).cast(pl.Datetime("ns")), "arrival_datetime", [10]),
    ],
)  # fmt: skip
def test_times_become_local_times(given, to, read):
    frame = valid(FEED, len(given)).with_columns(pl.Series(to, given))
    typed, faults = to_types(frame, load_contract(FEED))
    assert faults == []
    assert typed[to].dt.hour().to_list() == read


@pytest.mark.parametrize(
    ("given", "column", "kept"),
    [
        ([" 01", "01 ", "", "  "], "department_type", ["01", "01", None, None]),
        ([1, 2, 3, 5], "department_type", ["1", "2", "3", "5"]),
        ([1.0, 2.0, None, 5.0], "acuity", ["1", "2", None, "5"]),
        ([40.0, 41.5, None, 130.0], "age", [40, None, None, 130]),
        ([1, 0, 2, None], "booked", [True, False, None, None]),
        (["TRUE", "n", "1", "Yes"], "booked", [True, False, True, True]),
        (pl.Series([None] * 4), "age", [None] * 4),
        (pl.Series(["01", "02"] * 2, dtype=pl.Categorical), "department_type", ["01", "02"] * 2),
        ([date(2026, 9, 1)] * 4, "age", [None] * 4),
    ],
)
def test_other_types_are_cast_only_where_nothing_is_lost(given, column, kept):
    frame = valid(FEED, 4).with_columns(pl.Series(column, given))
    typed, _ = to_types(frame, load_contract(FEED))
    assert typed[column].to_list() == kept
    assert typed.schema == load_contract(FEED).empty().schema


def test_a_time_of_day_in_a_date_is_a_fault_but_midnight_is_not():
    times = [datetime(2026, 9, 1), datetime(2026, 9, 1, 0, 1)]
    frame = valid("outpatient_referrals", 2).with_columns(pl.Series("received_date", times))
    typed, faults = to_types(frame, load_contract("outpatient_referrals"))
    assert typed["received_date"].to_list() == [date(2026, 9, 1), None]
    assert [(fault.column, fault.rows.to_list()) for fault in faults] == [("received_date", [1])]


@pytest.mark.parametrize(
    "values",
    [
        pl.Series([[1, 2]] * 4),
        pl.Series([{"a": 1}] * 4),
        pl.Series([b"\xff"] * 4),
        pl.Series([timedelta(1)] * 4),
        pl.Series([object()] * 4, dtype=pl.Object),
    ],
)
@pytest.mark.parametrize("column", ["age", "sex", "arrival_datetime"])
def test_columns_of_no_single_values_refuse_the_file(column, values):
    result = hold(valid(FEED, 4).with_columns(values.alias(column)), load_contract(FEED), context())
    assert result.outcome == "refused"
    assert f"columns must be text, numbers or dates: '{column}'" in result.reasons[0]


@pytest.mark.parametrize("column", load_contract(FEED).names)
@pytest.mark.parametrize(
    "values",
    [
        pl.Series([float("nan"), float("inf"), None, 3.0]),
        pl.Series([2**63 + 5, 1, 2, 3], dtype=pl.UInt64),
        pl.Series([Decimal("1.5"), Decimal("2"), None, Decimal("1")]),
        pl.Series([datetime(9999, 12, 31), datetime(1, 1, 1), None, datetime(2026, 9, 1)]),
        pl.Series([True, False, None, True]),
        pl.Series(["\x00", "a\nb", "\u200b", ""]),
    ],
)
def test_no_value_makes_the_gate_fall_over(column, values):
    frame = valid(FEED, 4).with_columns(values.alias(column))
    assert hold(frame, load_contract(FEED), context()).outcome in (
        "accepted",
        "accepted_with_quarantine",
        "refused",
    )


def test_rows_are_numbered_as_the_sender_sees_them():
    frame = valid(FEED).with_columns(age=pl.when(pl.int_range(pl.len()) == 4).then(200).otherwise("age"))
    numbers = pl.int_range(2, frame.height + 2, eager=True)
    result = hold(frame, load_contract(FEED), context(), row_numbers=numbers)
    assert result.quarantined["row_number"].to_list() == [6]
    assert "row 6: age is '200'" in result.reasons[0]
