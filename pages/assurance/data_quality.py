"""What arrived, what was set aside and why, and how fresh it is."""

from dashboard.panels import quality

quality.show()
