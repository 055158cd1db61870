"""Each national measure of one organisation, by its variation and its assurance."""

from dashboard.panels import matrix

matrix.show()
