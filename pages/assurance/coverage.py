"""Who reported in each month, and who did not."""

from dashboard.panels import coverage

coverage.show()
