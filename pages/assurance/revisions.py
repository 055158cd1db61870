"""What later issues of a month changed, and which signals they turned."""

from dashboard.panels import revisions

revisions.show()
