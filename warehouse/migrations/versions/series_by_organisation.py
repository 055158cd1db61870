"""An index for the question of the summary pages: everything about one organisation."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Without it SQLite walks every observation for an organisation on all measures."""
    op.create_index("ix_series_organisation", "series", ["organisation", "level"])
