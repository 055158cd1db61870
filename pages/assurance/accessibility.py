"""How usable the pages are for everyone, and what is not yet."""

from dashboard.panels import reading_room

reading_room.accessibility()
