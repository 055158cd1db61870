"""One organisation on one measure, at any level: its figures, its path and its target."""

from dashboard.panels import trajectory

trajectory.show()
