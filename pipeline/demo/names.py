"""Made-up English names. None is taken from a list of real places, trusts or practices."""

import numpy as np

_STARTS = (
    "Bracken Wych Elder Thorn Marl Hazel Larch Fenn Otter Rook Heron Quill Amber Kestrel Sorrel Tansy "
    "Linden Osier Teasel Dunlin Maple Curlew Plover Yarrow Siskin Harrow Pippin Mallow Cobble Lantern "
    "Wren Saffron"
)
_ENDS = "ford mere combe bridge leigh wick stead bourne holme worth den ham ton by well croft gate low"
_SURGERIES = (
    "Surgery",
    "Medical Centre",
    "Health Centre",
    "Family Practice",
    "Group Practice",
    "Medical Practice",
)
_SPOTS = "Mill Church Station Park Orchard Castle Market Bridge Spring Abbey Quarry Meadow Riverside Priory"
_COMPASS = ("North", "South", "East", "West", "Central")


def places(rng: np.random.Generator, count: int) -> list[str]:
    """`count` different place names, such as Brackenford."""
    names = [start + end for start in _STARTS.split() for end in _ENDS.split()]
    return [names[i % len(names)] for i in rng.permutation(max(count, len(names)))[:count]]


def practice(rng: np.random.Generator, neighbourhood: str) -> str:
    """A practice's name in its neighbourhood, such as Orchard Family Practice, Brackenford."""
    spots = _SPOTS.split()
    spot, kind = rng.integers(0, len(spots)), rng.integers(0, len(_SURGERIES))
    return f"{spots[spot]} {_SURGERIES[kind]}, {neighbourhood}"


def system(number: int) -> str:
    """An integrated care board's name, with the word synthetic in it."""
    return f"Synthetic {_COMPASS[number % len(_COMPASS)]} Shires" + (
        f" {number // len(_COMPASS) + 1}" if number >= len(_COMPASS) else ""
    )


def region(number: int) -> str:
    """A region's name, with the word synthetic in it."""
    return "Synthetic Shires" + (f" {number + 1}" if number else "")
