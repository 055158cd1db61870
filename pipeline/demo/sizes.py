"""How big a synthetic region is: the counts behind `small`, `region` and `england`."""

from dataclasses import dataclass
from typing import Literal

SizeName = Literal["small", "region", "england"]


@dataclass(frozen=True, slots=True)
class Size:
    """One part of the country, made and held in memory at once; `parts` of them make the whole.

    `people` are the fewest and most people in a neighbourhood's table, which holds everybody registered at
    any time in the 42 months (about 1.04 times those registered on one day).
    """

    name: SizeName
    parts: int
    parts_per_region: int
    systems: int
    places: int
    neighbourhoods: int
    trusts: int
    practices: tuple[int, int]
    people: tuple[int, int]


SIZES: dict[SizeName, Size] = {
    "small": Size("small", 1, 1, 2, 2, 4, 2, (2, 3), (1_900, 2_300)),
    "region": Size("region", 1, 1, 4, 8, 24, 6, (5, 6), (31_500, 51_000)),
    "england": Size("england", 42, 6, 1, 4, 34, 5, (5, 6), (33_000, 51_000)),
}
