"""What becomes of a file: every row accepted or set aside, or the whole refused."""

import subprocess
import sys

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_contracts.contract import all_contracts, load_contract
from data_contracts.gate import hold
from data_contracts.recognise import UnknownLayout, recognise
from tests.data_contracts.broken import CELLS, with_cells
from tests.data_contracts.valid import context, valid

FEED = "emergency_care_attendances"
WARNINGS = [
    rule.name for rule in load_contract(FEED).rules if rule.severity == "warning" and rule.name in CELLS
]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.integers(0, 199), st.sampled_from(WARNINGS), max_size=14))
def test_every_row_is_accepted_or_set_aside_and_none_is_lost(broken):
    frame = valid(FEED)
    for row, rule in broken.items():
        frame = with_cells(frame, CELLS[rule], row)
    result = hold(frame, load_contract(FEED), context())
    if result.outcome == "refused":
        assert (result.accepted.height, result.quarantined.height) == (0, 0)
        return
    assert result.accepted.height + result.quarantined.height == frame.height
    numbered = frame.with_row_index("row_number", 1)
    aside = result.quarantined["row_number"]
    assert aside.is_unique().all()
    assert result.accepted.equals(
        numbered.filter(~pl.col("row_number").is_in(aside.implode())).drop("row_number")
    )
    assert result.quarantined.drop("row_number", "rule", "reason").equals(frame[(aside - 1).to_list()])
    assert set(broken) - {row - 1 for row in aside} <= {
        row for row, rule in broken.items() if rule.endswith("unique")
    }


@pytest.mark.parametrize(("bad", "outcome"), [(10, "accepted_with_quarantine"), (11, "refused")])
def test_too_many_rows_set_aside_refuse_the_file(bad, outcome):
    frame = valid(FEED).with_columns(age=pl.when(pl.int_range(pl.len()) < bad).then(-1).otherwise("age"))
    result = hold(frame, load_contract(FEED), context())
    assert result.outcome == outcome
    if outcome == "refused":
        assert result.reasons[0] == "11 of 200 rows (5.5%) break a rule, and the contract allows 5%"
        assert "age is outside 0 to 130 (11 rows; row 1: age is '-1')" in result.reasons[1]
        assert result.findings["rule"].to_list() == ["quarantine_share", "age_plausible"]


def test_a_row_with_several_faults_is_set_aside_once_with_all_of_them():
    frame = with_cells(valid(FEED), CELLS["age_plausible"] | CELLS["sex_known"])
    told = hold(frame, load_contract(FEED), context()).quarantined
    assert told.select("rule", "reason").rows() == [
        (
            "age_plausible; sex_known",
            "age is outside 0 to 130; sex is not an NHS Data Dictionary code (1, 2, 9, X)",
        )
    ]


def test_of_rows_repeated_exactly_one_is_kept_and_of_a_repeated_key_none():
    frame = valid(FEED)
    twice = pl.concat([frame, frame[[3]], with_cells(frame, {"age": 77}, 9)[[9]]])
    result = hold(twice, load_contract(FEED), context())
    assert result.quarantined["row_number"].to_list() == [10, 201, 202]
    assert result.quarantined["rule"].unique().to_list() == ["attendance_id_unique"]
    assert result.accepted.height + 3 == twice.height


def test_codes_are_not_checked_before_any_are_known_and_it_says_so():
    result = hold(valid(FEED), load_contract(FEED), context(known_codes={"practice_code": frozenset()}))
    assert result.outcome == "accepted"
    assert set(result.findings["rule"]) == {
        "provider_code_in_organisations",
        "practice_code_in_organisations",
    }
    assert all("not checked" in reason for reason in result.findings["reason"])


def test_a_file_without_rows_is_refused():
    result = hold(load_contract(FEED).empty(), load_contract(FEED), context())
    assert (result.outcome, result.reasons) == ("refused", ("the file has column names but no rows",))


def test_a_wrong_layout_is_refused_naming_what_is_new_and_what_is_missing():
    frame = valid(FEED).rename({"arrival_datetime": "arrived"})
    result = hold(frame, load_contract(FEED), context())
    assert result.reasons == (
        f"the columns are not those of {FEED}: 'arrived' is new and 'arrival_datetime' is missing",
    )


def told_apart() -> list[str]:
    """The feeds whose columns are no other feed's; the rest are told by their published headers."""
    names = {feed: frozenset(contract.names) for feed, contract in all_contracts().items()}
    return [feed for feed in names if list(names.values()).count(names[feed]) == 1]


@pytest.mark.parametrize("feed", told_apart())
def test_a_feed_is_recognised_by_its_columns_in_any_order(feed):
    names = load_contract(feed).names
    assert recognise(names) == recognise(names[::-1]) == recognise([*names, "nhs_number"]) == feed


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (["colour", "size"], "no feed has these columns ('colour', 'size')"),
        (
            [*load_contract(FEED).names[1:], "id"],
            f"nearest to {FEED}, but 'id' is new and 'attendance_id' is missing",
        ),
        ([*load_contract(FEED).names, "age"], f"nearest to {FEED}, but 'age' is there more than once"),
        ([], "no feed has these columns ()"),
    ],
)
def test_an_unknown_layout_is_one_sentence(columns, sentence):
    with pytest.raises(UnknownLayout) as told:
        recognise(columns)
    assert sentence in str(told.value)


def test_only_feeds_that_adapters_write_share_their_columns():
    assert {*all_contracts()} - {*told_apart()} == {
        *("boundaries_authorities", "boundaries_systems"),
        *("specialist_advice_by_provider", "specialist_advice_by_system"),
    }


def test_contracts_and_recognition_do_not_load_the_engine():
    code = (
        "import sys, data_contracts.gate, data_contracts.recognise as r\n"
        "from data_contracts.contract import all_contracts\n"
        "all_contracts()\n"
        "print([m for m in ('great_expectations', 'pandas') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
