"""Coordinates as rings of corners: closed, in the United Kingdom, outlines one way round, holes the other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipeline.reading import RefusedFile
from pipeline.sources.boundaries.document import Area
from pipeline.sources.boundaries.layout import (
    LEAST_LATITUDE,
    LEAST_LONGITUDE,
    MOST_LATITUDE,
    MOST_LONGITUDE,
)

Corners = npt.NDArray[np.float64]


def polygons(file: str, area: Area) -> list[tuple[int, int, Corners]]:
    """Each ring with its polygon's number and its own (0: the outline). Raises RefusedFile, by area."""
    found = []
    for part, rings in enumerate(area.polygons):
        if not isinstance(rings, list) or not rings:
            raise RefusedFile(f"{file}: {area.code}: polygon {part + 1} has no outline.")
        found += [(part, ring, _ring(file, area.code, ring, held)) for ring, held in enumerate(rings)]
    return found


def _ring(file: str, code: str, number: int, held: object) -> Corners:
    corners = _numbers(held)
    if corners is None:
        raise RefusedFile(f"{file}: {code}: an outline is not a list of pairs of numbers.")
    if len(corners) < 4 or not (corners[0] == corners[-1]).all():
        raise RefusedFile(f"{file}: {code}: an outline is not closed: it must end where it began.")
    east, north = corners[:, 0], corners[:, 1]
    inside = (
        (east >= LEAST_LONGITUDE)
        & (east <= MOST_LONGITUDE)
        & (north >= LEAST_LATITUDE)
        & (north <= MOST_LATITUDE)
    )
    if not inside.all():
        at = corners[~inside][0]
        raise RefusedFile(
            f"{file}: {code}: the corner {at[0]:g}, {at[1]:g} is not longitude and latitude in the United "
            "Kingdom (degrees, WGS 84)."
        )
    area = signed_area(corners)
    if area == 0:
        raise RefusedFile(f"{file}: {code}: an outline encloses nothing.")
    return corners if (area > 0) == (number == 0) else corners[::-1]


def signed_area(corners: Corners) -> float:
    """Twice the area that a closed ring encloses, in square degrees: above 0 where it runs anticlockwise."""
    east, north = corners[:, 0], corners[:, 1]
    return float(np.sum(east[:-1] * north[1:] - east[1:] * north[:-1]))


def _numbers(held: object) -> Corners | None:
    """Positions as an array of two columns (a third, the height, is dropped); None for anything else."""
    if not isinstance(held, list) or not held:
        return None
    try:
        corners = np.array(held)
    except ValueError:  # ragged
        return None
    if corners.dtype.kind not in "if" or corners.ndim != 2 or corners.shape[1] not in (2, 3):
        return None
    return corners[:, :2].astype(np.float64)
