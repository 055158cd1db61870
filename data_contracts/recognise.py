"""Which feed is this? Told from the names of its columns alone."""

from collections.abc import Sequence

from data_contracts.contract import Contract, all_contracts
from data_contracts.identifiers import named_like_identifiers


class UnknownLayout(ValueError):  # noqa: N818 - it is the layout that is unknown
    """The columns are no feed's. The message is one sentence that names the new and the missing columns.

    `likeness` is the share of columns that they and the nearest feed have in common.
    """

    def __init__(self, sentence: str, likeness: float = 0.0) -> None:
        super().__init__(sentence)
        self.likeness = likeness


def recognise(columns: Sequence[str]) -> str:
    """Return the feed whose contract promises exactly these columns, in any order.

    A column named like a personal identifier is looked past here, so that the gate refuses the file for
    that, the graver reason. Raises UnknownLayout naming the nearest feed and what differs.
    """
    contracts = all_contracts()
    for contract in contracts.values():
        new, missing = differences(columns, contract)
        if not new and not missing and len(set(columns)) == len(columns):
            return contract.feed
    nearest = max(contracts.values(), key=lambda contract: _likeness(columns, contract))
    if not set(columns) & set(nearest.names):
        raise UnknownLayout(
            f"no feed has these columns ({listed(columns)}); the first row must hold the column names of a "
            "feed, or of a publication that is read here"
        )
    raise UnknownLayout(
        f"the columns are nearest to {nearest.feed}, but {describe(columns, nearest)}",
        _likeness(columns, nearest),
    )


def differences(columns: Sequence[str], contract: Contract) -> tuple[list[str], list[str]]:
    """Return the new and the missing columns, leaving identifiers out of the new ones."""
    identifiers = {found.column for found in named_like_identifiers(columns, contract.names)}
    new = [name for name in columns if name not in contract.names and name not in identifiers]
    return new, [name for name in contract.names if name not in columns]


def describe(columns: Sequence[str], contract: Contract) -> str:
    """Say in words how the columns differ from the contract; an empty string where they do not."""
    new, missing = differences(columns, contract)
    repeated = sorted({name for name in columns if list(columns).count(name) > 1})
    return in_words(new, missing, repeated)


def in_words(new: Sequence[str], missing: Sequence[str], repeated: Sequence[str] = ()) -> str:
    """Say which columns are new, missing or there more than once."""
    parts = [
        f"{listed(names)} {'is' if len(names) == 1 else 'are'} {word}"
        for names, word in ((new, "new"), (missing, "missing"), (repeated, "there more than once"))
        if names
    ]
    return " and ".join(parts)


def _likeness(columns: Sequence[str], contract: Contract) -> float:
    return len(set(columns) & set(contract.names)) / len(set(columns) | set(contract.names))


def listed(names: Sequence[str]) -> str:
    """The first eight names in quotes, and how many more there are."""
    shown = ", ".join(f"'{name}'" for name in names[:8])
    return shown + (f" and {len(names) - 8} more" if len(names) > 8 else "")
