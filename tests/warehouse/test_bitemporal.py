"""Observations are remembered as they were known."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from observed import AUGUST, JULY, JUNE, START, at, observed, values
from sqlalchemy import select

from warehouse import counted, frames, observations, organisations, runs
from warehouse.errors import WarehouseError
from warehouse.observations import Written
from warehouse.tables import observation


@pytest.fixture
def write(home):
    run_id = runs.start(home, "test")

    def write(cells, minutes, periods=None, **same):
        frame = observed(cells, **same)
        basis = same.get("basis", "local")
        indicator = same.get("indicator", "made_up")
        return observations.write(home, frame, indicator, basis, periods, run_id, at(minutes))

    return write


def test_a_change_closes_the_old_and_adds_the_new(home, write):
    assert write({("A", JUNE): 4, ("B", JUNE): 5}, 0) == Written(0, 2, 0)
    assert write({("A", JUNE): 4, ("B", JUNE): 6}, 1) == Written(1, 1, 1)
    assert values(observations.read(home)) == {("A", JUNE): 4, ("B", JUNE): 6}
    assert values(observations.read(home, as_known_on=at(0))) == {("A", JUNE): 4, ("B", JUNE): 5}


def test_before_the_first_write_nothing_was_known(home, write):
    write({("A", JUNE): 4}, 0)
    assert observations.read(home, as_known_on=at(-1)).is_empty()


def test_an_unchanged_row_is_left_untouched(home, write):
    write({("A", JUNE): None, ("B", JUNE): 5}, 0)
    assert write({("A", JUNE): None, ("B", JUNE): 5}, 9) == Written(0, 0, 2)
    with home.reading() as connection:
        found = frames.fetch(connection, select(observation.c.known_from), {"known_from": frames.MOMENT})
    assert found["known_from"].unique().to_list() == [at(0)]


@pytest.mark.parametrize("column", ["numerator", "denominator", "value", "target", "path", "status"])
def test_every_measure_is_compared_and_null_is_a_value(home, write, column):
    write({("A", JUNE): 4}, 0)
    changed = "provisional" if column == "status" else 0.125
    assert write({("A", JUNE): 4}, 1, **{column: changed}) == Written(1, 1, 0)
    assert write({("A", JUNE): 4}, 2) == Written(1, 1, 0)


def test_what_vanishes_is_closed_and_may_come_back(home, write):
    write({("A", JUNE): 4, ("B", JUNE): 5}, 0)
    assert write({("A", JUNE): 4}, 1) == Written(1, 0, 1)
    assert write({("A", JUNE): 4, ("B", JUNE): 5}, 2) == Written(0, 1, 1)
    known = [values(observations.read(home, as_known_on=at(m))).get(("B", JUNE)) for m in (0, 1, 2)]
    assert known == [5, None, 5]


def test_only_the_scope_is_touched(home, write):
    write({("A", JUNE): 4, ("A", JULY): 5, ("A", AUGUST): 6}, 0)
    write({("A", JUNE): 1}, 0, basis="published")
    write({("A", JUNE): 2}, 0, indicator="another")
    assert write({("A", JUNE): 7}, 1, periods=[JUNE, AUGUST]) == Written(2, 1, 0)
    assert values(observations.read(home, "made_up", basis="local")) == {("A", JUNE): 7, ("A", JULY): 5}
    assert observations.read(home).height == 4
    assert write({}, 2, periods=[]) == Written(0, 0, 0)


def test_a_new_definition_closes_the_old_ones_figures(home, write):
    write({("A", JUNE): 4}, 0)
    assert write({("A", JUNE): 4}, 1, definition_version="2") == Written(1, 1, 0)
    assert observations.read(home)["definition_version"].to_list() == ["2"]
    assert observations.read(home, as_known_on=at(0))["definition_version"].to_list() == ["1"]


def test_a_date_means_the_end_of_that_day_in_utc(home, write):
    write({("A", JUNE): 4}, 0)
    midnight = datetime(2026, 5, 15, tzinfo=UTC)
    write({("A", JUNE): 5}, (midnight - START) / timedelta(minutes=1))
    assert values(observations.read(home, as_known_on=date(2026, 5, 13))) == {}
    assert values(observations.read(home, as_known_on=date(2026, 5, 14))) == {("A", JUNE): 4}
    assert values(observations.read(home, as_known_on=date(2026, 5, 15))) == {("A", JUNE): 5}


def test_another_zone_is_the_same_moment(home, write):
    from datetime import timezone

    write({("A", JUNE): 4}, 0)
    write({("A", JUNE): 5}, 30)
    tokyo = at(10).astimezone(timezone(timedelta(hours=9)))
    assert values(observations.read(home, as_known_on=tokyo)) == {("A", JUNE): 4}


def test_a_clock_that_went_back_changes_nothing(home, write):
    write({("A", JUNE): 4, ("B", JUNE): 1}, 10)
    write({("A", JUNE): 4}, 20)
    with pytest.raises(WarehouseError, match="The clock went back"):
        write({("A", JUNE): 5}, 10)
    with pytest.raises(WarehouseError, match="The clock went back"):
        write({("A", JUNE): 4, ("B", JUNE): 1}, 15)
    assert write({("A", JUNE): 4}, 5) == Written(0, 0, 1)
    assert values(observations.read(home)) == {("A", JUNE): 4}


@pytest.mark.parametrize(
    ("cells", "same", "message"),
    [
        ({("A", AUGUST): 4}, {}, "outside the scope"),
        ({("A", JUNE): 4}, {"indicator": "another"}, "outside the scope"),
        ({("A", JUNE): 4}, {"basis": "published"}, "outside the scope"),
        ({("A", JUNE): 4}, {"category": None}, "never empty"),
        ({("A", JUNE): 4}, {"status": None}, "never empty"),
        ({("A", JUNE): 4}, {"value": float("nan")}, "never NaN"),
        ({("A", JUNE): 4}, {"path": float("inf")}, "finite"),
    ],
)
def test_a_wrong_frame_is_refused_whole(home, cells, same, message):
    run_id = runs.start(home, "test")
    frame = pl.concat([observed({("B", JUNE): 1}), observed(cells, **same)])
    with pytest.raises(ValueError, match=message):
        observations.write(home, frame, "made_up", "local", [JUNE, JULY], run_id, at(0))
    assert observations.read(home, breakdown=None).is_empty()


def test_two_observations_of_one_point_are_refused(home):
    frame = pl.concat([observed({("A", JUNE): 1}), observed({("A", JUNE): 2})])
    with pytest.raises(ValueError, match="two observations"):
        observations.write(home, frame, "made_up", "local", None, runs.start(home, "test"), at(0))


def test_read_chooses_and_sorts(home, write):
    cells = {(org, month): 1 for org in ("B", "A", "C") for month in (JULY, JUNE, AUGUST)}
    write(cells, 0)
    found = observations.read(home, "made_up", ["place"], ["C", "A"], start=JULY, end=AUGUST)
    assert found.select("organisation", "period").rows() == [
        ("A", JULY),
        ("A", AUGUST),
        ("C", JULY),
        ("C", AUGUST),
    ]
    assert observations.read(home, levels=["region"]).is_empty()
    assert observations.read(home, organisations=[]).is_empty()
    assert observations.read(home, breakdown="age_band").is_empty()
    assert observations.read(home, breakdown=None).height == 9


def test_parameters_are_bound(home, write):
    write({("A'; DROP TABLE observation; --", JUNE): 1}, 0)
    found = observations.read(home, organisations=["A'; DROP TABLE observation; --"])
    assert found.height == 1
    assert observations.read(home, indicator="' OR 1=1 --").is_empty()


def test_empty_and_full_reads_have_the_same_dtypes(home, write):
    empty = observations.read(home)
    write({("A", JUNE): None}, 0)
    full = observations.read(home)
    assert empty.schema == full.schema
    assert tuple(full.columns) == observations.COLUMNS
    assert full.schema["period"] == pl.Date
    assert full.schema["path"] == pl.Float64


def test_numbers_come_back_bit_for_bit(home):
    numbers = [0.1 + 0.2, 1 / 3, 5e-324, 1.7976931348623157e308, -0.0, 2.0**53 + 1, 0.755450]
    cells = {(f"O{i}", JUNE): number for i, number in enumerate(numbers)}
    frame = observed(cells).with_columns(value=pl.col("numerator"))
    observations.write(home, frame, "made_up", "local", None, runs.start(home, "test"), at(0))
    assert observations.read(home).sort("organisation")["value"].to_list() == numbers


def test_odd_names_come_back_whole(home, write):
    odd = [
        'comma, "quoted"',
        "line\nbreak",
        "",
        "Ünïcode",
        "back\\slash",
        "\\N",
        "\\.",
        "NULL",
        "carriage\rreturn",
    ]
    write({(name, JUNE): 1 for name in odd}, 0)
    assert sorted(observations.read(home)["organisation"]) == sorted(odd)


def test_the_newest_name_of_the_same_basis(home, write):
    columns = {"level": "place", "parent": None, "valid_to": None, "successor": None}
    local = [
        {"code": "A", "name": "Old", "valid_from": date(2020, 1, 1), **columns},
        {"code": "A", "name": "New", "valid_from": date(2026, 1, 1), **columns},
    ]
    published = [
        {"code": name, "name": f"{name} as published", "valid_from": date(2024, 1, 1), **columns}
        for name in ("A", "B")
    ]
    dtypes = {name: dtype for name, dtype in organisations.COLUMNS.items() if name != "source"}
    organisations.write(home, pl.DataFrame(local, schema=dtypes))
    organisations.write(home, pl.DataFrame(published, schema=dtypes), "published")
    write({("A", JUNE): 1, ("B", JUNE): 1, ("unattributed", JUNE): 1, ("C", JUNE): 1}, 0)
    write({("A", JUNE): 1}, 0, basis="published")
    found = observations.read(home).select("basis", "organisation", "organisation_name").rows()
    assert found == [
        ("local", "A", "New"),
        ("local", "B", "B as published"),
        ("local", "C", None),
        ("local", "unattributed", "Unattributed"),
        ("published", "A", "A as published"),
    ]


def test_fingerprints_are_kept_with_the_observations(home):
    run_id = runs.start(home, "test")
    prints = pl.DataFrame({"period": [JUNE, JULY], "fingerprint": ["a", "b"]})
    frame = observed({("A", JUNE): 1, ("A", JULY): 1})
    observations.write(home, frame, "made_up", "local", None, run_id, at(0), prints)
    assert counted.read(home, "made_up", "local").rows() == [(JUNE, "a"), (JULY, "b")]
    july = frame.filter(period=JULY)
    observations.write(
        home,
        july,
        "made_up",
        "local",
        [JULY],
        run_id,
        at(1),
        prints[1:].with_columns(fingerprint=pl.lit("c")),
    )
    assert counted.read(home, "made_up", "local").rows() == [(JUNE, "a"), (JULY, "c")]
    assert counted.read(home, "made_up", "published").schema == counted.COLUMNS
    # All months again, one of them gone.
    observations.write(home, july, "made_up", "local", None, run_id, at(2), prints[1:])
    assert counted.read(home, "made_up", "local").rows() == [(JULY, "b")]
