"""Inequality: one measure by deprivation, age, sex or ethnic group, at one organisation."""

from dashboard.panels import inequalities

inequalities.show()
