"""Fewer corners for the same shape, after Douglas and Peucker (1973), in NumPy."""

from __future__ import annotations

from heapq import heapify, heappop, heappush

import numpy as np
import numpy.typing as npt

# At the middle of England a degree of longitude is six tenths as long as one of latitude.
SHORTER = 0.6
FEWEST = 3


def thinned(corners: npt.NDArray[np.float64], tolerance: float) -> npt.NDArray[np.bool_]:
    """Which corners of a closed ring are kept, so that none lies further than `tolerance` from the outline.

    `corners` are longitude and latitude, the last the first again; the tolerance is in degrees of latitude.
    The ring stays closed, and keeps at least three different corners.
    """
    flat = corners * np.array([SHORTER, 1.0])
    kept = np.zeros(len(flat), dtype=bool)
    kept[[0, -1]] = True
    # A closed ring has no first line to measure from: it is cut at the corner furthest from where it starts.
    furthest = int(np.argmax(np.hypot(*(flat - flat[0]).T)))
    kept[furthest] = True
    # The longest departure first, so that a small island keeps the corners that matter most.
    lines = [_departure(flat, 0, furthest), _departure(flat, furthest, len(flat) - 1)]
    heapify(lines)
    corners_kept = 2
    while lines:
        short, start, cut, end = heappop(lines)
        if -short <= (tolerance if corners_kept >= FEWEST else 0.0):
            break
        kept[cut] = True
        corners_kept += 1
        heappush(lines, _departure(flat, start, cut))
        heappush(lines, _departure(flat, cut, end))
    return kept


def _departure(flat: npt.NDArray[np.float64], start: int, end: int) -> tuple[float, int, int, int]:
    """Minus how far the furthest corner between two others lies from their line, and which these are."""
    between = flat[start + 1 : end]
    if not len(between):
        return 0.0, start, start, end
    line = flat[end] - flat[start]
    length = float(np.hypot(*line))
    away = between - flat[start]
    along = np.clip((away @ line) / length**2, 0.0, 1.0) if length else np.zeros(len(away))
    distances = np.hypot(*(away - along[:, None] * line).T)
    at = int(np.argmax(distances))
    return -float(distances[at]), start, start + 1 + at, end
