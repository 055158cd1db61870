"""For boards: one organisation's six targets, what fails, whose gap it is, how good the data are."""

from dashboard.panels import board

board.show()
