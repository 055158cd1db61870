"""What the engine is asked and answers, told without loading it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl

from data_contracts.contract import Rule


@dataclass(frozen=True)
class Verdict:
    """Whether a rule held, and where it is judged on rows, which rows (from 0, UInt32) did not."""

    rule: Rule
    held: bool
    rows: pl.Series


class Judge(Protocol):
    """Judges rules on a typed frame; a rule whose parameters are not all given has no verdict."""

    def __call__(
        self, frame: pl.DataFrame, rules: Sequence[Rule], parameters: Mapping[str, Any]
    ) -> list[Verdict]:
        """Return a verdict for each rule judged, in the rules' order."""
