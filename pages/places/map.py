"""One measure in every place, as a map and as a table."""

from dashboard.panels import map as place_map

place_map.show()
