"""Which version of this project is running."""

from functools import cache
from importlib.metadata import version


@cache
def code_version() -> str:
    """The version of this project, as installed."""
    return version("neighbourhood-targets")
