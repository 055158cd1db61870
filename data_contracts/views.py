"""Smaller frames on which a rule's verdict is the same as on the whole, and the way back to the rows.

Rows which a rule cannot tell apart are shown to it once: for a code list, each distinct code; for "must not
be missing", one present and one missing value; for uniqueness, 64-bit hashes of the keys. Equal keys have
equal hashes, so no repeat is missed; where hashes repeat, the rule is judged again on the true keys of the
suspect rows, so two keys that share a hash are not mistaken for a repeat.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from data_contracts.contract import Rule

UNIQUE = ("expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique")
NOT_NULL = "expect_column_values_to_not_be_null"


@dataclass(frozen=True)
class View:
    """A frame to judge some rules on.

    `rows` takes a failing rule and its failing positions in `frame` (from 0) to the file's rows (from 0).
    `again`, where there is one, makes the view on which a rule that failed here is to be judged instead.
    """

    frame: pl.DataFrame
    rules: tuple[Rule, ...]
    rows: Callable[[Rule, pl.Series], pl.Series]
    again: Callable[[], "View"] | None = None


def views(frame: pl.DataFrame, rules: Sequence[Rule]) -> list[View]:
    """Group the rules into as few and as small views as keep every verdict."""
    missing, single, made = [], dict[str, list[Rule]](), []
    for rule in rules:
        if rule.judged_on != "rows":
            made.append(_presence(frame, rule))
        elif rule.expectation in UNIQUE:
            made.append(_keys(frame, rule))
        elif len(rule.columns) > 1:
            made.append(_together(frame, rule))
        elif rule.expectation == NOT_NULL:
            missing.append(rule)
        else:
            single.setdefault(rule.columns[0], []).append(rule)
    made += [_values(frame[column], tuple(about)) for column, about in single.items()]
    return made + ([_missing(frame, tuple(missing))] if missing else [])


def _as_they_are(_: Rule, positions: pl.Series) -> pl.Series:
    return positions


def _values(values: pl.Series, rules: tuple[Rule, ...]) -> View:
    """Each distinct value once; timestamps as they are, for hardly two are alike."""
    if values.dtype == pl.Datetime:
        return View(values.to_frame(), rules, _as_they_are)
    distinct = values.drop_nulls().unique()

    def rows(_: Rule, positions: pl.Series) -> pl.Series:
        return values.is_in(distinct.gather(positions).implode()).fill_null(False).arg_true()

    return View(distinct.to_frame(), rules, rows)


def _together(frame: pl.DataFrame, rule: Rule) -> View:
    """Each distinct combination once; dates and times as they are."""
    given = frame.select(rule.columns)
    if all(dtype.is_temporal() for dtype in given.dtypes):
        return View(given, (rule,), _as_they_are)
    distinct = given.unique()

    def rows(_: Rule, positions: pl.Series) -> pl.Series:
        failing = distinct[positions]
        return (
            given.with_row_index("row ")
            .join(failing, on=given.columns, how="semi", nulls_equal=True)
            .get_column("row ")
            .sort()
        )

    return View(distinct, (rule,), rows)


def _missing(frame: pl.DataFrame, rules: tuple[Rule, ...]) -> View:
    """One present value, and one missing where the column has any."""
    names = list(dict.fromkeys(rule.columns[0] for rule in rules))
    shown = {name: [1.0, None if frame[name].null_count() else 1.0] for name in names}
    return View(
        pl.DataFrame(shown, schema=dict.fromkeys(names, pl.Float64)),
        rules,
        lambda rule, _: frame[rule.columns[0]].is_null().arg_true(),
    )


def _presence(frame: pl.DataFrame, rule: Rule) -> View:
    """A mark for each present value, all that a rule about completeness looks at, beside its conditions."""
    counted, *conditions = rule.columns
    mark = pl.when(pl.col(counted).is_not_null()).then(1.0).alias(counted)
    return View(frame.select(mark, *conditions), (rule,), _as_they_are)


def _keys(frame: pl.DataFrame, rule: Rule) -> View:
    """Hashes of the rows that have a key (a missing key is another rule's business)."""
    keys = frame.select(rule.columns).with_row_index("row ").drop_nulls(list(rule.columns))
    hashes = keys.select(pl.col(name).hash().reinterpret(signed=True) for name in rule.columns)

    def suspects() -> View:
        repeated = keys.filter(hashes.is_duplicated())
        return View(
            repeated.drop("row "), (rule,), lambda _, positions: repeated.get_column("row ").gather(positions)
        )

    return View(hashes, (rule,), _as_they_are, suspects)
