"""A recalculation may name the months that limits are taken from, and extended: a fixed baseline."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Notes so far start limits afresh, and have no end."""
    op.add_column("note", sa.Column("until", sa.Date()))
