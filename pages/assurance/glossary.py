"""What the words on the pages mean."""

from dashboard.panels import reading_room

reading_room.words()
