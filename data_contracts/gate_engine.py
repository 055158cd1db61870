"""The one crossing to Great Expectations, which has no Polars engine: frames go over as pandas views.

GX judges; nothing here decides whether a value is right. Importing it takes seconds, so it waits for the
first file. Its telemetry is off, it draws no progress bars, writes no file and asks no network.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from data_contracts.contract import Rule
from data_contracts.views import View, views

if TYPE_CHECKING:
    import pandas as pd


class EngineFault(RuntimeError):
    """Great Expectations could not judge a rule: a fault of ours, never of the file's."""


@dataclass(frozen=True)
class Verdict:
    """What GX said of one rule: whether it held, and which rows (from 0) failed where rows are judged."""

    rule: Rule
    held: bool
    rows: pl.Series


def judge(frame: pl.DataFrame, rules: Sequence[Rule], parameters: Mapping[str, Any]) -> list[Verdict]:
    """Judge every rule on a typed frame.

    `parameters` fill the rules' `$PARAMETER`s (GX's suite parameters); a rule whose parameter is not given is
    not judged and has no verdict. Raises EngineFault when GX itself fails.
    """
    ready = [rule for rule in rules if parameters_of(rule) <= parameters.keys()]
    verdicts = [verdict for view in views(frame, ready) for verdict in _judge(view, parameters)]
    order = {rule.name: place for place, rule in enumerate(rules)}
    return sorted(verdicts, key=lambda verdict: order[verdict.rule.name])


def parameters_of(rule: Rule) -> set[str]:
    """Name the suite parameters a rule needs."""
    return {value["$PARAMETER"] for value in rule.kwargs.values() if isinstance(value, dict)}


def _judge(view: View, parameters: Mapping[str, Any]) -> list[Verdict]:
    validator = _validator(_to_pandas(view.frame))
    configurations = {rule.name: _configuration(rule, parameters) for rule in view.rules}
    results = validator.graph_validate(
        configurations=list(configurations.values()),
        runtime_configuration={"result_format": "BOOLEAN_ONLY", "catch_exceptions": True},
    )
    held = {}
    for result in results:
        name = result.expectation_config.meta["rule"]
        held[name] = bool(result.success)
        if fault := _exception(result.exception_info):
            raise EngineFault(f"rule {name} could not be judged: {fault}")
    verdicts = []
    for rule in view.rules:
        if held[rule.name]:
            verdicts.append(Verdict(rule, True, _NONE))
        elif view.again is not None:
            verdicts.extend(_judge(view.again(), parameters))
        elif rule.judged_on != "rows":
            verdicts.append(Verdict(rule, False, _NONE))
        else:
            mask = _failing(validator, configurations[rule.name].to_domain_obj())
            positions = pl.Series(
                mask.index[mask.fillna(True).to_numpy(dtype=bool)].to_numpy(), dtype=pl.UInt32
            )
            verdicts.append(Verdict(rule, False, view.rows(rule, positions).cast(pl.UInt32)))
    return verdicts


_NONE = pl.Series(dtype=pl.UInt32)


def _failing(validator: Any, expectation: Any) -> Any:
    """Return GX's own mask of failing rows, the metric behind its count: its result lists stop at 200."""
    from great_expectations.validator.metric_configuration import MetricConfiguration

    needed = expectation.get_validation_dependencies(execution_engine=validator.execution_engine)
    counted = needed.metric_configurations[f"{expectation.map_metric}.unexpected_count"]
    return validator.get_metric(
        MetricConfiguration(
            f"{expectation.map_metric}.condition", counted.metric_domain_kwargs, counted.metric_value_kwargs
        )
    )[0]


def _configuration(rule: Rule, parameters: Mapping[str, Any]) -> Any:
    from great_expectations.expectations.expectation_configuration import (
        ExpectationConfiguration,
    )

    filled = {
        name: parameters[value["$PARAMETER"]] if isinstance(value, dict) else value
        for name, value in rule.kwargs.items()
    }
    return ExpectationConfiguration(
        type=rule.expectation, kwargs=filled, meta={"rule": rule.name}, severity=rule.severity
    )


def _validator(frame: "pd.DataFrame") -> Any:
    """Wrap a frame for GX directly: its data sources would hash every value only to name the batch."""
    context = _context()
    from great_expectations.core.batch import Batch
    from great_expectations.execution_engine import PandasExecutionEngine
    from great_expectations.execution_engine.pandas_batch_data import PandasBatchData
    from great_expectations.validator.validator import Validator

    engine = PandasExecutionEngine()
    batch = Batch(data=PandasBatchData(engine, frame))
    return Validator(execution_engine=engine, data_context=context, batches=[batch])


@cache
def _context() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = great_expectations.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


def _to_pandas(frame: pl.DataFrame) -> "pd.DataFrame":
    """Cross to pandas: text stays Arrow; dates and whole numbers become NumPy's, which GX compares by column."""
    import pandas as pd

    crossed = {}
    for column in frame.iter_columns():
        if column.dtype.is_temporal():
            crossed[column.name] = column.cast(pl.Datetime("ns")).to_numpy()
        elif column.dtype.is_integer():
            wide = column.cast(pl.Float64 if column.null_count() else pl.Int64)
            crossed[column.name] = wide.to_numpy()
        elif column.dtype.is_float():
            crossed[column.name] = column.to_numpy()
        else:
            crossed[column.name] = column.to_pandas(use_pyarrow_extension_array=True)
    return pd.DataFrame(crossed, copy=False)


def _exception(info: Mapping[str, Any]) -> str | None:
    """Return what GX raised, if anything: it reports one exception flat, several by metric."""
    if "raised_exception" in info:
        return info["exception_message"] if info["raised_exception"] else None
    return next((one["exception_message"] for one in info.values() if one.get("raised_exception")), None)
