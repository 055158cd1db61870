"""One system: its figures, its path and its target."""

from dashboard.panels import trajectory

trajectory.show("system")
