"""The scorecard: how one organisation stands on each national target."""

from dashboard.panels import overview

overview.show()
