"""Every contract is a valid Open Data Contract Standard 3.1 document."""

import pytest
from datacontract.data_contract import DataContract

from data_contracts.contract import HERE, NOT_FEEDS, feeds


@pytest.mark.parametrize("feed", [*feeds(), *NOT_FEEDS])
def test_contract_passes_datacontract_lint(feed):
    run = DataContract(data_contract_file=str(HERE / f"{feed}.odcs.yaml")).lint()
    faults = [(check.name, check.reason) for check in run.checks if check.result != "passed"]
    assert (str(run.result.value), faults) == ("passed", [])
