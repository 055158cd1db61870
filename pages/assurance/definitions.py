"""What each measure means, as declared."""

from dashboard.panels import definitions

definitions.show()
