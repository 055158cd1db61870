"""Accepted records in Delta tables: a month is replaced whole, and every engine can read what is there."""

from datetime import date, datetime

import duckdb
import polars as pl
import pytest
from observed import AUGUST, JULY, JUNE

from warehouse import delta, records
from warehouse.errors import WarehouseError

SCHEMA = {
    "id": pl.String,
    "age": pl.Int16,
    "quintile": pl.Int8,
    "patients": pl.Int32,
    "attendances": pl.Int64,
    "booked": pl.Boolean,
    "on": pl.Date,
    "at": pl.Datetime("us"),
    "period": pl.Date,
}


def rows(*cells: tuple[str, date]) -> pl.DataFrame:
    """One record for each (id, period), with every dtype that a feed has."""
    made = [
        (name, 85, 5, 70_000, 2**40, None, month, datetime(2025, 6, 1, 23, 59, 59, 999_999), month)
        for name, month in cells
    ]
    return pl.DataFrame(made, schema=SCHEMA, orient="row")


def ids(home, periods=None) -> list[str]:
    return sorted(records.read(home, "feed", periods)["id"])


def test_months_are_replaced_exactly(local_home):
    records.replace_months(local_home, "feed", rows(("a", JUNE), ("b", JULY), ("c", AUGUST)))
    records.replace_months(local_home, "feed", rows(("d", JULY), ("e", JULY)))
    assert ids(local_home) == ["a", "c", "d", "e"]
    assert records.rows_by_period(local_home, "feed") == {JUNE: 1, JULY: 2, AUGUST: 1}
    assert records.rows(local_home, "feed") == 4


def test_several_months_are_replaced_in_one_commit(local_home):
    records.replace_months(local_home, "feed", rows(("a", JUNE), ("b", JULY)))
    before = len(commits(local_home))
    records.replace_months(local_home, "feed", rows(("c", JUNE), ("d", JULY)))
    assert len(commits(local_home)) == before + 1


def commits(home):
    return list((home.path / "records" / "feed" / "_delta_log").glob("*.json"))


def test_records_come_back_as_they_went_in(local_home):
    frame = rows(("a", JUNE), ("b", JULY))
    records.replace_months(local_home, "feed", frame)
    found = records.read(local_home, "feed").sort("id")
    assert found.select(SCHEMA.keys()).equals(frame)
    assert dict(found.schema) == SCHEMA


def test_months_can_be_chosen(local_home):
    records.replace_months(local_home, "feed", rows(("a", JUNE), ("b", JULY), ("c", AUGUST)))
    assert ids(local_home, [JUNE, AUGUST]) == ["a", "c"]
    for none in ([], [date(2020, 1, 1)]):
        empty = records.read(local_home, "feed", none)
        assert empty.is_empty()
        assert dict(empty.schema) == SCHEMA
        assert records.files(local_home, "feed", none) == []


def test_a_feed_never_stored(local_home):
    assert records.scan(local_home, "feed") is None
    assert records.files(local_home, "feed") == []
    assert records.rows_by_period(local_home, "feed") == {}
    assert records.rows(local_home, "feed") == 0
    assert records.fingerprints(local_home, "feed").schema == records.FINGERPRINTS
    with pytest.raises(WarehouseError, match="No feed have been loaded"):
        records.read(local_home, "feed")


def test_no_rows_change_nothing(local_home):
    records.replace_months(local_home, "feed", rows())
    assert records.scan(local_home, "feed") is None
    records.replace_months(local_home, "feed", rows(("a", JUNE)))
    records.replace_months(local_home, "feed", rows())
    assert ids(local_home) == ["a"]


@pytest.mark.parametrize("period", [None, date(2025, 6, 2)])
def test_a_period_is_the_first_day_of_a_month(local_home, period):
    frame = pl.DataFrame({"id": ["a"], "period": [period]}, schema={"id": pl.String, "period": pl.Date})
    with pytest.raises(ValueError, match="first day of its month"):
        records.replace_months(local_home, "feed", frame)
    with pytest.raises(ValueError, match="first day of its month"):
        records.replace_months(local_home, "feed", frame.with_columns(pl.col("period").cast(pl.String)))


