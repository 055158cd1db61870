"""Organisations of one level, compared fairly."""

from dashboard.panels import compare

compare.show()
