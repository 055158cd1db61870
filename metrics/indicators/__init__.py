"""The national targets, one file each. A new file in this folder is found by itself."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from metrics.indicator import Indicator


@cache
def all_indicators() -> dict[str, Indicator]:
    """Every declared indicator by its id: the national targets in their order, then the others.

    Raises ValueError when two share an id, or when `of` names no declared indicator.
    """
    declared = [
        indicator
        for module in iter_modules(__path__)
        for indicator in import_module(f"{__name__}.{module.name}").INDICATORS
    ]
    in_order = sorted(declared, key=lambda one: (one.role != "target", one.national_target))
    by_id = {one.id: one for one in in_order}
    if len(by_id) < len(declared):
        raise ValueError("two indicators share an id")
    orphans = [one.id for one in declared if one.of is not None and one.of not in by_id]
    if orphans:
        raise ValueError(f"`of` names no indicator for: {', '.join(orphans)}")
    return by_id