def test_a_snapshot_is_replaced_whole(local_home):
    first = rows(("a", JUNE), ("b", JULY)).drop("period")
    records.replace_all(local_home, "feed", first)
    records.replace_all(local_home, "feed", first[:1].with_columns(extra=pl.lit("new column")))
    found = records.read(local_home, "feed")
    assert found["id"].to_list() == ["a"]
    assert "extra" in found.columns
    assert records.fingerprints(local_home, "feed")["period"].to_list() == [None]
    assert records.rows_by_period(local_home, "feed") == {}
    # Months are not asked of a snapshot.
    assert records.read(local_home, "feed", [JUNE]).height == 1


def test_an_empty_snapshot_keeps_its_dtypes(local_home):
    records.replace_all(local_home, "feed", rows().drop("period"))
    found = records.read(local_home, "feed")
    assert found.is_empty()
    assert found.schema == rows().drop("period").schema


def test_fingerprints_change_with_their_month_alone(local_home):
    records.replace_months(local_home, "feed", rows(("a", JUNE), ("b", JULY)))
    before = dict(records.fingerprints(local_home, "feed").rows())
    assert dict(records.fingerprints(local_home, "feed").rows()) == before
    records.replace_months(local_home, "feed", rows(("c", JULY)))
    after = dict(records.fingerprints(local_home, "feed").rows())
    assert list(after) == [JUNE, JULY]
    assert after[JUNE] == before[JUNE]
    assert after[JULY] != before[JULY]


def test_duckdb_reads_the_files_with_their_period(local_home):
    records.replace_months(local_home, "feed", rows(("a", JUNE), ("b", JULY), ("c", AUGUST)))
    records.replace_months(local_home, "feed", rows(("d", JULY)))
    files = records.files(local_home, "feed", [JUNE, JULY])
    found = duckdb.read_parquet(files, hive_partitioning=True).order("id").pl()
    assert found.select("id", "period").rows() == [("a", JUNE), ("d", JULY)]
    assert found.schema["period"] == pl.Date
    assert found.schema["quintile"] == pl.Int8
    assert found.schema["at"] == pl.Datetime("us")


def test_a_column_added_later_is_empty_in_earlier_months(local_home):
    records.replace_months(local_home, "feed", rows(("a", JUNE)))
    records.replace_months(local_home, "feed", rows(("b", JULY)).with_columns(extra=pl.lit("x")))
    found = records.read(local_home, "feed").sort("id")
    assert found["extra"].to_list() == [None, "x"]
    files = records.files(local_home, "feed")
    by_name = duckdb.read_parquet(files, hive_partitioning=True, union_by_name=True).order("id").pl()
    assert by_name["extra"].to_list() == [None, "x"]
    # And one left out later is empty in the later month.
    records.replace_months(local_home, "feed", rows(("c", AUGUST)).drop("age"))
    assert records.read(local_home, "feed").sort("id")["age"].to_list() == [85, 85, None]


def test_a_type_that_changed_is_refused_without_quoting_anyone(local_home):
    records.replace_months(local_home, "feed", rows(("a", JUNE)))
    changed = rows(("secret", JUNE)).with_columns(pl.col("age").cast(pl.String))
    with pytest.raises(WarehouseError, match="age is String and was Int16") as told:
        records.replace_months(local_home, "feed", changed)
    assert "secret" not in str(told.value)
    assert ids(local_home) == ["a"]


def test_a_write_that_fails_is_told_without_quoting_anyone(local_home, monkeypatch):
    from deltalake.exceptions import DeltaError

    def fail(*args, **how):
        raise DeltaError("Preview of invalid data: | secret |")

    monkeypatch.setattr(delta, "write_deltalake", fail)
    with pytest.raises(WarehouseError, match="could not be stored") as told:
        records.replace_months(local_home, "feed", rows(("a", JUNE)))
    assert "secret" not in str(told.value)


def test_a_damaged_table_is_told_in_a_sentence(local_home):
    records.replace_months(local_home, "feed", rows(("a", JUNE)))
    for commit in commits(local_home):
        commit.write_text("{ not json")
    with pytest.raises(WarehouseError, match="could not be read"):
        records.scan(local_home, "feed")


def test_a_feed_that_was_a_snapshot_becomes_one_of_months(home):
    records.replace_all(home, "list", pl.DataFrame({"code": ["A"]}))
    month = date(2022, 7, 1)
    records.replace_months(home, "list", pl.DataFrame({"period": [month], "code": ["B"]}))
    assert records.read(home, "list").rows() == [(month, "B")]
    later = date(2022, 8, 1)
    records.replace_months(home, "list", pl.DataFrame({"period": [later], "code": ["C"]}))
    assert records.rows_by_period(home, "list") == {month: 1, later: 1}
