"""Find an organisation by name or code."""

from dashboard.panels import find

find.show()
