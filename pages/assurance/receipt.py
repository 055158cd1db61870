"""Where a figure comes from."""

from dashboard.panels import receipt

receipt.show()
