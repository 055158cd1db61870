"""The one crossing to Great Expectations, which has no Polars engine: frames go over as pandas views.

GX judges; nothing here decides whether a value is right. Importing this module takes seconds, so the gate
does it with the first file it must judge. GX's telemetry is off, it draws no progress bars, writes no file
and asks no network.
"""

import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from data_contracts.contract import Rule, is_parameter
from data_contracts.verdicts import Verdict
from data_contracts.views import View, views

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when the library is imported

import great_expectations as gx
from great_expectations.core.batch import Batch
from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.execution_engine.pandas_batch_data import PandasBatchData
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.validator.metric_configuration import MetricConfiguration
from great_expectations.validator.validator import Validator

NO_ROWS = pl.Series(dtype=pl.UInt32)


class EngineError(RuntimeError):
    """Great Expectations could not judge a rule: a fault of ours, never of the file's."""


def judge(frame: pl.DataFrame, rules: Sequence[Rule], parameters: Mapping[str, Any]) -> list[Verdict]:
    """Judge rules on a typed frame, in their order.

    `parameters` fill the rules' `$PARAMETER`s; a rule whose parameters are not all given has no verdict.
    Raises EngineError when GX itself fails.
    """
    ready = [rule for rule in rules if rule.parameters <= parameters.keys()]
    verdicts = [verdict for view in views(frame, ready) for verdict in _judge(view, parameters)]
    order = {rule.name: place for place, rule in enumerate(rules)}
    return sorted(verdicts, key=lambda verdict: order[verdict.rule.name])


def _judge(view: View, parameters: Mapping[str, Any]) -> list[Verdict]:
    validator = _validator(_to_pandas(view.frame))
    configured = {rule.name: _configuration(rule, parameters) for rule in view.rules}
    results = validator.graph_validate(
        configurations=list(configured.values()),
        runtime_configuration={"result_format": "BOOLEAN_ONLY", "catch_exceptions": True},
    )
    held: dict[str, bool] = {}
    for result in results:
        asked: Any = result.expectation_config
        rule_name = asked.meta["rule"]
        if fault := _exception(result.exception_info):
            raise EngineError(f"rule {rule_name} could not be judged: {fault}")
        held[rule_name] = bool(result.success)
    verdicts = []
    for rule in view.rules:
        if held[rule.name] or rule.judged_on != "rows":
            verdicts.append(Verdict(rule, held[rule.name], NO_ROWS))
        elif view.again is not None:
            verdicts.extend(_judge(view.again(), parameters))
        else:
            failing = view.rows(rule, _failing(validator, configured[rule.name]))
            verdicts.append(Verdict(rule, False, failing.cast(pl.UInt32)))
    return verdicts


def _failing(validator: Validator, configured: ExpectationConfiguration) -> pl.Series:
    """Return the failing positions from GX's own mask, the metric behind its count: its lists stop at 200."""
    expectation: Any = configured.to_domain_obj()
    needed = expectation.get_validation_dependencies(execution_engine=validator.execution_engine)
    counted = needed.metric_configurations[f"{expectation.map_metric}.unexpected_count"]
    condition = MetricConfiguration(
        f"{expectation.map_metric}.condition", counted.metric_domain_kwargs, counted.metric_value_kwargs
    )
    mask: pd.Series[bool] = validator.get_metric(condition)[0]
    return pl.Series(mask.index[mask.to_numpy(dtype=bool, na_value=True)].to_numpy(), dtype=pl.UInt32)


def _configuration(rule: Rule, parameters: Mapping[str, Any]) -> ExpectationConfiguration:
    filled = {
        name: parameters[value["$PARAMETER"]] if is_parameter(value) else value
        for name, value in rule.kwargs.items()
    }
    return ExpectationConfiguration(
        type=rule.expectation,
        kwargs=filled,
        meta={"rule": rule.name},
        severity=FailureSeverity(rule.severity),
    )


def _validator(frame: pd.DataFrame) -> Validator:
    """Wrap a frame for GX directly: its data sources would hash every value only to name the batch."""
    engine = PandasExecutionEngine()
    data: Any = PandasBatchData(engine, frame)
    return Validator(execution_engine=engine, data_context=_context(), batches=[Batch(data=data)])


@cache
def _context() -> EphemeralDataContext:
    """Return a context that keeps everything in memory: the ordinary one makes a folder for its pages."""
    quiet = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    return gx.get_context(project_config=quiet, mode="ephemeral")


def _to_pandas(frame: pl.DataFrame) -> pd.DataFrame:
    """Cross to pandas: text stays Arrow; times and numbers become NumPy's, which GX compares fast."""
    crossed: dict[str, np.ndarray[Any, Any] | pd.Series[Any]] = {}
    for column in frame.iter_columns():
        if column.dtype.is_temporal():
            crossed[column.name] = column.cast(pl.Datetime("ns")).to_numpy()
        elif column.dtype.is_numeric():
            whole = column.dtype.is_integer() and not column.null_count()
            crossed[column.name] = column.cast(pl.Int64 if whole else pl.Float64).to_numpy()
        else:
            crossed[column.name] = column.to_pandas(use_pyarrow_extension_array=True)
    return pd.DataFrame(crossed, copy=False)


def _exception(info: Mapping[str, Any]) -> str | None:
    """Return what GX raised, if anything: it reports one exception flat, several by metric."""
    told = [info] if "raised_exception" in info else list(info.values())
    return next((str(one["exception_message"]) for one in told if one.get("raised_exception")), None)
