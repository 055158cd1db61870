"""What published figures give, and what they cannot."""

from dashboard.panels import about_public

about_public.show()
