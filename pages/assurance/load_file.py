"""Load a file: look at it, then accept or cancel."""

from dashboard.panels import upload

upload.show()
