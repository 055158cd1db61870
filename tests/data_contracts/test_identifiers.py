"""No feed may hold who a person is."""

import numpy as np
import polars as pl
import pytest

from data_contracts.contract import all_contracts, load_contract
from data_contracts.gate import hold
from data_contracts.identifiers import holding_nhs_numbers, named_like_identifiers, passes_checksum
from tests.data_contracts.broken import with_cells
from tests.data_contracts.valid import context, valid

# The NHS Data Dictionary's worked example, and others made by hand from its rule.
TRUE = [9434765919, 4505577104, 9876543210, 4010232137]


def by_hand(number: int) -> bool:
    digits = [int(digit) for digit in f"{number:010d}"]
    total = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    check = 11 - total % 11
    return number > 0 and check != 10 and digits[9] == (0 if check == 11 else check)


def nhs_numbers(count: int, seed: int = 1) -> list[int]:
    rng = np.random.default_rng(seed)
    return [n for n in rng.integers(4_000_000_000, 5_000_000_000, 30 * count).tolist() if by_hand(n)][:count]


def test_the_checksum_is_the_data_dictionarys():
    assert passes_checksum(pl.Series(TRUE)).all()
    assert not passes_checksum(pl.Series([number + 1 for number in TRUE])).any()
    numbers = np.random.default_rng(7).integers(0, 9_999_999_999, 50_000)
    assert passes_checksum(pl.Series(numbers)).to_list() == [by_hand(n) for n in numbers.tolist()]


IDENTIFYING = [
    "name",
    "Patient Name",
    "forename",
    "surname",
    "PatientSurname",
    "nhs_number",
    "NHSNumber",
    "NHS No",
    "nhsno",
    "new_nhs_number",
    "postcode",
    "Post Code",
    "postcode_of_usual_address",
    "date_of_birth",
    "DateOfBirth",
    "dob",
    "person_birth_date",
    "home_address",
    "email",
    "phone",
]


@pytest.mark.parametrize("name", IDENTIFYING)
def test_a_column_named_like_an_identifier_refuses_the_file(name):
    frame = valid("outpatient_referrals").with_columns(pl.lit("x").alias(name))
    result = hold(frame, load_contract("outpatient_referrals"), context())
    assert result.outcome == "refused"
    assert f"'{name}'" in result.reasons[0]
    assert "personal identifier" in result.reasons[0]
    assert (result.accepted.height, result.quarantined.height) == (0, 0)


@pytest.mark.parametrize(
    "name",
    ["org_name", "Practice Name", "region_name", "provider_code", "attendance_id", "birth_weight", "age"],
)
def test_other_names_are_no_identifiers(name):
    assert named_like_identifiers([name]) == []


# Reference lists, whose `name` is an organisation's or an authority's.
OF_ORGANISATIONS = {
    "acute_trust_mapping",
    "authority_places",
    "authority_regions",
    "icb_mergers",
    "lsoa_authorities",
    "ods_trusts",
    "organisations",
    "pcn_members",
    "system_mapping",
}


@pytest.mark.parametrize("feed", sorted(set(all_contracts()) - OF_ORGANISATIONS))
def test_no_contract_promises_an_identifier(feed):
    assert named_like_identifiers(load_contract(feed).names) == []


def grouped(number: int, between: str) -> str:
    return f" {number // 10**7}{between}{number // 10**4 % 1000:03d}{between}{number % 10**4:04d} "


@pytest.mark.parametrize("between", ["", " ", "-"])
def test_a_column_of_nhs_numbers_refuses_the_file(between):
    frame = valid("emergency_care_attendances")
    numbers = [grouped(n, between) for n in nhs_numbers(frame.height)]
    frame = frame.with_columns(pl.Series("person_id", numbers))
    result = hold(frame, load_contract("emergency_care_attendances"), context())
    assert result.outcome == "refused"
    assert "'person_id' holds NHS numbers" in result.reasons[0]
    assert result.findings["rule"].to_list() == ["no_identifiers"]


@pytest.mark.parametrize(
    "column", ["attendance_id", "person_id", "practice_code", "arrival_mode", "lsoa_code"]
)
@pytest.mark.parametrize("value", ["943 476 5919", "see 9434765919 (twin)"])
def test_one_nhs_number_among_other_codes_refuses_the_file(column, value):
    frame = with_cells(valid("emergency_care_attendances"), {column: value})
    result = hold(frame, load_contract("emergency_care_attendances"), context())
    assert result.outcome == "refused"
    assert f"'{column}' holds NHS numbers: 1 of its 1" in result.reasons[0]


def test_whole_number_and_categorical_columns_are_looked_at_too():
    numbers = nhs_numbers(50)
    whole = pl.Series(numbers)
    frame = pl.DataFrame(
        {
            "whole": whole,
            "category": whole.cast(pl.String).cast(pl.Categorical),
            "with_gaps": whole.cast(pl.Float64),
            "exact": whole.cast(pl.Decimal(12, 0)),
        }
    )
    assert [found.column for found in holding_nhs_numbers(frame)] == frame.columns


@pytest.mark.parametrize("count", [10, 1_000, 200_000])
@pytest.mark.parametrize("seed", range(5))
def test_ten_digit_pseudonyms_pass_as_often_as_chance_and_are_let_be(count, seed):
    pseudonyms = np.random.default_rng(seed).integers(1_000_000_000, 9_999_999_999, count)
    assert holding_nhs_numbers(pl.DataFrame({"person_id": pl.Series(pseudonyms).cast(pl.String)})) == []
    in_order = pl.int_range(1_000_000_000, 1_000_000_000 + count, eager=True).cast(pl.String)
    assert holding_nhs_numbers(pl.DataFrame({"person_id": in_order})) == []


def test_nhs_numbers_hidden_among_ten_digit_pseudonyms_lift_the_share_beyond_chance():
    pseudonyms = np.random.default_rng(3).integers(1_000_000_000, 9_999_999_999, 100_000).tolist()
    frame = pl.DataFrame({"person_id": [str(n) for n in pseudonyms + nhs_numbers(2_000)]})
    assert [found.column for found in holding_nhs_numbers(frame)] == ["person_id"]


def test_longer_numbers_are_not_read_as_nhs_numbers():
    codes = pl.Series([f"{number}00" for number in nhs_numbers(100)] + ["1048031000000100"])
    assert holding_nhs_numbers(pl.DataFrame({"acuity": codes})) == []
