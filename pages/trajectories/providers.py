"""One provider: its figures, its path and its target."""

from dashboard.panels import trajectory

trajectory.show("provider")
