"""Everything put into the synthetic region on purpose: what its pages should be able to find.

Months are counted from April 2023 (0) to September 2026 (41); the baseline, April 2025 to March 2026, is 24
to 35. Sites are hospital sites by position: the trusts in order, then the site of the trust that closed.
Lists by system, place and site are used cyclically where a size has more of them, and trusts are counted
round again where it has fewer.
"""

from datetime import date

import numpy as np
from numpy.typing import NDArray

FIRST_MONTH = date(2023, 4, 1)
LAST_MONTH = date(2026, 9, 1)
EXTRACTED = date(2026, 9, 30)
"""The last day anything is known of: later processing has not happened yet."""

MERGER = date(2024, 10, 1)
"""The closed trust's records carry its own code before this day and its successor's from it on."""

STEP_CHANGE_TRUST = 3
STEP_CHANGE_MONTH = date(2025, 6, 1)
STEP_CHANGE = 0.11
"""The one known step: this trust's type 1 four-hour share rises by this much from this month, at once."""

LATE_FEED = "ambulance_incidents"
LATE_MONTH = date(2026, 9, 1)
"""Not delivered with the others: the file is put in the folder `late`."""

POOR_COMPLETENESS_TRUST = 5
POOR_COMPLETENESS_MONTHS = (date(2025, 11, 1), date(2026, 2, 1))
"""Discharge ready dates are missing from about a third of this trust's spells, first to last month."""

REMAPPED_ON = date(2025, 4, 1)
"""One practice moves to the next neighbourhood on this day (`neighbourhood_map` has two rows for it)."""

UNATTRIBUTED_SHARE = 0.010
DIRTY_SHARE = 0.002
"""Of a person-level feed's records; see each feed for its kinds of fault."""

FOUR_HOUR_TYPE_1 = np.array(
    [[0.51, 0.70], [0.63, 0.49], [0.67, 0.77], [0.47, 0.50], [0.53, 0.69], [0.57, 0.57], [0.55, 0.72]]
)
"""By site: share within four hours in a type 1 department, first and last month, before the season."""

FOLLOW_UP_CHANGE = np.array([-0.105, 0.0, -0.055, 0.025])
"""By system: follow-up rate in September 2026 against the baseline; it starts to move in October 2025."""

COHORT_ADMISSION_CHANGE = np.array([-0.11, -0.03, 0.06, 0.05, -0.15, 0.11, 0.00, 0.07])
"""By place: emergency admissions of cohort members in September 2026 against the baseline."""

COHORT_STAY_CHANGE = np.array([-0.08, 0.02, 0.08, 0.00, -0.05, 0.05, -0.10, 0.08])
"""By place: length of stay of cohort members in September 2026 against the baseline."""

CONVEYANCE_CHANGE = np.array([-0.25, 0.0, 0.0, -0.15, -0.05, 0.0, -0.20, 0.05])
"""By place: share of cohort members' category 3 and 4 incidents conveyed, against the baseline."""

DIVERSION_BY_SYSTEM = np.array([[0.93, 1.12], [0.93, 0.81], [0.96, 0.99], [1.00, 0.92]])
"""By system: multiplies every specialty's diversion, first and last month."""

READY_ON_THE_DAY = np.array(
    [[0.82, 0.89], [0.88, 0.85], [0.87, 0.90], [0.84, 0.87], [0.86, 0.86], [0.83, 0.78], [0.85, 0.88]]
)
"""By site: share of adult stays of a night or more that end on the discharge ready date."""

DELAY_DAYS = np.array([[5.5, 4.8], [6.0, 6.6], [5.0, 4.6], [7.0, 6.2], [5.8, 5.8], [7.2, 7.8], [6.0, 5.6]])
"""By site: mean days from discharge ready to discharge of those delayed."""

CHANGE_STARTS = 30
LAST = 41


def between(ends: NDArray[np.float64], month: int) -> NDArray[np.float64]:
    """A straight line from the first column (April 2023) to the second (September 2026)."""
    return ends[:, 0] + (ends[:, 1] - ends[:, 0]) * month / LAST


def since_baseline(change: NDArray[np.float64], month: int) -> NDArray[np.float64]:
    """1 until September 2025, then a straight line to 1 + change in September 2026."""
    return 1 + change * max(0, month - CHANGE_STARTS + 1) / (LAST - CHANGE_STARTS + 1)


def cycled(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """The rows of `values`, repeated in turn to `length` rows."""
    return values[np.arange(length) % len(values)]
