"""What it would take to be at each target, for a place and its neighbourhoods."""

from dashboard.panels import what_it_takes

what_it_takes.show()
