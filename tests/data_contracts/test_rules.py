"""Every rule of every contract can fail, fails alone, and does to the file what its severity says."""

from datetime import date

import pytest

from data_contracts.contract import all_contracts, load_contract
from data_contracts.gate import hold
from tests.data_contracts.broken import ALONGSIDE, CELLS, EMPTIED, ROW, VOLUME, emptied, with_cells
from tests.data_contracts.valid import context, valid

EVERY = [(feed, rule.name) for feed, contract in all_contracts().items() for rule in contract.rules]


@pytest.mark.parametrize("feed", all_contracts())
def test_a_faultless_file_is_accepted_whole(feed):
    frame = valid(feed)
    result = hold(frame, load_contract(feed), context())
    assert (result.outcome, result.findings.rows(), result.reasons) == ("accepted", [], ())
    assert result.accepted.equals(frame)
    assert result.quarantined.is_empty()


def test_every_rule_has_something_that_breaks_it():
    shown = {*CELLS, *EMPTIED, VOLUME}
    assert {rule for _, rule in EVERY} == shown


@pytest.mark.parametrize(("feed", "name"), EVERY)
def test_a_rule_fails_when_it_is_broken(feed, name):
    contract = load_contract(feed)
    rule = next(rule for rule in contract.rules if rule.name == name)
    result, broken_row = _break(feed, name, contract)

    found = {finding["rule"]: finding for finding in result.findings.iter_rows(named=True)}
    allowed = {name, *ALONGSIDE.get(name, ())}
    assert name in found
    assert set(found) <= allowed
    assert found[name]["severity"] == rule.severity
    assert rule.reason in found[name]["reason"]
    if rule.severity == "critical":
        assert result.outcome == "refused"
        assert any(rule.reason in reason for reason in result.reasons)
    elif rule.severity == "warning":
        assert result.outcome == "accepted_with_quarantine"
        told = result.quarantined.filter(row_number=broken_row + 1).row(0, named=True)
        assert name in told["rule"].split("; ")
        assert rule.reason in told["reason"]
    else:
        assert all(name not in rules for rules in result.quarantined["rule"])


def _break(feed, name, contract):
    frame = valid(feed)
    if name == VOLUME:
        usual = {date(2026, month, 1): 10 * frame.height for month in range(1, 9)}
        return hold(frame, contract, context(usual_rows=usual)), None
    if name in EMPTIED:
        return hold(emptied(frame, EMPTIED[name]), contract, context()), None
    return hold(with_cells(frame, CELLS[name]), contract, context()), ROW


@pytest.mark.parametrize("feed", all_contracts())
def test_what_is_promised_never_to_be_missing_has_a_rule_that_says_so(feed):
    contract = load_contract(feed)
    told = {rule.columns[0] for rule in contract.rules if rule.name.endswith("_present")}
    required = {column.name for column in contract.columns if column.required}
    assert required <= told


@pytest.mark.parametrize("feed", all_contracts())
def test_rules_have_names_of_their_own_and_reasons_in_words(feed):
    contract = load_contract(feed)
    names = [rule.name for rule in contract.rules]
    assert len(names) == len(set(names))
    assert all(len(rule.reason.split()) >= 3 for rule in contract.rules)
    columns = {*contract.names, "share_of_usual_rows"}
    assert all(set(rule.columns) <= columns for rule in contract.rules)
    assert contract.key
    assert set(contract.key) <= set(contract.names)
