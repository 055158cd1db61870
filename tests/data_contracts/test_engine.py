"""Great Expectations' verdicts against plain Polars, and what the crossing must not do."""

import subprocess
import sys
from datetime import datetime

import numpy as np
import polars as pl
import pytest

from data_contracts.contract import Rule, load_contract
from data_contracts.gate import parameters
from data_contracts.gate_engine import EngineError, judge
from tests.data_contracts.valid import PROVIDERS, TODAY, context, valid

FEED = "emergency_care_attendances"
CODES = ["01", "02", "03", "05"]

# Rule -> what a reader would write in Polars for "this row breaks it".
PLAIN = {
    "department_type_known": ~pl.col("department_type").is_in(CODES),
    "department_type_present": pl.col("department_type").is_null(),
    "attendance_id_unique": pl.col("attendance_id").is_duplicated() & pl.col("attendance_id").is_not_null(),
    "departure_after_arrival": pl.col("departure_datetime") < pl.col("arrival_datetime"),
    "arrival_datetime_not_in_future": pl.col("arrival_datetime") >= datetime(2026, 10, 6),
    "age_plausible": ~pl.col("age").is_between(0, 130),
    "provider_code_shape": ~pl.col("provider_code").str.contains("^[A-Z0-9]{3,9}$"),
    "provider_code_in_organisations": ~pl.col("provider_code").is_in(PROVIDERS),
    "lsoa_code_shape": ~pl.col("lsoa_code").str.contains("^[EW]01[0-9]{6}$"),
}


def dirty(seed: int, rows: int = 5_000) -> pl.DataFrame:
    """Make a frame in which every rule fails in some hundreds of rows, and many cells are missing."""
    rng = np.random.default_rng(seed)
    frame = valid(FEED, rows)

    def sometimes(name: str, value: object, share: float = 0.08) -> pl.Expr:
        here = pl.Series(rng.random(rows) < share)
        return pl.when(here).then(pl.lit(value, dtype=frame.schema[name])).otherwise(pl.col(name)).alias(name)

    for name, values in {
        "attendance_id": ["A000001", "A000002", None],
        "arrival_datetime": [datetime(2026, 12, 1), datetime(2026, 10, 5, 23, 59), None],
        "departure_datetime": [datetime(2025, 1, 1), None],
        "department_type": ["04", "1", "", None],
        "age": [-1, 131, 130, None],
        "provider_code": ["rab", "RZZ", "R", None],
        "lsoa_code": ["S01000001", "E0100", None],
    }.items():
        for value in values:
            frame = frame.with_columns(sometimes(name, value))
    return frame


@pytest.mark.parametrize("seed", range(4))
def test_the_engine_and_plain_polars_find_the_same_rows(seed):
    frame = dirty(seed)
    rules = [rule for rule in load_contract(FEED).rules if rule.name in PLAIN]
    assert len(rules) == len(PLAIN)
    for verdict in judge(frame, rules, parameters(context(), frame)):
        plain = frame.select(PLAIN[verdict.rule.name].fill_null(False).arg_true()).to_series().to_list()
        assert len(plain) > 200, "GX's own lists stop at 200: the oracle must go past it"
        assert sorted(verdict.rows.to_list()) == plain, verdict.rule.name
        assert not verdict.held


def test_keys_that_share_a_hash_are_not_mistaken_for_a_repeat(monkeypatch):
    frame = valid(FEED)
    rule = next(rule for rule in load_contract(FEED).rules if rule.name == "attendance_id_unique")
    monkeypatch.setattr(pl.Expr, "hash", lambda self, *_: self.str.len_bytes().cast(pl.UInt64))
    assert judge(frame, [rule], {})[0].rows.to_list() == []
    twice = pl.concat([frame, frame[[3]]])
    assert sorted(judge(twice, [rule], {})[0].rows.to_list()) == [3, 200]


def test_what_the_engine_cannot_judge_is_our_fault_and_is_raised():
    rule = Rule("broken", "expect_column_values_to_match_regex", {"column": "sex", "regex": "("}, "warning",
                "sex is odd", ("sex",), "rows")  # fmt: skip
    with pytest.raises(EngineError, match="rule broken could not be judged"):
        judge(valid(FEED), [rule], {})


def test_the_engine_is_quiet_and_writes_nothing(tmp_path):
    code = (
        "import sys, socket\n"
        "def refuse(*a, **k): raise AssertionError('the network was asked')\n"
        "socket.socket.connect = refuse\n"
        "from data_contracts.contract import load_contract\n"
        "from data_contracts.gate import hold\n"
        "from tests.data_contracts.valid import context, valid\n"
        "print(hold(valid('deprivation'), load_contract('deprivation'), context()).outcome)\n"
    )
    environment = {
        "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path),
        "PYTHONPATH": ":".join(sys.path),
        "PATH": "",
    }
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
    )
    assert (told.stdout, told.stderr) == ("accepted\n", "")
    assert list(tmp_path.iterdir()) == []


def test_a_rule_is_judged_as_of_today():
    frame = valid(FEED)
    later = parameters(context(today=TODAY.replace(month=9, day=10)), frame)
    rule = next(rule for rule in load_contract(FEED).rules if rule.name == "arrival_datetime_not_in_future")
    assert (
        judge(frame, [rule], later)[0].rows.len()
        == frame.filter(pl.col("arrival_datetime") >= datetime(2026, 9, 11)).height
    )
