"""A place's neighbourhoods side by side: each target's standing, and one measure among all neighbourhoods."""

from dashboard.panels import side_by_side

side_by_side.show()
