"""Every organisation of a level on every national measure."""

from dashboard.panels import heat_map

heat_map.show()
